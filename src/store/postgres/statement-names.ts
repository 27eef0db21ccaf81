import { createHash } from 'node:crypto';

/** Texts that get a name; what goes beyond that is parsed each time. */
const MOST_NAMED = 1000;
/** Texts used less often are not worth one: searches are made of what people ask. */
const NAMED_FROM_USE = 3;
const MOST_COUNTED = 5000;

/** The names under which statements are prepared on the connections. A server keeps every one, so they are bounded. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();

  /** The name of the statement, the same for the same text; undefined when it is not to be prepared. */
  of(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= MOST_NAMED) return known;
    const uses = (this.#uses.get(sql) ?? 0) + 1;
    if (uses < NAMED_FROM_USE) {
      if (this.#uses.size >= MOST_COUNTED) this.#uses.clear();
      this.#uses.set(sql, uses);
      return undefined;
    }
    this.#uses.delete(sql);
    // PostgreSQL cuts names at 63 bytes, so that texts cannot stand for themselves.
    const name = createHash('sha256').update(sql).digest('base64url');
    this.#names.set(sql, name);
    return name;
  }
}
