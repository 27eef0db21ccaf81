/**
 * Choices that look random and are the same for the same seed, area and round (sfc32). Every round has a generator of its
 * own, so that one round can be made again without those before it.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  private constructor(a: number, b: number, c: number) {
    [this.#a, this.#b, this.#c] = [a, b, c];
    for (let warmedUp = 0; warmedUp < 12; warmedUp++) this.#draw();
  }

  static ofRound(params: { readonly seed: number; readonly area: string; readonly round: number }): Random {
    const { seed, area, round } = params;
    return new Random(seed | 0, hashOf(area), round | 0);
  }

  /** From 0 up to, but not including, `end`. */
  below(end: number): number {
    return Math.floor((this.#draw() / 2 ** 32) * end);
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in `times` on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the values; throws a RangeError when there are none. */
  pick<T>(values: readonly T[]): T {
    const index = this.below(values.length);
    if (!(index in values)) throw new RangeError('there is nothing to pick from');
    return values[index] as T;
  }

  /** A value by weight: `[[3, a], [1, b]]` gives `a` three times as often. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new RangeError('there is nothing to pick from');
  }

  #draw(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
