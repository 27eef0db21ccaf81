import type { JournalFile } from '../stage/journal-file.ts';
import type { Finding } from './finding.ts';
import type { Evidence } from './judge.ts';

/** What A's journal says about its runs and their steps. */
export function judgeRuns({ a }: Pick<Evidence, 'a'>): Finding[] {
  return [
    { promise: 'every accepted run completed', broken: unfinishedRuns(a) },
    { promise: 'every save accepted its run', broken: savesWithoutRun(a) },
    { promise: 'the runs of a product went one after another', broken: overtakingRuns(a) },
    { promise: 'no step is done twice', broken: repeatedSteps(a) },
    { promise: 'every completed run has all its steps', broken: incompleteRuns(a) },
  ];
}

function unfinishedRuns(a: JournalFile): string[] {
  const rows = a.rows<{ id: number; status: string; reason: string | null; failure: string | null }>(
    `SELECT id, status, wait_reason AS reason, failure FROM runs WHERE status <> 'completed'`,
  );
  return rows.map(({ id, status, reason, failure }) => `run ${id} ${status} ${failure ?? reason ?? ''}`.trim());
}

/** One change of a client is one entry of the history without a run, and started one workflow. */
function savesWithoutRun(a: JournalFile): string[] {
  const rows = a.rows<{ id: string; saves: number; runs: number }>(
    `SELECT record_id AS id, count(*) AS saves, (SELECT count(*) FROM runs WHERE runs.record_id = h.record_id) AS runs
     FROM record_history h WHERE run IS NULL GROUP BY record_id HAVING saves <> runs`,
  );
  return rows.map(({ id, saves, runs }) => `${id}: ${saves} saves, ${runs} runs`);
}

/** A run may begin when the one that was accepted before it for the same record has ended. */
function overtakingRuns(a: JournalFile): string[] {
  const rows = a.rows<{ id: number; before: number; lane: string }>(
    `SELECT id, before, lane FROM (
       SELECT id, lane, started_at, lag(id) OVER lanes AS before, lag(ended_at) OVER lanes AS before_ended,
         lag(id) OVER lanes IS NOT NULL AS has_before
       FROM runs WINDOW lanes AS (PARTITION BY lane ORDER BY id)
     ) WHERE has_before AND started_at IS NOT NULL AND (before_ended IS NULL OR started_at < before_ended)`,
  );
  return rows.map(({ id, before, lane }) => `run ${id} of ${lane} began before run ${before} had ended`);
}

function repeatedSteps(a: JournalFile): string[] {
  const rows = a.rows<{ run: number; task: string; times: number }>(
    `SELECT run, task, count(*) AS times FROM steps WHERE purpose = 'main' AND status = 'done'
     GROUP BY run, task HAVING times > 1`,
  );
  return rows.map(({ run, task, times }) => `run ${run} ${task}: done ${times} times`);
}

/** Each run opens its session and writes once, whichever of the two ways it took. */
function incompleteRuns(a: JournalFile): string[] {
  const rows = a.rows<{ id: number }>(
    `SELECT id FROM runs WHERE status = 'completed' AND (
       SELECT count(DISTINCT iif(task = 'update', 'create', task)) FROM steps
       WHERE run = runs.id AND purpose = 'main' AND status = 'done' AND task IN ('challenge', 'login', 'create', 'update')
     ) <> 3`,
  );
  return rows.map(({ id }) => `run ${id}`);
}
