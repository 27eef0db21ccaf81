import type { InboxStore } from '../../core/inbox.ts';
import { auditEntryOf, inboxGroupOf, inboxItemOf, inboxJobItemOf } from '../inbox-row.ts';
import type { AuditRow, GroupRow, InboxRow, JobItemRow } from '../inbox-row.ts';
import { itemsText } from '../inbox-page.ts';
import { groupsText, HISTORY, jobItemsText, SELECT_ITEM } from '../inbox-text.ts';
import type { PostgresDatabase } from './database.ts';
import { addJob, claimJob, inboxText, listJobs, readJob, settleItem, stopJob } from './inbox-jobs.ts';
import { numbered } from './postgres-dialect.ts';

/** The inbox on PostgreSQL; its rows are written by the journal. */
export function createInboxStore(db: PostgresDatabase): InboxStore {
  return {
    groups: async (filter) => (await db.all<GroupRow>(...inboxText(groupsText(filter)))).map(inboxGroupOf),
    items: async (filter) => (await db.all<InboxRow>(...inboxText(itemsText('whole-order', filter)))).map(inboxItemOf),
    async item(run) {
      const [row] = await db.all<InboxRow>(`${SELECT_ITEM} WHERE inbox.run = $1`, [run]);
      return row && inboxItemOf(row);
    },
    history: async ({ run, limit }) => (await db.all<AuditRow>(numbered(HISTORY), [run, limit])).map(auditEntryOf),
    async restarts(run) {
      const rows = await db.all<{ run: number; origin: number }>(
        'SELECT run, origin FROM restarts WHERE run = $1 OR origin = $1',
        [run],
      );
      return {
        origin: rows.find((row) => row.run === run)?.origin,
        successor: rows.find((row) => row.origin === run)?.run,
      };
    },
    addJob: (job, filter) => db.transaction((session) => addJob(session, job, filter)),
    job: (id) => readJob(db, id),
    jobs: (params) => listJobs(db, params),
    jobItems: async (params) => (await db.all<JobItemRow>(...inboxText(jobItemsText(params)))).map(inboxJobItemOf),
    claimJob: (params) => db.transaction((session) => claimJob(session, params)),
    settleItem: (item) => settleItem(db, item),
    stopJob: (params) => db.transaction((session) => stopJob(session, params)),
  };
}
