import type { AuditEntry, AuditFilter } from '../core/audit.ts';

/** An entry of the audit as the databases keep one. */
export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly kind: AuditEntry['kind'];
  readonly from: string;
  readonly action: string;
  readonly target: string;
  /** JSON. */
  readonly detail: string;
  readonly outcome: AuditEntry['outcome'];
  readonly code: string | null;
}

/** The columns of an `AuditRow`. */
export const AUDIT_COLUMNS = `sequence AS id, at, "by", kind, "from", action, target, detail, outcome, code`;

/** The entry of a row. */
export function auditEntryOf(row: AuditRow): AuditEntry {
  return { ...row, detail: JSON.parse(row.detail), code: row.code ?? undefined };
}

/**
 * The condition that a filter comes to, and its values in the order of the marks; `mark` gives the text of the n-th mark,
 * counted from 1. There is always one condition.
 */
export function auditCondition(
  filter: AuditFilter,
  mark: (number: number) => string,
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const asked: readonly (readonly [test: string, value: string | number | undefined])[] = [
    ['sequence <', filter.before ?? Number.MAX_SAFE_INTEGER],
    ['"by" =', filter.by],
    ['action =', filter.action],
    ['target =', filter.target],
    ['at >=', filter.since],
    ['at <', filter.until],
  ];
  const given = asked.flatMap(([test, value]) => (value === undefined ? [] : [{ test, value }]));
  return {
    sql: given.map(({ test }, index) => `${test} ${mark(index + 1)}`).join(' AND '),
    values: given.map(({ value }) => value),
  };
}
