const MOST_VALUES = 500;
const LONGEST_VALUE = 120;

/** What stands for the values that came when there were too many already. */
const OTHER = 'other';

/**
 * The values of one label. They are names of documents, so few; but a reader of figures keeps a series for each it has ever
 * seen, so there is an end to them whatever comes.
 */
export class BoundedLabel {
  readonly #seen = new Set<string>();
  readonly #most: number;

  constructor(most: number = MOST_VALUES) {
    this.#most = most;
  }

  /** The value, or `other` for one that comes after too many different ones. */
  of(value: string): string {
    const cut = value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value;
    if (this.#seen.has(cut)) return cut;
    if (this.#seen.size >= this.#most) return OTHER;
    this.#seen.add(cut);
    return cut;
  }
}
