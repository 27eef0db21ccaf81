/**
 * Puts runs that have ended into the tables of an install, as years of work would: through the product it would take hours.
 * Of a hundred thousand runs one is of the workflow `rare`; 2 of a hundred failed, and half of those need nobody any more;
 * a run has a record of its own among fifty thousand, and one of ten a business key. The newest 200 have not ended.
 */

/** The statements, in their order. Each puts in at most so many rows as to be over in a moment. */
export function historyStatements(database: 'sqlite' | 'postgres', runs: number): readonly string[] {
  if (runs === 0) return [];
  const parts: string[] = [];
  for (let from = 1; from <= runs; from += ROWS_AT_ONCE) {
    const numbers = NUMBERS[database](from, Math.min(runs, from + ROWS_AT_ONCE - 1));
    parts.push(...[runRows(runs), TRIGGERS, STEPS, KEYS, inboxRows(runs), AUDIT].map((rows) => rows(numbers)));
  }
  return [...parts, ...CLOSING[database]];
}

/** When the first of the runs was accepted, and how long after each the next was, in milliseconds. */
export const HISTORY_START = 1_700_000_000_000;
export const HISTORY_PACE_MS = 10_000;

const ROWS_AT_ONCE = 50_000;
const UNFINISHED = 200;

/** Rows with the column `n`. */
const NUMBERS = {
  sqlite: (from: number, to: number) =>
    `(WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to}) SELECT n FROM numbers) AS numbers`,
  postgres: (from: number, to: number) => `generate_series(${from}::bigint, ${to}::bigint) AS numbers (n)`,
};

const STATUS = `CASE WHEN n % 50 = 7 THEN 'failed' WHEN n % 200 = 11 THEN 'canceled' ELSE 'completed' END`;
const WORKFLOW = `CASE WHEN n % 100000 = 77 THEN 'rare' WHEN n % 10 = 7 THEN 'order-sent' ELSE 'product-changed' END`;
const AT = `${HISTORY_START} + n * ${HISTORY_PACE_MS}`;

function runRows(runs: number) {
  const isOld = `n <= ${runs - UNFINISHED}`;
  return (numbers: string): string => `INSERT INTO runs (id, workflow, revision, module, record_id, lane,
      pass_when_waiting, undecided, depth, initiator, status, wait_for, wait_reason, wait_since, due_at, epoch, handled,
      progress, accepted_at, started_at, ended_at, cancel_told)
    SELECT n, ${WORKFLOW}, 1, 'Products', '14x' || (n % 50000), '14x' || (n % 50000), 0, 0, 0, '19x1',
      CASE WHEN ${isOld} THEN ${STATUS} WHEN n % 4 = 0 THEN 'pending' ELSE 'running' END,
      CASE WHEN ${isOld} OR n % 4 = 0 THEN NULL ELSE 'time' END,
      CASE WHEN ${isOld} OR n % 4 = 0 THEN NULL ELSE 'nobody answers' END,
      CASE WHEN ${isOld} OR n % 4 = 0 THEN NULL ELSE ${AT} END,
      CASE WHEN ${isOld} THEN NULL ELSE 9000000000000 + n END, 1,
      CASE WHEN ${isOld} AND n % 500 IN (7, 13) THEN 1 ELSE 0 END, '{"task":"create","done":4}', ${AT}, ${AT},
      CASE WHEN ${isOld} THEN ${AT} + 40 END, 0
    FROM ${numbers}`;
}

const TRIGGERS = (numbers: string): string => `INSERT INTO run_triggers (run, trigger)
    SELECT n, '{"event":"create","record":{"productname":"Product ' || n || '"},"changed":["productname"]}'
    FROM ${numbers}`;

const STEPS = (numbers: string): string => `INSERT INTO steps (run, number, task, purpose, round, status, started_at,
      ended_at, attempt, attempt_started_at, attempt_ended_at, request, answer)
    SELECT n, 1, 'create', 'main', 1, 'done', ${AT}, ${AT}, 1, ${AT}, ${AT},
      '{"method":"POST","url":"http://b.example/webservice.php","headers":[],"parameters":[]}',
      '{"status":200,"headers":[],"durationMs":5}'
    FROM ${numbers}`;

/** Few share most of the values, and a hundredth of all runs has the same. */
const KEYS = (numbers: string): string => `INSERT INTO run_keys (run, name, value)
    SELECT n, 'order', 'SO-' || (n / 10) FROM ${numbers} WHERE n % 10 = 5
    UNION ALL SELECT n, 'customer', 'K-1' FROM ${numbers} WHERE n % 100 = 5`;

/** Those that failed and no plan dealt with; the newest of them still need somebody. */
function inboxRows(runs: number) {
  return (numbers: string): string => `INSERT INTO inbox (run, state, kind, code, destination, workflow, module,
      record_id, task, message, in_doubt, since, times, owner)
    SELECT n, CASE WHEN n > ${runs - 20_000} THEN 'open' WHEN n % 100 = 7 THEN 'resolved' ELSE 'ignored' END, 'failed',
      CASE WHEN n % 1000 = 57 THEN 'CALL_TIMEOUT' ELSE 'CALL_REFUSED' END, 'warehouse', ${WORKFLOW}, 'Products',
      '14x' || (n % 50000), 'create', 'create: nobody answers', 0, ${AT}, 1,
      CASE WHEN n % 1000 = 7 THEN 'anna' END
    FROM ${numbers} WHERE n % 50 = 7 AND n % 500 <> 7 AND n <= ${runs - UNFINISHED}`;
}

/** What people changed: one thing for each ten runs. */
const AUDIT = (
  numbers: string,
): string => `INSERT INTO audit_log (at, "by", kind, "from", action, target, detail, outcome)
    SELECT ${AT}, CASE WHEN n % 1000 = 0 THEN 'ben' ELSE 'anna' END, 'user', 'local',
      CASE WHEN n % 5000 = 0 THEN 'apply' ELSE 'retry' END, CASE WHEN n % 5000 = 0 THEN '' ELSE 'run ' || n END, '{}', 'done'
    FROM ${numbers} WHERE n % 10 = 0`;

const ENDED = `sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END),
    sum(CASE WHEN status = 'canceled' THEN 1 ELSE 0 END), sum(handled) FROM runs WHERE ended_at IS NOT NULL`;

/** What the product keeps of how many there are, and the numbers that it gives next. */
const CLOSING = {
  sqlite: ['DELETE FROM run_counts', `INSERT INTO run_counts SELECT 0, ${ENDED}`],
  postgres: [
    'DELETE FROM run_counts',
    `INSERT INTO run_counts (completed, failed, canceled, handled) SELECT ${ENDED}`,
    `SELECT setval('runs_id_seq', (SELECT max(id) FROM runs))`,
    'VACUUM ANALYZE',
  ],
};
