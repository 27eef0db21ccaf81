import { JournalFile } from '../stage/journal-file.ts';
import type { PeerCall } from './crash-peer.ts';

/** What the database held when the process had died. */
export interface SettledSteps {
  /** `run number` -> all there is of the step, once it had an outcome. */
  readonly steps: ReadonlyMap<string, string>;
}

/** One life and the next: what was answered before the crash, what the peer got, what was settled between. */
export interface CrashFacts {
  readonly folder: string;
  /** The ids of the saves that were answered, in order. */
  readonly saved: readonly string[];
  readonly settled: SettledSteps;
  readonly before: readonly PeerCall[];
  readonly after: readonly PeerCall[];
  readonly hasCrashed: boolean;
}

/** The steps that have an outcome, as they are stored. */
export function settledSteps(folder: string): SettledSteps {
  const journal = new JournalFile(folder);
  try {
    const rows = journal.rows<{ readonly run: number; readonly number: number }>(
      `SELECT run, number, task, status, purpose, round, attempt, ended_at, effects, request, answer FROM steps
       WHERE status IN ('done', 'failed', 'skipped')`,
    );
    return { steps: new Map(rows.map((row) => [`${row.run} ${row.number}`, JSON.stringify(row)])) };
  } finally {
    journal.close();
  }
}

/** What is wrong with how it came out; nothing when every promise was kept. */
export function judgeCrash(facts: CrashFacts): readonly string[] {
  const journal = new JournalFile(facts.folder);
  try {
    return [
      ...judgeRuns(journal, facts),
      ...judgeWrites(journal),
      ...judgeSettled(facts),
      ...judgeCalls(facts),
      ...(journal.integrity() === 'ok' ? [] : ['the database is damaged']),
    ];
  } finally {
    journal.close();
  }
}

/** Nothing accepted is lost: every order there is has its runs, all completed. */
function judgeRuns(journal: JournalFile, { saved }: CrashFacts): string[] {
  const orders = journal.rows<{ id: string }>(`SELECT '60x' || number AS id FROM m_Orders`).map(({ id }) => id);
  const lost = new Set(saved.filter((id) => !orders.includes(id)));
  const unlike = journal.rows<{ what: string }>(
    `SELECT id || ' ' || workflow || ' ' || status AS what FROM runs WHERE status <> 'completed'`,
  );
  const changes = saved.length - new Set(saved).size;
  const changed = journal.number(`SELECT count(*) FROM runs WHERE workflow = 'order-changed'`);
  return [
    ...[...lost].map((id) => `${id} was saved, and is lost`),
    ...unlike.map(({ what }) => `run ${what}`),
    ...expected('runs of order', journal.number(`SELECT count(*) FROM runs WHERE workflow = 'order'`), orders.length),
    ...expected('runs of pack', journal.number(`SELECT count(*) FROM runs WHERE workflow = 'pack'`), orders.length),
    ...(changed < changes ? [`${changes} changes were answered, ${changed} have a run`] : []),
  ];
}

/** Exactly once: what each task writes is there, and not twice. */
function judgeWrites(journal: JournalFile): string[] {
  const orders = journal.number('SELECT count(*) FROM m_Orders');
  const count = (what: string) => journal.number(`SELECT count(*) FROM ${what}`);
  const twice = journal.rows<{ what: string }>(
    `SELECT run || ' ' || task || ' ' || record_id AS what FROM record_history WHERE run IS NOT NULL
     GROUP BY run, task, record_id HAVING count(*) > 1`,
  );
  return [
    ...expected('jobs', count('m_Jobs'), 2 * orders),
    ...expected('contacts', count('m_Contacts'), orders),
    ...expected('notifications', count('notifications'), orders),
    ...expected('orders done', count(`m_Orders WHERE f_status = 'done' AND f_remote_id <> ''`), orders),
    ...twice.map(({ what }) => `written twice by ${what}`),
  ];
}

/** What was settled before the crash is never done again, nor changed. */
function judgeSettled({ folder, settled }: CrashFacts): string[] {
  const now = settledSteps(folder).steps;
  return [...settled.steps]
    .filter(([step, was]) => now.get(step) !== was)
    .map(([step]) => `step ${step} was done again`);
}

/** A request is sent once, but for the one that was under way at the crash; the change of an order goes after the order. */
function judgeCalls({ before, after, hasCrashed, settled }: CrashFacts): string[] {
  const keys = (calls: readonly PeerCall[]) => calls.filter(({ path }) => path !== '/session').map(({ key }) => key);
  const all = keys([...before, ...after]);
  const again = all.filter((key, index) => all.indexOf(key) !== index);
  const inOneLife = [keys(before), keys(after)].some((life) => new Set(life).size < life.length);
  const order = [...before, ...after].map(({ path }) => path);
  const settledKeys = new Set([...settled.steps.values()].flatMap((step) => /mw-[\w-]+/u.exec(step)?.[0] ?? []));
  return [
    ...(again.length > (hasCrashed ? 1 : 0) ? [`sent again: ${again.join(', ')}`] : []),
    ...(inOneLife ? ['sent twice by one process'] : []),
    ...keys(after)
      .filter((key) => settledKeys.has(key))
      .map((key) => `${key} was settled, and sent again`),
    ...(order.includes('/changes') && order.lastIndexOf('/orders') > order.indexOf('/changes')
      ? ['the change went out before the order']
      : []),
  ];
}

function expected(what: string, found: number, wanted: number): string[] {
  return found === wanted ? [] : [`${what}: ${found} instead of ${wanted}`];
}
