import type { Diagnostic } from '../../core/diagnostic.ts';
import type { CaseResult, Difference, MapTestReport } from '../../runtime/map-tests.ts';

/** A report of map tests as tools read it: places as lines and columns. */
interface TestFacts {
  readonly counts: MapTestReport['counts'];
  readonly cases: readonly (Pick<CaseResult, 'file' | 'map' | 'name' | 'status'> & {
    readonly line: number;
    readonly column: number;
    readonly reason?: string;
    readonly differences: readonly (Pick<Difference, 'kind' | 'subject'> & {
      readonly expected: string | null;
      readonly actual: string | null;
      readonly line: number;
      readonly column: number;
      readonly hint?: string;
    })[];
  })[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The facts of a report; absent values are null. */
export function testFacts({ counts, cases, diagnostics }: MapTestReport): TestFacts {
  return {
    counts,
    cases: cases.map(({ file, map, name, status, range, reason, differences }) => ({
      file,
      line: range.start.line,
      column: range.start.column,
      map,
      name,
      status,
      ...(reason === undefined ? {} : { reason }),
      differences: differences.map(({ kind, subject, expected, actual, range: at, hint }) => ({
        kind,
        subject,
        expected: expected ?? null,
        actual: actual ?? null,
        line: at.start.line,
        column: at.start.column,
        ...(hint === undefined ? {} : { hint }),
      })),
    })),
    diagnostics,
  };
}
