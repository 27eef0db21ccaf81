/** How long a value is believed without looking: other nodes change it too. */
const BELIEVED_MS = 1000;

/** Values that are read far more often than they change. What another node changed is seen within a second. */
export class BriefMemory<T> {
  readonly #known = new Map<string, { readonly value: Promise<T>; readonly readAt: number }>();

  /** The value under this name, read when it is not known or too old. */
  get(name: string, read: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.#known.get(name);
    if (known !== undefined && now - known.readAt < BELIEVED_MS) return known.value;
    const value = read();
    this.#known.set(name, { value, readAt: now });
    // A failure is not remembered, unless something newer stands there by then.
    value.catch(() => this.#known.get(name)?.value === value && this.#known.delete(name));
    return value;
  }

  /** What is asked for from now on is read anew. To be called when a change has ended, also one that failed. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
