import { HELD_AFTER_RESTORE, RESTORED_CODE } from '../core/recovery.ts';

/** What each run is said to wait for, and its row in the inbox. */
const HELD_REASON =
  'the database was restored: what this run did after the backup is not known; look there, then: mapwright inbox show';

/** A run that is held wherever it stands in its lane. */
export const IS_HELD = `(wait_for = 'person' AND wait_key = '${HELD_AFTER_RESTORE}')`;

/** What lets a held run go on when its turn comes: to be set with whatever a person orders. */
export const NOT_HELD = "wait_key = CASE WHEN wait_for = 'person' THEN NULL ELSE wait_key END";

// The word of a person is kept: a run that is to end only tidies up.
const TO_HOLD = 'ended_at IS NULL AND cancel_requested IS NULL';

/** The statements that hold all unfinished work, for both databases. `?` is the time, as often as there is one. */
export const HOLD = {
  runs: `UPDATE runs SET wait_for = 'person', wait_key = '${HELD_AFTER_RESTORE}', wait_reason = '${HELD_REASON}',
      wait_since = ?, wait_until = NULL, due_at = NULL, lease_owner = NULL, epoch = epoch + 1
    WHERE ${TO_HOLD}`,
  inbox: `INSERT INTO inbox (run, state, kind, code, destination, workflow, module, record_id, task, message, in_doubt, since, times)
    SELECT id, 'open', 'waiting', '${RESTORED_CODE}', '', workflow, module, record_id, NULL, '${HELD_REASON}', 1,
      wait_since, 1 FROM runs WHERE ${TO_HOLD} AND ${IS_HELD}
    ON CONFLICT (run) DO UPDATE SET state = 'open', kind = excluded.kind, code = excluded.code,
      destination = excluded.destination, task = excluded.task, message = excluded.message,
      in_doubt = excluded.in_doubt, since = excluded.since, times = inbox.times + 1, resolution = NULL`,
  items: `UPDATE inbox_job_items SET state = 'left', at = ? WHERE state = 'pending'`,
  jobs: `UPDATE inbox_jobs SET state = 'stopped', ended_at = ?, lease_owner = NULL, lease_until = NULL
    WHERE ended_at IS NULL`,
  schedules: `UPDATE schedules SET version = version + 1, work = NULL, holder = NULL, held_until = NULL,
      settled_until = CASE WHEN settled_until < ? THEN ? ELSE settled_until END`,
} as const;
