import type { Stretch } from './encoded-runs.ts';
import { lettersOf } from './secret-letters.ts';

/** A secret too long to be looked for whole in every form: a private key, a certificate with its key. */
export interface LongSecret {
  /**
   * Finds each piece of the secret of `PIECE` letters or digits in a row, whatever signs, line breaks and escapes are
   * written between them; in base64, base64url and hex as well. Takes time in proportion to the text alone.
   */
  find(text: string, found: Stretch[]): void;
}

/** Letters of the shortest piece that is told from other text for sure. */
export const PIECE = 48;
/** One of these, side by side in the secret, lies whole in any piece. */
const WINDOW = PIECE / 2;
/** No piece is longer than this in any form, with the escapes between its letters. */
export const LONGEST_PIECE = 2_048;

/** What a text is looked through in: so much memory is enough for one of any length. */
const BLOCK = 256 * 1024;

/** Takes time and memory in proportion to the secret. */
export function longSecret(secret: string): LongSecret {
  const sought = lettersOfForms(secret.toWellFormed());
  const index = new WindowIndex(sought);
  const findInBlock = (text: string, offset: number, found: Stretch[]): void => {
    const { text: letters, starts, ends } = lettersOf(text);
    for (const { start, end } of index.sharedWith(letters)) {
      found.push({ start: offset + (starts[start] ?? 0), end: offset + (ends[end - 1] ?? 0) });
    }
  };
  return {
    find(text, found) {
      for (let start = 0; ; start += BLOCK) {
        findInBlock(text.slice(start, start + BLOCK + LONGEST_PIECE), start, found);
        if (start + BLOCK + LONGEST_PIECE >= text.length) return;
      }
    },
  };
}

/** Longer ones, which no stored secret is, are looked for as they are written alone. */
const LONGEST_ENCODED = 1024 * 1024;

/** The letters of the secret, and of its base64 and hex: one after the other, with a sign between that is no letter. */
function lettersOfForms(text: string): string {
  return (text.length > LONGEST_ENCODED ? [text] : formsOf(text)).map(allLettersOf).join('\n');
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(4),
  );
  const hex = bytes.toString('hex');
  const misread = bytes.toString('latin1');
  return [text, ...(misread === text ? [] : [misread]), ...base64, hex, hex.toUpperCase()];
}

/** In blocks, for the memory that places take. */
function allLettersOf(text: string): string {
  let letters = '';
  for (let start = 0; start < text.length; start += BLOCK) letters += lettersOf(text.slice(start, start + BLOCK)).text;
  return letters;
}

const RADIX = 0x01000193;
/** What a code weighs in the hash when it leaves the window. */
const LEAVING = Array.from({ length: WINDOW }).reduce<number>((power) => Math.imul(power, RADIX), 1);

/** Finds what texts share with one text, by a hash that goes along the text (Karp and Rabin). */
class WindowIndex {
  readonly #sought: string;
  /** Open addressing: where in the sought text a window begins, and 1; 0 for an empty place. */
  readonly #table: Uint32Array;
  readonly #mask: number;

  constructor(sought: string) {
    this.#sought = sought;
    const windows = Math.floor(sought.length / WINDOW) + 1;
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2(windows * 4)));
    this.#mask = this.#table.length - 1;
    for (let start = 0; start + WINDOW <= sought.length; start += WINDOW) this.#insert(start);
  }

  /** The stretches of the text, of a window or more, that the sought text has too; in their order. */
  *sharedWith(text: string): Generator<Stretch> {
    let hash = 0;
    let shownFrom = 0;
    for (let at = 0; at < text.length; at++) {
      hash = (Math.imul(hash, RADIX) + text.charCodeAt(at)) | 0;
      if (at >= WINDOW) hash = (hash - Math.imul(LEAVING, text.charCodeAt(at - WINDOW))) | 0;
      const start = at + 1 - WINDOW;
      if (start < shownFrom) continue;
      const known = this.#find(hash, text, start);
      if (known === undefined) continue;
      const stretch = this.#widened(text, { start, known, from: shownFrom });
      yield stretch;
      shownFrom = stretch.end;
    }
  }

  #insert(start: number): void {
    const window = this.#sought.slice(start, start + WINDOW);
    let hash = 0;
    for (let at = 0; at < WINDOW; at++) hash = (Math.imul(hash, RADIX) + window.charCodeAt(at)) | 0;
    if (window.includes('\n') || this.#find(hash, window, 0) !== undefined) return;
    let place = this.#placeOf(hash);
    while (this.#table[place] !== 0) place = (place + 1) & this.#mask;
    this.#table[place] = start + 1;
  }

  /** Where the window of the text that begins at `start` is in the sought text. */
  #find(hash: number, text: string, start: number): number | undefined {
    for (let place = this.#placeOf(hash); ; place = (place + 1) & this.#mask) {
      const known = (this.#table[place] ?? 0) - 1;
      if (known < 0) return undefined;
      if (this.#sharedFrom(known, text, start, WINDOW) === WINDOW) return known;
    }
  }

  #placeOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  /** How many characters, `most` at the most, the two share from there on. */
  #sharedFrom(known: number, text: string, start: number, most: number): number {
    const sought = this.#sought;
    let count = 0;
    while (
      count < most &&
      start + count < text.length &&
      text.charCodeAt(start + count) === sought.charCodeAt(known + count)
    ) {
      count++;
    }
    return count;
  }

  /** As far as the two go on alike, to either side. */
  #widened(
    text: string,
    { start, known, from }: { readonly start: number; readonly known: number; readonly from: number },
  ): Stretch {
    let before = 0;
    while (
      start - before > from &&
      known > before &&
      text.charCodeAt(start - before - 1) === this.#sought.charCodeAt(known - before - 1)
    ) {
      before++;
    }
    return { start: start - before, end: start + this.#sharedFrom(known, text, start, Infinity) };
  }
}
