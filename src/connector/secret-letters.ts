/** The letters and digits of a text, with where they stand in it. */
export interface Letters {
  /** As written, and what lies beyond ASCII; nothing of what stands between them. */
  readonly text: string;
  /** By the place of each in `text`: where it begins in the text looked at. */
  readonly starts: Uint32Array;
  /** And just behind it. */
  readonly ends: Uint32Array;
}

/**
 * What is left of a text when everything is taken away that encodings write in different ways: signs, line breaks, escapes.
 * Letters beyond ASCII are read from their escapes.
 */
export function lettersOf(text: string): Letters {
  const collected = new CollectedLetters(text.length);
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      collected.add(code, at, ++at);
    } else if (code === PERCENT || code === BACKSLASH || code === AMPERSAND) {
      const { end, meant } = escapeAt(text, at);
      for (let unit = 0; unit < meant.length; unit++) {
        if (isLetter(meant.charCodeAt(unit))) collected.add(meant.charCodeAt(unit), at, end);
      }
      at = end;
    } else {
      at++;
    }
  }
  return collected.done();
}

const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;

/** By character code. */
const LETTER = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0));

function isLetter(code: number): boolean {
  return code >= LETTER.length || LETTER[code] === 1;
}

class CollectedLetters {
  readonly #codes: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#codes = new Uint16Array(most);
    this.#starts = new Uint32Array(most);
    this.#ends = new Uint32Array(most);
  }

  add(code: number, start: number, end: number): void {
    this.#codes[this.#count] = code;
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  done(): Letters {
    const count = this.#count;
    return {
      text: Buffer.from(this.#codes.buffer, 0, count * 2).toString('utf16le'),
      starts: this.#starts.subarray(0, count),
      ends: this.#ends.subarray(0, count),
    };
  }
}

/** Percent-encoded signs, each encoded once or more often; backslashes; an escape of XML or HTML. */
const ESCAPE = /((?:%(?:25)*[0-9A-Fa-f]{2})+)|\\+|&(?:amp;)*(?:#(\d{1,7});|#[xX]([0-9A-Fa-f]{1,6});|[a-z]{2,6};)/y;
/** What ends in a backslash, and what then goes with it in JSON, in JSON that is percent-encoded too. */
const ENDS_IN_BACKSLASH = /(?:\\|%(?:25)*5[Cc])$/;
const AFTER_BACKSLASH = /u([0-9A-Fa-f]{4})|[nrtbf]/y;

/** Where what begins there ends, and what it stands for as far as that may be letters. */
function escapeAt(text: string, at: number): { readonly end: number; readonly meant: string } {
  const [whole = '', percent, decimal, hex] = matchAt(ESCAPE, text, at) ?? [];
  const meant =
    percent === undefined ? character(hex ?? decimal, hex === undefined ? 10 : 16) : percentDecoded(percent);
  const end = at + Math.max(1, whole.length);
  if (!ENDS_IN_BACKSLASH.test(whole)) return { end, meant };
  const [after = '', unit] = matchAt(AFTER_BACKSLASH, text, end) ?? [];
  return { end: end + after.length, meant: meant + character(unit, 16) };
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function character(digits: string | undefined, radix: 10 | 16): string {
  const code = Number.parseInt(digits ?? '', radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** Empty for what is no UTF-8. */
function percentDecoded(escapes: string): string {
  try {
    return decodeURIComponent(escapes.replaceAll(/%(?:25)+(?=[0-9A-Fa-f]{2})/g, '%'));
  } catch {
    return '';
  }
}
