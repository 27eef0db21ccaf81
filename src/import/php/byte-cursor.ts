import { MapwrightError } from '../../core/error.ts';

const COLON = 0x3a;
const LONGEST_NUMBER = 40;

/** Reads the bytes of a serialized value from left to right. Everything wrong is IMPORT_PHP_INVALID with the byte it is at. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The number of bytes read. */
  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next character, which is one byte. */
  take(): string {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.invalid('it ends too early');
    this.#at++;
    return String.fromCharCode(byte);
  }

  expect(text: string): void {
    for (const character of text) {
      const at = this.#at;
      if (this.take() !== character) throw this.invalid(`"${character}" is expected`, at);
    }
  }

  /** Everything up to `end`, which is passed over. */
  until(end: string): string {
    let text = '';
    for (let next = this.take(); next !== end; next = this.take()) {
      text += next;
      if (text.length > LONGEST_NUMBER) throw this.invalid(`"${end}" is expected after a number`);
    }
    return text;
  }

  /** A length or a count, and the colon behind it. */
  length(): number {
    const at = this.#at;
    const text = this.until(String.fromCharCode(COLON));
    if (!/^\d{1,9}$/u.test(text)) throw this.invalid(`"${text}" is no length`, at);
    return Number(text);
  }

  /** So many bytes as text, in quotation marks. */
  quoted(length: number): string {
    this.expect('"');
    const start = this.#at;
    const text = this.#decode(start, length);
    this.#at = start + length;
    const end = this.#at;
    if (this.left === 0 || this.take() !== '"') {
      throw this.invalid(
        `a text does not end where its length of ${length} bytes says: it was changed or re-encoded`,
        end,
      );
    }
    return text;
  }

  invalid(why: string, at: number = this.#at): MapwrightError {
    return new MapwrightError('IMPORT_PHP_INVALID', `not what PHP's serialize writes: ${why} (byte ${at})`, {
      hint: 'export it again; the text must not be edited, nor its character set changed',
    });
  }

  #decode(start: number, length: number): string {
    if (length > this.left)
      throw this.invalid(`a text of ${length} bytes is announced, and ${this.left} are left`, start);
    try {
      return this.#decoder.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw this.invalid('a text is not UTF-8', start);
    }
  }
}
