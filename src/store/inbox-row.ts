import type {
  AuditEntry,
  InboxGroup,
  InboxItem,
  InboxJob,
  InboxJobItem,
  InboxJobItemState,
  InboxJobState,
  InboxState,
} from '../core/inbox.ts';
import type { JsonObject } from '../core/json.ts';
import type { RunStatus, RunWait } from '../core/run.ts';

/** What `itemsText` gives, in the order of its columns. */
export interface InboxRow {
  readonly run: number;
  readonly state: InboxState;
  readonly kind: InboxItem['kind'];
  readonly code: string;
  readonly destination: string;
  readonly workflow: string;
  readonly module: string | null;
  readonly recordId: string | null;
  readonly task: string | null;
  readonly message: string;
  readonly inDoubt: number;
  readonly since: number;
  readonly times: number;
  readonly owner: string | null;
  readonly note: string | null;
  readonly changedAt: number | null;
  readonly changedBy: string | null;
  readonly resolution: string | null;
  readonly status: RunStatus;
  readonly waitFor: RunWait['for'] | null;
  readonly holdsBack: number;
}

/** The names of its columns, in order. */
export const INBOX_COLUMNS: readonly (keyof InboxRow)[] = [
  'run',
  'state',
  'kind',
  'code',
  'destination',
  'workflow',
  'module',
  'recordId',
  'task',
  'message',
  'inDoubt',
  'since',
  'times',
  'owner',
  'note',
  'changedAt',
  'changedBy',
  'resolution',
  'status',
  'waitFor',
  'holdsBack',
];

export function inboxItemOf({ waitFor, ...row }: InboxRow): InboxItem {
  return {
    ...row,
    module: row.module ?? undefined,
    recordId: row.recordId ?? undefined,
    task: row.task ?? undefined,
    inDoubt: row.inDoubt === 1,
    owner: row.owner ?? undefined,
    note: row.note ?? undefined,
    changedAt: row.changedAt ?? undefined,
    changedBy: row.changedBy ?? undefined,
    resolution: row.resolution ?? undefined,
    wait: waitFor ?? undefined,
  };
}

/** What `groupsText` gives, in the order of its columns. */
export interface GroupRow extends Omit<InboxGroup, 'example'> {
  readonly run: number;
  readonly message: string;
}

export const GROUP_COLUMNS: readonly (keyof GroupRow)[] = [
  'code',
  'destination',
  'workflow',
  'count',
  'oldest',
  'newest',
  'run',
  'message',
];

export function inboxGroupOf({ run, message, ...group }: GroupRow): InboxGroup {
  return { ...group, example: { run, message } };
}

export interface AuditRow {
  readonly id: number;
  readonly run: number;
  readonly at: number;
  readonly by: string;
  readonly origin: string | null;
  readonly action: string;
  readonly reason: string | null;
  readonly tookEffect: number;
  readonly before: string | null;
  readonly after: string | null;
}

export function auditEntryOf(row: AuditRow): AuditEntry {
  return {
    ...row,
    origin: row.origin ?? undefined,
    reason: row.reason ?? undefined,
    tookEffect: row.tookEffect === 1,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
  };
}

export interface JobRow {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly origin: string;
  readonly reason: string | null;
  readonly command: string;
  readonly perSecond: number;
  readonly state: InboxJobState;
  readonly nextDue: number;
  readonly endedAt: number | null;
}

/** How many of a job's items are in which state. */
export interface JobCountRow {
  readonly state: InboxJobItemState;
  readonly count: number;
}

export function inboxJobOf(row: JobRow, rows: readonly JobCountRow[]): InboxJob {
  const { id, at, by, origin, state, perSecond } = row;
  const counts = { pending: 0, applied: 0, refused: 0, left: 0, 'taken-back': 0, kept: 0 };
  for (const one of rows) counts[one.state] = one.count;
  return {
    id,
    at,
    by,
    origin,
    state,
    perSecond,
    reason: row.reason ?? undefined,
    endedAt: row.endedAt ?? undefined,
    command: JSON.parse(row.command) as JsonObject,
    counts,
  };
}

export interface JobItemRow {
  readonly run: number;
  readonly state: InboxJobItemState;
  readonly code: string | null;
  readonly message: string | null;
  readonly at: number | null;
}

export function inboxJobItemOf(row: JobItemRow): InboxJobItem {
  return { ...row, code: row.code ?? undefined, message: row.message ?? undefined, at: row.at ?? undefined };
}

/** A row that came as a list of values, under the names of its columns. */
export function namedRow<R>(columns: readonly (keyof R)[], values: readonly unknown[]): R {
  return Object.fromEntries(columns.map((column, index) => [column, values[index]])) as R;
}
