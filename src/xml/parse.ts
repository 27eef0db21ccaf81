import type { Range, SourceText } from '../core/diagnostic.ts';
import { Cursor, XmlStop } from './cursor.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlInstruction } from './element.ts';
import { namespaceOf, ROOT_SCOPE } from './namespace.ts';
import { positionsOf, type Positions } from './positions.ts';
import { quoted, type XmlProblem } from './problem.ts';
import { checkXmlDeclaration } from './prolog.ts';
import { FORBIDDEN_CHARACTER } from './reference.ts';
import { readPieces, type TextPiece } from './source-text.ts';
import { readStartTag, type StartTag } from './start-tag.ts';

/** How much a text may ask of the reader. */
export interface XmlLimits {
  /** Of the text in UTF-8. */
  readonly maxBytes: number;
  /** Elements inside each other, the root counted. */
  readonly maxDepth: number;
  /** Which children of the root are kept, by their local names; the others are read, and forgotten. Left out: all. */
  readonly keeps?: ((name: string) => boolean) | undefined;
}

/** What documents are read with: 2 MiB and 64 elements deep. */
export const DEFAULT_XML_LIMITS: XmlLimits = { maxBytes: 2 * 1024 * 1024, maxDepth: 64 };

/** A document, or the first reason why the text is none. */
export type XmlResult =
  | (XmlDocument & { readonly problem?: undefined })
  | { readonly problem: XmlProblem; readonly root?: undefined };

/**
 * Reads a text as XML 1.0 with namespaces, without DOCTYPE, in time linear in its length. Never throws.
 * @param positions where the text's offsets lie for people, when it was derived from another text
 */
export function parseXml(text: string, limits: Partial<XmlLimits> = {}, positions?: Positions): XmlResult {
  const reading = parseXmlInPieces(text, limits, positions);
  for (;;) {
    const { done, value } = reading.next();
    if (done) return value;
  }
}

/** As `parseXml`, for large texts: stops after each piece of a few milliseconds at most, so that others get their turn. */
export function* parseXmlInPieces(
  text: string,
  limits: Partial<XmlLimits> = {},
  positions?: Positions,
): Generator<void, XmlResult> {
  const { maxBytes, maxDepth, keeps } = { ...DEFAULT_XML_LIMITS, ...limits };
  const tooLarge = checkSize(text, maxBytes);
  if (tooLarge !== undefined) return { problem: tooLarge };
  const cursor = new Cursor(text, positions ?? positionsOf(text));
  try {
    checkCharacters(cursor);
    return yield* new Parser(cursor, maxDepth, keeps).run();
  } catch (thrown) {
    if (thrown instanceof XmlStop) return { problem: thrown.problem };
    throw thrown;
  }
}

/** Tags and texts that are read at once, and characters of them: a few tags may be long. */
const PIECE = 128;
const PIECE_LENGTH = 16_384;

function checkSize(text: string, maxBytes: number): XmlProblem | undefined {
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return undefined;
  const start = { line: 1, column: 1, offset: 0 };
  return {
    code: 'XML_TOO_LARGE',
    message: `the text is larger than ${maxBytes} bytes`,
    range: { start, end: start },
  };
}

function checkCharacters(cursor: Cursor): void {
  const start = cursor.text.startsWith('\u{FEFF}') ? 1 : 0;
  const at = cursor.text.search(FORBIDDEN_CHARACTER);
  if (at !== -1) {
    const code = (cursor.text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    cursor.fail('XML_CHARACTER', `the character U+${code} is not allowed in XML`, at, at + 1, 'remove it');
  }
  cursor.at = start;
}

/** An element whose end may not have been read yet. Its places and its text are worked out when they are asked for. */
class OpenElement implements XmlElement {
  readonly qualifiedName: string;
  readonly name: string;
  readonly prefix: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: OpenElement[] = [];
  readonly tag: StartTag;
  readonly start: number;
  readonly #cursor: Cursor;
  readonly #contentStart: number;
  readonly #pieces: TextPiece[] = [];
  #end: number;
  #text: SourceText | undefined;

  constructor(tag: StartTag, cursor: Cursor, start: number) {
    this.tag = tag;
    this.qualifiedName = tag.qualifiedName;
    this.name = tag.name;
    this.prefix = tag.prefix;
    this.namespace = tag.namespace;
    this.attributes = tag.attributes;
    this.start = start;
    this.#cursor = cursor;
    this.#contentStart = cursor.at;
    this.#end = cursor.at;
  }

  get range(): Range {
    return this.#cursor.range(this.start, this.#end);
  }

  get nameRange(): Range {
    const nameStart = this.start + '<'.length;
    return this.#cursor.range(nameStart, nameStart + this.qualifiedName.length);
  }

  addText(piece: TextPiece): void {
    this.#pieces.push(piece);
  }

  close(): void {
    this.#end = this.#cursor.at;
  }

  namespaceFor(prefix: string): string | undefined {
    return namespaceOf(this.tag.scope, prefix);
  }

  text(): SourceText {
    this.#text ??= readPieces(this.#cursor.text, this.#pieces, this.#contentStart, this.#cursor.positions);
    return this.#text;
  }
}

class Parser {
  readonly #cursor: Cursor;
  readonly #maxDepth: number;
  readonly #keeps: XmlLimits['keeps'];
  readonly #stack: OpenElement[] = [];
  readonly #instructions: XmlInstruction[] = [];
  #root: OpenElement | undefined;

  constructor(cursor: Cursor, maxDepth: number, keeps: XmlLimits['keeps']) {
    this.#cursor = cursor;
    this.#maxDepth = maxDepth;
    this.#keeps = keeps;
  }

  *run(): Generator<void, XmlResult> {
    const cursor = this.#cursor;
    checkXmlDeclaration(cursor);
    let begun = 0;
    for (let count = 1; !cursor.done; count++) {
      if (count % PIECE === 0 || cursor.at - begun > PIECE_LENGTH) {
        begun = cursor.at;
        yield;
      }
      if (cursor.startsWith('<')) this.#readMarkup();
      else this.#readText();
    }
    const open = this.#stack.at(-1);
    if (open !== undefined) {
      const { start, end } = open.nameRange;
      const message = `the element ${quoted(open.qualifiedName)} is not closed`;
      cursor.fail('XML_NOT_WELL_FORMED', message, start.offset, end.offset);
    }
    const root = this.#root;
    if (root !== undefined) return { root, instructions: this.#instructions };
    return cursor.fail('XML_EMPTY', 'the text holds no element', 0, 0, 'is this the right file?');
  }

  #readMarkup(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (cursor.take('<!--')) this.#readComment(start);
    else if (cursor.take('<![CDATA[')) this.#readCdata(start);
    else if (cursor.take('<?')) this.#readInstruction(start);
    else if (cursor.startsWith('<!DOCTYPE')) {
      cursor.fail('XML_DOCTYPE', 'a document type declaration is not allowed', start, start + 9, 'remove it');
    } else if (cursor.take('</')) this.#readEndTag(start);
    else {
      cursor.take('<');
      this.#readElement(start);
    }
  }

  #readText(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const angle = cursor.text.indexOf('<', start);
    const end = angle === -1 ? cursor.text.length : angle;
    const open = this.#stack.at(-1);
    const text = cursor.text.slice(start, end);
    if (open === undefined) {
      const stray = text.search(/[^ \t\r\n]/u);
      if (stray !== -1) cursor.fail('XML_NOT_WELL_FORMED', 'text outside of the root element', start + stray);
    } else {
      const closing = text.indexOf(']]>');
      if (closing !== -1) {
        cursor.fail('XML_NOT_WELL_FORMED', ']]> in text', start + closing, start + closing + 3, 'write ]]&gt;');
      }
      cursor.checkReferences(start, end);
      open.addText({ start, end, as: 'text' });
    }
    cursor.at = end;
  }

  #readComment(start: number): void {
    const cursor = this.#cursor;
    const end = cursor.skipPast('--', 'the comment', start);
    if (!cursor.take('>')) cursor.fail('XML_NOT_WELL_FORMED', '-- inside a comment', end, end + 2);
  }

  #readCdata(start: number): void {
    const cursor = this.#cursor;
    const open = this.#stack.at(-1);
    if (open === undefined) return cursor.fail('XML_NOT_WELL_FORMED', 'text outside of the root element', start);
    const contentStart = cursor.at;
    const end = cursor.skipPast(']]>', 'the CDATA section', start);
    open.addText({ start: contentStart, end, as: 'cdata' });
  }

  #readInstruction(start: number): void {
    const cursor = this.#cursor;
    const target = cursor.readName('the name of a processing instruction');
    if (/^xml$/iu.test(target)) {
      cursor.fail('XML_NOT_WELL_FORMED', 'an XML declaration stands only at the very start', start, cursor.at);
    }
    const separated = cursor.skipBlanks();
    const dataStart = cursor.at;
    const end = cursor.skipPast('?>', 'the processing instruction', start);
    if (!separated && end > dataStart) {
      cursor.fail('XML_NOT_WELL_FORMED', 'expected a blank or ?>', dataStart);
    }
    this.#instructions.push({ target, data: cursor.text.slice(dataStart, end), range: cursor.range(start) });
  }

  #readElement(start: number): void {
    const cursor = this.#cursor;
    const parent = this.#stack.at(-1);
    if (parent === undefined && this.#root !== undefined) {
      cursor.fail('XML_NOT_WELL_FORMED', 'a second root element', start);
    }
    if (this.#stack.length >= this.#maxDepth) {
      cursor.fail('XML_TOO_DEEP', `elements stand more than ${this.#maxDepth} deep in each other`, start);
    }
    const element = new OpenElement(readStartTag(cursor, parent?.tag.scope ?? ROOT_SCOPE), cursor, start);
    if (parent === undefined) this.#root = element;
    else if (parent !== this.#root || this.#keeps?.(element.name) !== false) parent.children.push(element);
    if (!element.tag.empty) this.#stack.push(element);
  }

  #readEndTag(start: number): void {
    const cursor = this.#cursor;
    const name = cursor.readName('an element name after </');
    cursor.skipBlanks();
    if (!cursor.take('>')) cursor.fail('XML_NOT_WELL_FORMED', 'the end tag is not closed by >', start);
    const open = this.#stack.pop();
    if (open?.qualifiedName !== name) {
      const message =
        open === undefined
          ? `</${name.slice(0, 60)}> closes nothing`
          : `expected the end of ${quoted(open.qualifiedName)}, which began on line ${open.nameRange.start.line}`;
      return cursor.fail('XML_NOT_WELL_FORMED', message, start, cursor.at);
    }
    open.close();
  }
}
