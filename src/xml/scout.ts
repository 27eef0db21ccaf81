/**
 * Knows where a text next holds something. Asked about stretches that ascend, it goes over the text once, however short
 * they are and however rare it is.
 */
export class Scout {
  readonly #text: string;
  readonly #wanted: string;
  #next = -1;

  constructor(text: string, wanted: string) {
    this.#text = text;
    this.#wanted = wanted;
  }

  /** True when it begins between the two offsets. */
  finds(start: number, end: number): boolean {
    if (this.#next < start) {
      const found = this.#text.indexOf(this.#wanted, start);
      this.#next = found === -1 ? this.#text.length : found;
    }
    return this.#next < end;
  }
}
