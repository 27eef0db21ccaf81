/** A place in a document. Lines and columns count from 1, in UTF-16 units; `offset` counts from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of a document; `end` is the place after its last character. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A value read from a document, with the place it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly range: Range;
}

/** Text read from a document whose inside matters: an expression, a template, a path. */
export interface SourceText extends Located<string> {
  /** The document position of the character at `offset` of `value` (entities, CDATA and line breaks accounted for). */
  positionAt(offset: number): Position;
}

export type Severity = 'error' | 'warning' | 'info';

/** One problem in a document. Collected, never thrown; codes are listed in docs/errors.md. */
export interface Diagnostic {
  readonly severity: Severity;
  /** A permanent code: `ROOM_WHAT`. */
  readonly code: string;
  /** What is wrong and why, one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The file's name as given by the caller. */
  readonly file: string;
  readonly range: Range;
  /** Where in the tree: `/map/parameters/parameter[2]`. */
  readonly path?: string;
  readonly related?: readonly { readonly message: string; readonly file: string; readonly range: Range }[];
}

/** The start of a document, for problems that concern the whole of it. */
export const DOCUMENT_START: Range = {
  start: { line: 1, column: 1, offset: 0 },
  end: { line: 1, column: 1, offset: 0 },
};

/** True when at least one diagnostic is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** By file, then place, then severity: the order in which people read them. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.offset - b.range.start.offset ||
      a.code.localeCompare(b.code),
  );
}

/**
 * `file:line:column severity CODE message`, the source line with a caret below, and the hint.
 * @param source the document's text; without it only the first and the hint line are given
 */
export function renderDiagnostic(diagnostic: Diagnostic, source?: string): string {
  const { start, end } = diagnostic.range;
  const lines = [
    `${diagnostic.file}:${start.line}:${start.column} ${diagnostic.severity} ${diagnostic.code} ${diagnostic.message}`,
  ];
  if (source !== undefined) lines.push(...renderCaret(source, start, end));
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return lines.join('\n');
}

const MAX_SHOWN_COLUMNS = 100;

/** Looks only at what is shown: a document may have one long line and many problems. */
function renderCaret(source: string, start: Position, end: Position): string[] {
  const from = Math.max(0, start.column - 1 - MAX_SHOWN_COLUMNS / 2);
  const shownFrom = start.offset - (start.column - 1) + from;
  const [line = ''] = source.slice(shownFrom, shownFrom + MAX_SHOWN_COLUMNS).split(/[\r\n]/u, 1);
  const shown = line.replaceAll('\t', ' ');
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : 1;
  const carets = '^'.repeat(Math.max(1, Math.min(width, shown.length - (start.column - 1 - from))));
  return [`  | ${shown}`, `  | ${' '.repeat(start.column - 1 - from)}${carets}`];
}
