import type { Finding } from '../finding.ts';
import { TASKS } from './documents.ts';
import type { JournalDatabase } from './journal-database.ts';
import type { NodeFacts } from './node-process.ts';
import type { Execution } from './remembering-peer.ts';

/** What nodes may take until they go on with the runs of one that died. */
const TAKEOVER_MS = 20_000;

/** The database after the last run has ended, and what was seen meanwhile. */
export interface Evidence {
  readonly journal: JournalDatabase;
  readonly executions: ReadonlyMap<string, Execution>;
  /** Saves that were answered. */
  readonly saves: number;
  readonly nodes: NodeFacts;
}

/** Holds the database and the other side against what was promised, with SQL of its own. */
export async function judge(evidence: Evidence): Promise<Finding[]> {
  const { journal, nodes } = evidence;
  const broken = async (sql: string): Promise<string[]> =>
    (await journal.rows<{ what: string }>(sql)).map(({ what }) => what);
  const late = nodes.slowestTakeover > TAKEOVER_MS ? [`${Math.round(nodes.slowestTakeover)} ms`] : [];
  return [
    { promise: 'no node ended by itself', broken: nodes.crashes },
    { promise: 'no node told of a fault of its own', broken: nodes.faults },
    { promise: `the runs of a dead node go on within ${TAKEOVER_MS / 1000} s`, broken: late },
    { promise: 'every accepted save was made once', broken: await miscounted(evidence) },
    { promise: 'every accepted run completed', broken: await broken(NOT_COMPLETED) },
    { promise: 'every save accepted its run', broken: await broken(SAVES_WITHOUT_RUN) },
    { promise: 'the runs of a record went one after another', broken: await broken(OVERTAKING) },
    { promise: 'no step is done twice, and none is left out', broken: await broken(STEPS) },
    { promise: 'each run wrote to its record once', broken: await broken(WRITES) },
    ...(await judgeCalls(evidence)),
  ];
}

async function miscounted({ journal, saves }: Evidence): Promise<string[]> {
  const made = await journal.number('SELECT count(*) FROM record_history WHERE run IS NULL');
  return made === saves ? [] : [`${saves} answered, ${made} made`];
}

async function judgeCalls({ journal, executions }: Evidence): Promise<Finding[]> {
  const done = await journal.rows<{ run: string; task: string; lane: string; ended: string }>(
    `SELECT steps.run, steps.task, runs.lane, steps.ended_at AS ended FROM steps JOIN runs ON runs.id = steps.run
     WHERE steps.purpose = 'main' AND steps.status = 'done'`,
  );
  const executed = new Map([...executions.values()].map((one) => [`${one.run} ${one.task}`, one]));
  const named = done.map((step) => ({ ...step, name: `${step.run} ${step.task}` }));
  const names = new Set(named.map(({ name }) => name));
  const inOrder = named
    .flatMap(({ name, lane, run }) => ({ lane, run: Number(run), order: executed.get(name)?.order ?? 0 }))
    .toSorted((one, other) => one.order - other.order);
  return [
    { promise: 'no step is done that was not executed', broken: [...names].filter((name) => !executed.has(name)) },
    { promise: 'nothing was executed but what is done', broken: [...executed.keys()].filter((n) => !names.has(n)) },
    {
      promise: 'no committed step was sent again',
      broken: named.flatMap(({ name, ended }) =>
        (executed.get(name)?.lastAt ?? 0) > Number(ended) ? [`${name}, ${sentLate(executed.get(name), ended)} ms`] : [],
      ),
    },
    { promise: 'the calls of a record kept their order', broken: disorder(inOrder) },
  ];
}

function sentLate(execution: Execution | undefined, ended: string): number {
  return (execution?.lastAt ?? 0) - Number(ended);
}

function disorder(calls: readonly { readonly lane: string; readonly run: number }[]): string[] {
  const latest = new Map<string, number>();
  return calls.flatMap(({ lane, run }) => {
    const before = latest.get(lane) ?? 0;
    latest.set(lane, Math.max(run, before));
    return before <= run ? [] : [`${lane}: run ${run} after run ${before}`];
  });
}

const NOT_COMPLETED = `SELECT 'run ' || id || ' ' || status || ' ' || coalesce(failure, wait_reason, '') AS what
  FROM runs WHERE status <> 'completed'`;

const SAVES_WITHOUT_RUN = `SELECT h.record_id || ': ' || count(*) || ' saves' AS what FROM record_history h
  WHERE run IS NULL GROUP BY record_id
  HAVING count(*) <> (SELECT count(*) FROM runs WHERE runs.record_id = h.record_id)`;

const OVERTAKING = `SELECT 'run ' || id || ' of ' || lane || ' began before run ' || before || ' had ended' AS what FROM (
    SELECT id, lane, started_at, lag(id) OVER lanes AS before, lag(ended_at) OVER lanes AS before_ended
    FROM runs WINDOW lanes AS (PARTITION BY lane ORDER BY id)
  ) AS ordered WHERE before IS NOT NULL AND (before_ended IS NULL OR started_at < before_ended)`;

const STEPS = `SELECT 'run ' || runs.id || ': ' || count(steps.run) || ' done' AS what FROM runs
  LEFT JOIN steps ON steps.run = runs.id AND steps.purpose = 'main' AND steps.status = 'done'
  GROUP BY runs.id HAVING count(steps.run) <> ${TASKS.length} OR count(DISTINCT steps.task) <> ${TASKS.length}`;

const WRITES = `SELECT 'run ' || run || ': ' || count(*) || ' writes' AS what FROM record_history
  WHERE run IS NOT NULL GROUP BY run HAVING count(*) > 1`;
