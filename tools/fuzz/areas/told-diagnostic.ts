import { type Diagnostic, renderDiagnostic } from '../../../src/core/diagnostic.ts';
import { promise } from '../area.ts';

const SEVERITIES = ['error', 'warning', 'info'];
const SHOWN_DIAGNOSTICS = 3;
const LONGEST_MESSAGE = 600;

/** Each diagnostic has a code, a message and a range that fits the text, and can be shown with its line and a caret. */
export function checkDiagnostics(
  diagnostics: readonly Diagnostic[],
  { file, text }: { readonly file: string; readonly text: string },
): void {
  const lineStarts = diagnostics.length === 0 ? [] : lineStartsOf(text);
  for (const diagnostic of diagnostics) {
    checkDiagnostic(diagnostic, file);
    checkRange(diagnostic, text, lineStarts);
  }
  for (const diagnostic of diagnostics.slice(0, SHOWN_DIAGNOSTICS)) checkRendering(diagnostic, text);
}

/** A diagnostic of this file that says what it is about, wherever that is. */
export function checkDiagnostic(diagnostic: Diagnostic, expectedFile: string): void {
  const { code, message, severity, file, range } = diagnostic;
  const about = (): string => JSON.stringify(diagnostic).slice(0, 1000);
  promise(/^[A-Z]+(?:_[A-Z0-9]+)+$/u.test(code), () => `a diagnostic has no code: ${about()}`);
  promise(SEVERITIES.includes(severity) && file === expectedFile && message !== '', () => `incomplete: ${about()}`);
  promise(message.length < LONGEST_MESSAGE, () => `a message of ${message.length} characters: ${about()}`);
  const { start, end } = range;
  promise(start.offset >= 0 && start.offset <= end.offset, () => `a range that ends before it starts: ${about()}`);
  promise(start.line >= 1 && start.column >= 1, () => `lines and columns count from 1: ${about()}`);
}

function checkRange(diagnostic: Diagnostic, text: string, lineStarts: readonly number[]): void {
  const { start, end } = diagnostic.range;
  const about = (): string => JSON.stringify(diagnostic).slice(0, 1000);
  promise(end.offset <= text.length, () => `a range outside of the text of ${text.length}: ${about()}`);
  for (const { line, column, offset } of [start, end]) {
    const [from, to] = [lineStarts[line - 1], lineStarts[line] ?? Number.POSITIVE_INFINITY];
    const isThere = from !== undefined && from + column - 1 === offset && offset < to;
    promise(isThere, () => `line ${line} and column ${column} are not at offset ${offset}: ${about()}`);
  }
}

function lineStartsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/gu)].map((found) => found.index + found[0].length)];
}

function checkRendering(diagnostic: Diagnostic, text: string): void {
  const rendered = renderDiagnostic(diagnostic, text);
  const { start } = diagnostic.range;
  const head = `${diagnostic.file}:${start.line}:${start.column} ${diagnostic.severity} `;
  promise(rendered.startsWith(head + diagnostic.code), () => `rendered as ${rendered.slice(0, 200)}`);
  promise(/\n {2}\| *\^+$/mu.test(rendered), () => `no caret: ${rendered.slice(0, 500)}`);
}
