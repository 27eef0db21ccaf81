import type { SourceFile } from '../../runtime/administration.ts';
import type { CaseResult, Difference, MapTestReport } from '../../runtime/map-tests.ts';
import { diffLines } from '../line-diff.ts';
import { PAGE_WIDTH } from '../table.ts';
import { displayWidth, oneLine, printable } from '../text-layout.ts';
import { count, renderDiagnostics, renderSeverities } from './documents-report.ts';
import { foldHanging, indent } from './exchange.ts';
import { renderHunk } from './plan-report.ts';

const MARKS: Readonly<Record<CaseResult['status'], string>> = { passed: '✓', failed: '✗', skipped: '-' };
const WIDTH = PAGE_WIDTH - 6;
const LABEL_WIDTH = 10;

/** Problems of the documents, a line for every case with what differs below it, and how many there were. */
export function renderTestReport(report: MapTestReport, sources: readonly SourceFile[]): string[] {
  const told = report.diagnostics.filter(({ severity }) => severity !== 'info');
  const files = [...new Set(report.cases.map(({ file }) => file))];
  return [
    ...renderDiagnostics(told, sources),
    ...files.flatMap((file) => renderFile(report.cases.filter((result) => result.file === file))),
    renderSummary(report),
  ];
}

/** `7 cases: 5 passed, 1 failed, 1 skipped`, and what is wrong with the documents when anything is. */
function renderSummary({ counts, cases, diagnostics }: MapTestReport): string {
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const problems = diagnostics.some(({ severity }) => severity === 'error');
  const documents = problems ? `   documents: ${renderSeverities(diagnostics)}` : '';
  return `${count(cases.length, 'case')}: ${counts.passed} passed, ${counts.failed} failed${skipped}${documents}`;
}

function renderFile(results: readonly CaseResult[]): string[] {
  const maps = [...new Set(results.map(({ map }) => map))].join(', ');
  return [...foldHanging(oneLine(`${results[0]?.file}   ${maps}`), PAGE_WIDTH), ...results.flatMap(renderCase), ''];
}

function renderCase(result: CaseResult): string[] {
  const reason = result.reason === undefined ? '' : `   skipped: ${result.reason}`;
  return [
    ...indent(foldHanging(oneLine(`${MARKS[result.status]} ${result.name}${reason}`), PAGE_WIDTH - 2)),
    ...result.differences.flatMap((difference) => indent(indent(indent(renderDifference(difference, result.file))))),
  ];
}

/** Where the expectation stands and what it is about, then what was expected and what happened, one below the other. */
export function renderDifference(difference: Difference, file: string): string[] {
  const { subject, range, hint } = difference;
  return [
    ...foldHanging(oneLine(`${file}:${range.start.line}:${range.start.column} ${subject}`), WIDTH),
    ...indent(renderValues(difference)),
    ...(hint === undefined ? [] : indent(foldHanging(`hint: ${oneLine(hint)}`, WIDTH - 2))),
  ];
}

function renderValues({ expected, actual, kind }: Difference): string[] {
  const isSent = kind === 'sent' || kind === 'parameter' || kind === 'header' || kind === 'body';
  const label = isSent ? 'sent' : kind === 'written' ? 'written' : 'actual';
  if (expected !== undefined && actual !== undefined && /\n/u.test(expected + actual)) {
    const diff = diffLines(expected, actual);
    const legend = `- expected   + ${label}`;
    if (diff.kind === 'hunks') return [legend, ...diff.hunks.flatMap((hunk) => renderHunk(hunk, false))];
  }
  return [
    ...renderValue('expected', expected ?? 'nothing'),
    ...renderValue(label, actual ?? 'nothing'),
    ...renderPointer(expected, actual),
  ];
}

function renderValue(label: string, value: string): string[] {
  const lines = printable(value).split('\n');
  return lines.flatMap((line, index) =>
    foldHanging(line, WIDTH - LABEL_WIDTH - 2).map(
      (piece, part) => (index + part === 0 ? label : '').padEnd(LABEL_WIDTH) + piece,
    ),
  );
}

/** A caret below the first character that differs, where both values stand on one line. */
function renderPointer(expected: string | undefined, actual: string | undefined): string[] {
  if (expected === undefined || actual === undefined) return [];
  const [one, other] = [oneLine(expected), oneLine(actual)];
  if (Math.max(displayWidth(one), displayWidth(other)) > WIDTH - LABEL_WIDTH - 4) return [];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  // Where they begin alike the place is worth showing; where they do not, it can be seen.
  return same < 2 ? [] : [' '.repeat(LABEL_WIDTH + displayWidth(other.slice(0, same))) + '^'];
}
