import type { InboxStore } from '../../core/inbox.ts';
import {
  auditEntryOf,
  GROUP_COLUMNS,
  INBOX_COLUMNS,
  inboxGroupOf,
  inboxItemOf,
  inboxJobItemOf,
  namedRow,
} from '../inbox-row.ts';
import type { AuditRow, GroupRow, InboxRow, JobItemRow } from '../inbox-row.ts';
import { itemsText } from '../inbox-page.ts';
import { groupsText, HISTORY, jobItemsText, SELECT_ITEM } from '../inbox-text.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { InboxJobs } from './inbox-jobs.ts';
import type { QueryThread } from './query-thread.ts';
import { guarded } from './sqlite-failure.ts';

/** The inbox on SQLite. Lists are found on the reader thread: a count of 100,000 rows must not keep a save waiting. */
export function createInboxStore(parts: {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
  readonly jobs: InboxJobs;
}): InboxStore {
  const { db, commits, queries, jobs } = parts;
  const sql = prepare(db);
  return {
    async groups(filter) {
      const rows = await queries.query(groupsText(filter));
      return rows.map((row) => inboxGroupOf(namedRow<GroupRow>(GROUP_COLUMNS, row)));
    },
    async items(filter) {
      const rows = await queries.query(itemsText('named-index', filter));
      return rows.map((row) => inboxItemOf(namedRow<InboxRow>(INBOX_COLUMNS, row)));
    },
    item: guarded((run) => {
      const row = sql.item.get(run);
      return row && inboxItemOf(row);
    }),
    history: guarded(({ run, limit }) => sql.history.all(run, limit).map(auditEntryOf)),
    restarts: guarded((run) => ({ origin: sql.origin.get(run)?.id, successor: sql.successor.get(run)?.id })),
    addJob: (job, filter) => commits.write(() => jobs.add(job, filter)),
    job: guarded((id) => jobs.job(id)),
    jobs: guarded((params) => jobs.jobs(params)),
    jobItems: guarded((params) => {
      const { sql: text, values } = jobItemsText(params);
      return db
        .prepare<unknown[], JobItemRow>(text)
        .all(...values)
        .map(inboxJobItemOf);
    }),
    claimJob: (params) => commits.write(() => jobs.claim(params), 'system'),
    settleItem: (item) => commits.write(() => jobs.settle(item)),
    stopJob: (params) => commits.write(() => jobs.stop(params)),
  };
}

function prepare(db: SqliteDatabase) {
  return {
    item: db.prepare<[number], InboxRow>(`${SELECT_ITEM} WHERE inbox.run = ?`),
    history: db.prepare<[number, number], AuditRow>(HISTORY),
    origin: db.prepare<[number], { id: number }>('SELECT origin AS id FROM restarts WHERE run = ?'),
    successor: db.prepare<[number], { id: number }>('SELECT run AS id FROM restarts WHERE origin = ?'),
  };
}
