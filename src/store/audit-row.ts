import type { AuditEntry, AuditFilter } from '../core/audit.ts';
import { boundsOf, pageText, placeText, spanConditions, type Stretch, type WalkStyle } from './page-walk.ts';
import type { SqlText } from './sql-text.ts';

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
const AUDIT_COLUMNS = `sequence AS id, at, "by", kind, "from", action, target, detail, outcome, code`;

/** The entry of a row. */
function auditEntryOf(row: AuditRow): AuditEntry {
  return { ...row, detail: JSON.parse(row.detail), code: row.code ?? undefined };
}

/** The first entry, by halving, that was written at the `?` or later. */
export const AUDIT_PLACE = placeText({ table: 'audit_log', key: 'sequence', time: 'at' });

/**
 * One page of entries, as rows in the order in which they are found: the oldest first when newer ones are asked for. Read from
 * the index of what says most of the filter's parts.
 */
export function auditPage(style: WalkStyle, filter: AuditFilter, span: Parameters<typeof boundsOf>[1]): SqlText {
  const asked = [
    ['audit_log_target', 'target', filter.target],
    ['audit_log_by', '"by"', filter.by],
    ['audit_log_action', 'action', filter.action],
  ] as const;
  const given = asked.flatMap(([index, column, value]) => (value === undefined ? [] : [{ index, column, value }]));
  const [found, ...others] = given;
  const also = others.map(({ column, value }) => ({ sql: `${column} = ?`, values: [value] }));
  const stretch: Stretch = {
    table: 'audit_log',
    key: 'sequence',
    select: AUDIT_COLUMNS,
    ...(found === undefined ? { equal: [] } : { index: found.index, equal: [[found.column, found.value]] }),
    also: [...also, ...spanConditions('at', filter)],
  };
  return pageText(style, [stretch], boundsOf(filter, span));
}

/** The entries of a page, newest first. */
export function auditEntriesOf(rows: readonly AuditRow[], { after }: AuditFilter): readonly AuditEntry[] {
  const entries = rows.map(auditEntryOf);
  return after === undefined ? entries : entries.toReversed();
}
