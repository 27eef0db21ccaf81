import type { Diagnostic } from '../../core/diagnostic.ts';
import { renderDiagnostic } from '../../core/diagnostic.ts';
import type { CaseResult, MapTestReport } from '../../runtime/map-tests.ts';
import { escapeAttribute, escapeText } from '../../xml/escape.ts';
import { renderDifference } from './test-report.ts';

/**
 * The report in the form that build servers read (JUnit's XML): one suite for each file, and one for the documents that have
 * errors. Times are left at 0, so that the same outcome gives the same text.
 */
export function renderJunit(report: MapTestReport): string {
  const files = [...new Set(report.cases.map(({ file }) => file))];
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  const { passed, failed, skipped } = report.counts;
  const totals = counters({ tests: passed + failed + skipped + errors.length, failed, skipped, errors: errors.length });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mapwright test" ${totals}>`,
    ...files.flatMap((file) =>
      renderSuite(
        file,
        report.cases.filter((result) => result.file === file),
      ),
    ),
    ...(errors.length === 0 ? [] : renderDocuments(errors)),
    '</testsuites>',
    '',
  ].join('\n');
}

function counters(numbers: { tests: number; failed: number; skipped: number; errors: number }): string {
  const { tests, failed, skipped, errors } = numbers;
  return `tests="${tests}" failures="${failed}" errors="${errors}" skipped="${skipped}" time="0"`;
}

function renderSuite(file: string, results: readonly CaseResult[]): string[] {
  const of = (status: CaseResult['status']): number => results.filter((result) => result.status === status).length;
  const numbers = counters({ tests: results.length, failed: of('failed'), skipped: of('skipped'), errors: 0 });
  return [`  <testsuite name="${escapeAttribute(file)}" ${numbers}>`, ...results.flatMap(renderCase), '  </testsuite>'];
}

function renderCase({ file, map, name, range, status, reason, differences }: CaseResult): string[] {
  const start =
    `    <testcase classname="${escapeAttribute(map)}" name="${escapeAttribute(name)}" ` +
    `file="${escapeAttribute(file)}" line="${range.start.line}" time="0"`;
  if (status === 'passed') return [`${start}/>`];
  const inside =
    status === 'skipped'
      ? `<skipped message="${escapeAttribute(reason ?? '')}"/>`
      : renderFailure(
          differences.map(({ subject }) => subject).join(', '),
          differences.flatMap((difference) => renderDifference(difference, file)),
        );
  return [`${start}>`, `      ${inside}`, '    </testcase>'];
}

function renderFailure(message: string, lines: readonly string[]): string {
  return `<failure message="${escapeAttribute(message)}">${escapeText(lines.join('\n'))}</failure>`;
}

function renderDocuments(errors: readonly Diagnostic[]): string[] {
  const numbers = counters({ tests: errors.length, failed: 0, skipped: 0, errors: errors.length });
  return [
    `  <testsuite name="documents" ${numbers}>`,
    ...errors.flatMap((error) => {
      const place = `${error.file}:${error.range.start.line}:${error.range.start.column}`;
      return [
        `    <testcase classname="documents" name="${escapeAttribute(place)}" time="0">`,
        `      <error type="${error.code}" message="${escapeAttribute(error.message)}">` +
          `${escapeText(renderDiagnostic(error))}</error>`,
        '    </testcase>',
      ];
    }),
    '  </testsuite>',
  ];
}
