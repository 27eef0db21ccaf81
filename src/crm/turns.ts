/** Lets work under the same key happen one after another, in the order it came; other keys do not wait for it. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Settles like `work`, which begins when all earlier work under this key has settled. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
