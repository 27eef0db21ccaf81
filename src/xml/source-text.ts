import type { Position, Range, SourceText } from '../core/diagnostic.ts';
import { lastAtMost, rangeOf, type Positions } from './positions.ts';
import { replacementOf } from './reference.ts';

/** A stretch of a document that holds text, to be read as XML reads it. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
  /** What is replaced: references and line ends in `text`, line ends in `cdata`, blanks too in `attribute`. */
  readonly as: 'text' | 'cdata' | 'attribute';
}

const REPLACED: Readonly<Record<TextPiece['as'], RegExp>> = {
  text: /\r\n?|&[^;]*;/gu,
  cdata: /\r\n?/gu,
  attribute: /\r\n|[\t\r\n]|&[^;]*;/gu,
};

/** Finds a place where something is replaced. */
const CHANGED: Readonly<Record<TextPiece['as'], RegExp>> = { text: /[\r&]/u, cdata: /\r/u, attribute: /[\t\r\n&]/u };

/** Reads pieces of a document, whose references have been checked, as one text that remembers where it came from. */
export function readPieces(
  document: string,
  pieces: readonly TextPiece[],
  fallback: number,
  positions: Positions,
): SourceText {
  const [first] = pieces;
  if (first === undefined) return new Excerpt('', fallback, positions);
  if (pieces.length === 1) {
    const value = document.slice(first.start, first.end);
    if (!CHANGED[first.as].test(value)) return new Excerpt(value, first.start, positions);
  }
  const builder = new SourceBuilder(document);
  for (const { start, end, as } of pieces) {
    builder.copyReplacing(start, end, REPLACED[as], (found) =>
      found.startsWith('&') ? replacementOf(found) : as === 'attribute' ? ' ' : '\n',
    );
  }
  return builder.build(first.start, pieces.at(-1)?.end ?? fallback, positions);
}

/** A stretch of a document as it stands there. Nearly all texts are; their places are worked out when they are asked for. */
class Excerpt implements SourceText {
  readonly value: string;
  readonly #start: number;
  readonly #positions: Positions;

  constructor(value: string, start: number, positions: Positions) {
    this.value = value;
    this.#start = start;
    this.#positions = positions;
  }

  get range(): Range {
    return rangeOf(this.#positions, this.#start, this.#start + this.value.length);
  }

  positionAt(offset: number): Position {
    return this.#positions.at(this.#start + Math.max(0, Math.min(offset, this.value.length)));
  }
}

/** Makes a text out of stretches of a document and replacements, keeping for each character where it came from. */
export class SourceBuilder {
  readonly #document: string;
  readonly #parts: string[] = [];
  readonly #valueOffsets: number[] = [];
  readonly #documentOffsets: number[] = [];
  #length = 0;

  constructor(document: string) {
    this.#document = document;
  }

  /** Copies a stretch with every match of a global pattern replaced. */
  copyReplacing(start: number, end: number, pattern: RegExp, replace: (found: string) => string): void {
    const raw = this.#document.slice(start, end);
    let at = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(raw); match !== null; match = pattern.exec(raw)) {
      this.#add(raw.slice(at, match.index), start + at);
      this.#add(replace(match[0]), start + match.index);
      at = match.index + match[0].length;
    }
    this.#add(raw.slice(at), start + at);
  }

  /** The text so far; `start` and `end` say what stretch of the document it stands for. */
  build(start: number, end: number, positions: Positions): SourceText {
    return new AssembledText(this.#parts.join(''), this, { start, end, positions });
  }

  /** Where a character of the text stands in the document. */
  documentOffset(valueOffset: number): number {
    const index = lastAtMost(this.#valueOffsets, valueOffset);
    return (this.#documentOffsets[index] ?? 0) + valueOffset - (this.#valueOffsets[index] ?? 0);
  }

  #add(part: string, documentOffset: number): void {
    if (part === '') return;
    this.#parts.push(part);
    this.#valueOffsets.push(this.#length);
    this.#documentOffsets.push(documentOffset);
    this.#length += part.length;
  }
}

class AssembledText implements SourceText {
  readonly value: string;
  readonly #builder: SourceBuilder;
  readonly #stretch: { readonly start: number; readonly end: number; readonly positions: Positions };

  constructor(value: string, builder: SourceBuilder, stretch: { start: number; end: number; positions: Positions }) {
    this.value = value;
    this.#builder = builder;
    this.#stretch = stretch;
  }

  get range(): Range {
    const { start, end, positions } = this.#stretch;
    return rangeOf(positions, start, end);
  }

  positionAt(offset: number): Position {
    const { end, positions } = this.#stretch;
    return positions.at(offset >= this.value.length ? end : this.#builder.documentOffset(Math.max(0, offset)));
  }
}

/** The places of a text whose offsets are those of a source. */
export function positionsIn(source: SourceText): Positions {
  return { at: (offset) => source.positionAt(offset) };
}

/** A part of a text, with its places kept. */
export function sliceSource(source: SourceText, start: number, end: number = source.value.length): SourceText {
  const value = source.value.slice(start, end);
  return {
    value,
    range: {
      start: source.positionAt(start),
      end: end >= source.value.length ? source.range.end : source.positionAt(end),
    },
    positionAt: (offset) => source.positionAt(start + Math.max(0, Math.min(offset, value.length))),
  };
}

/** A text without the blanks at both ends, with its places kept. */
export function trimSource(source: SourceText): SourceText {
  const start = source.value.length - source.value.trimStart().length;
  return sliceSource(source, start, Math.max(start, source.value.trimEnd().length));
}

/** Texts joined by a separator, each with its places kept; a separator's place is the end of the text before it. */
export function joinSources(first: SourceText, rest: readonly SourceText[], separator: string): SourceText {
  const sources = [first, ...rest];
  const starts: number[] = [];
  let length = 0;
  for (const source of sources) {
    starts.push(length);
    length += source.value.length + separator.length;
  }
  return {
    value: sources.map((source) => source.value).join(separator),
    range: { start: first.range.start, end: (rest.at(-1) ?? first).range.end },
    positionAt(offset) {
      const index = lastAtMost(starts, Math.max(0, offset));
      return (sources[index] ?? first).positionAt(offset - (starts[index] ?? 0));
    },
  };
}
