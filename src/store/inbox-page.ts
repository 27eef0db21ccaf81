import { type InboxFilter, type InboxPage, type InboxState, UNRESOLVED } from '../core/inbox.ts';
import { conditionOf, SELECT_ITEM } from './inbox-text.ts';
import { boundsOf, pageText, type Stretch, type WalkStyle } from './page-walk.ts';
import type { SqlText, SqlValue } from './sql-text.ts';

/**
 * One page of rows with what there is to say of their runs, newest run first; the columns of `INBOX_COLUMNS`. Read from the
 * index of what says most of the filter's parts, or from that of the states, in the order of the runs.
 */
export function itemsText(style: WalkStyle, filter: InboxFilter & InboxPage): SqlText {
  const { sql, values } = pageText(style, stretchesOf(filter), boundsOf(filter));
  return {
    sql: `${SELECT_ITEM} WHERE inbox.run IN (SELECT id FROM (${sql}) AS page) ORDER BY inbox.run DESC`,
    values,
  };
}

type Indexed = readonly [index: string, column: string, value: SqlValue | undefined, isPartial: boolean];

function stretchesOf(filter: InboxFilter): readonly Stretch[] {
  const indexes: readonly Indexed[] = [
    ['inbox_record', 'record_id', filter.recordId, true],
    ['inbox_code', 'code', filter.code, false],
    ['inbox_destination', 'destination', filter.destination, false],
    ['inbox_workflow', 'workflow', filter.workflow, false],
    ['inbox_owner', 'owner', filter.owner, true],
    ['inbox_module', 'module', filter.module, true],
  ];
  const row = { table: 'inbox', key: 'inbox.run', also: [conditionOf(filter)] } as const;
  // A list of runs says which rows to look at; so few need no order of an index.
  if (filter.runs !== undefined) return [{ ...row, equal: [] }];
  for (const [index, column, value, isPartial] of indexes) {
    if (value === undefined || value === null) continue;
    const only = isPartial ? { only: `inbox.${column} IS NOT NULL` } : {};
    return [{ ...row, index, ...only, equal: [[`inbox.${column}`, value]] }];
  }
  const states: ReadonlySet<InboxState> = new Set(filter.state ?? UNRESOLVED);
  if (states.size === 0) return [{ ...row, equal: [] }];
  return [...states].map((state) => ({ ...row, index: 'inbox_state', equal: [['inbox.state', state]] }));
}
