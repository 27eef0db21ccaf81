/** An object of names and values. */
type JsonRecord = Readonly<Record<string, unknown>>;

/** True for a JSON object, false for lists and plain values. */
export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_KEPT = 1000;

/** What the practice service keeps, in memory: the newest thousand, numbered `c1`, `c2` and so on. */
export class CustomerShelf {
  readonly #customers = new Map<string, JsonRecord>();
  readonly #idsByKey = new Map<string, string>();
  #last = 0;

  /** Adds one, or finds the one that was added under the same key: a request that is repeated acts once. */
  add(fields: JsonRecord, key: string | undefined): { readonly id: string; readonly isNew: boolean } {
    const known = key === undefined ? undefined : this.#idsByKey.get(key);
    if (known !== undefined) return { id: known, isNew: false };
    const id = `c${++this.#last}`;
    this.put(id, fields);
    if (key !== undefined) this.#idsByKey.set(key, id);
    for (const kept of [this.#customers, this.#idsByKey]) {
      const oldest = kept.keys().next().value;
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    }
    return { id, isNew: true };
  }

  /** Replaces what is kept under the id, and gives it. */
  put(id: string, fields: JsonRecord): JsonRecord {
    const customer = { ...fields, id };
    this.#customers.set(id, customer);
    return customer;
  }

  get(id: string): JsonRecord | undefined {
    return this.#customers.get(id);
  }

  remove(id: string): void {
    this.#customers.delete(id);
  }

  all(): readonly JsonRecord[] {
    return [...this.#customers.values()];
  }
}
