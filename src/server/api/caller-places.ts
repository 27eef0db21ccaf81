/** Counts what each caller has under way, in the memory of this process. */
export class CallerPlaces {
  readonly #taken = new Map<string, number>();

  /** Takes a place; gives the function that leaves it, safe to call twice, or undefined when the caller has `most`. */
  enter(caller: string, most: number): (() => void) | undefined {
    const now = this.#taken.get(caller) ?? 0;
    if (now >= most) return undefined;
    this.#taken.set(caller, now + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
  }
}
