/** How one language writes numbers in words, in small letters. */
export interface SpellingLanguage {
  readonly minus: string;
  /** What stands for the decimal point. */
  readonly point: string;
  /** Words for 0 to 999. */
  belowThousand(number: number): string;
  /** Words for so many times a power of a thousand: `scale` is 1 for thousands, 2 for millions, and so on. */
  scaled(number: number, scale: number): string;
  /** The parts of a number, the greatest first, as one text. */
  join(parts: readonly string[], last: number): string;
  /** How many powers of a thousand it has words for. */
  readonly scales: number;
}

/** Words of a text, in a list that can be counted into. */
export function listed(text: string): readonly string[] {
  return text.split(' ');
}
