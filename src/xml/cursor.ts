import type { Range } from '../core/diagnostic.ts';
import { NAME_REST, NAME_START } from './name.ts';
import { rangeOf, type Positions } from './positions.ts';
import type { XmlProblem, XmlProblemCode } from './problem.ts';
import { findReferenceFault } from './reference.ts';
import { Scout } from './scout.ts';

/** Carries the first problem out of the reading functions; never leaves the room. */
export class XmlStop extends Error {
  readonly problem: XmlProblem;

  constructor(problem: XmlProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const NAME = new RegExp(`[:${NAME_START}][:${NAME_START}${NAME_REST}]*`, 'uy');
/** By character code, for names in ASCII, which nearly all are. */
const ASCII_START = charactersOf(/[:A-Z_a-z]/u);
const ASCII_REST = charactersOf(/[:A-Z_a-z.0-9-]/u);

function charactersOf(pattern: RegExp): readonly boolean[] {
  return Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
}

/** A place in a text that moves on as the text is read. Failing throws an XmlStop. */
export class Cursor {
  readonly text: string;
  readonly positions: Positions;
  readonly #ampersands: Scout;
  at = 0;

  constructor(text: string, positions: Positions) {
    this.text = text;
    this.positions = positions;
    this.#ampersands = new Scout(text, '&');
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  range(start: number, end: number = this.at): Range {
    return rangeOf(this.positions, start, end);
  }

  startsWith(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  /** Goes past the text when it stands here, and says whether it did. */
  take(expected: string): boolean {
    const found = this.startsWith(expected);
    if (found) this.at += expected.length;
    return found;
  }

  /** Goes past blanks, and says whether there were any. */
  skipBlanks(): boolean {
    const start = this.at;
    while (isBlank(this.text.charCodeAt(this.at))) this.at += 1;
    return this.at > start;
  }

  /** Reads a name (XML 1.0 section 2.3); `what` tells people what was expected here. */
  readName(what: string): string {
    const name = this.#asciiName() ?? this.#anyName();
    if (name === undefined) return this.fail('XML_NOT_WELL_FORMED', `expected ${what}`, this.at);
    this.at += name.length;
    return name;
  }

  /** Undefined when something beyond ASCII may belong to the name. */
  #asciiName(): string | undefined {
    const { text, at } = this;
    let end = at;
    if (ASCII_START[text.charCodeAt(at)] === true) {
      do end += 1;
      while (ASCII_REST[text.charCodeAt(end)] === true);
    }
    return end > at && !(text.charCodeAt(end) > 127) ? text.slice(at, end) : undefined;
  }

  #anyName(): string | undefined {
    NAME.lastIndex = this.at;
    return NAME.exec(this.text)?.[0];
  }

  /** The offset of `closing`; the cursor goes past it. Without it the construct that began at `start` is not closed. */
  skipPast(closing: string, what: string, start: number): number {
    const found = this.text.indexOf(closing, this.at);
    if (found === -1) return this.fail('XML_NOT_WELL_FORMED', `${what} is not closed by ${closing}`, start, start + 1);
    this.at = found + closing.length;
    return found;
  }

  /** Fails on the first reference in a stretch that is not defined. */
  checkReferences(start: number, end: number): void {
    if (!this.#ampersands.finds(start, end)) return;
    const fault = findReferenceFault(this.text.slice(start, end));
    if (fault !== undefined) this.fail(fault.code, fault.message, start + fault.start, start + fault.end, fault.hint);
  }

  fail(code: XmlProblemCode, message: string, start: number, end: number = start + 1, hint?: string): never {
    throw new XmlStop({ code, message, range: this.range(start, end), ...(hint === undefined ? {} : { hint }) });
  }
}

/** Space, tab and line ends (XML 1.0 section 2.3); NaN, which stands for the end of the text, is none. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}
