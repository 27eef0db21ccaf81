import type { JournalFile } from '../stage/journal-file.ts';
import type { Finding } from './finding.ts';
import type { Evidence } from './judge.ts';

/** A request that B has executed, told from the identifier that A gave it. */
interface Request {
  readonly key: string;
  readonly run: number;
  readonly record: string;
  readonly version: number;
}

/** Every change at B came from one request of a done step, in the order in which A accepted them. */
export function judgeRequests({ a, b, arrivals }: Pick<Evidence, 'a' | 'b' | 'arrivals'>): Finding[] {
  const requests = executedRequests(b);
  const executed = new Set(requests.map(({ key }) => key));
  const changes = new Set(requests.map(({ record, version }) => `${record} version ${version}`));
  const writes = doneWrites(a);
  const written = new Set(writes.map(({ key }) => key));
  const sentAgain = writes.filter(({ key, endedAt }) => (arrivals.get(key)?.lastAt ?? 0) > endedAt);
  return [
    {
      promise: 'every change at B belongs to one request',
      broken: changesOfA(b).filter((change) => !changes.has(change)),
    },
    {
      promise: 'no step is done that B had not executed',
      broken: [...written].filter((key) => !executed.has(key)),
    },
    {
      promise: 'B executed nothing but what is done at A',
      broken: requests.flatMap(({ key }) => (written.has(key) ? [] : [key])),
    },
    { promise: 'no committed step was sent again', broken: sentAgain.map(({ key }) => key) },
    { promise: 'the changes of a product kept their order', broken: disorder(requests) },
  ];
}

function executedRequests(b: JournalFile): Request[] {
  const rows = b.rows<{ key: string; answer: string }>(
    `SELECT key, answer FROM dedup_keys WHERE scope = 'request' AND key LIKE '%|mw-%' ORDER BY rowid`,
  );
  return rows.map(({ key: stored, answer }) => {
    // `19x1|mw-INSTALL-RUN-TASK`, and the record it was answered with.
    const key = stored.slice(stored.indexOf('|') + 1);
    const { id: record, version } = JSON.parse(answer) as { id: string; version: number };
    return { key, run: Number(/-(\d+)-[a-z]+$/u.exec(key)?.[1]), record, version };
  });
}

function doneWrites(a: JournalFile): readonly { readonly key: string; readonly endedAt: number }[] {
  return a.rows(
    `SELECT 'mw-' || substr(install_id, 1, 8) || '-' || run || '-' || task AS key, max(steps.ended_at) AS endedAt
     FROM steps, install WHERE task IN ('create', 'update') AND status = 'done' GROUP BY run, task`,
  );
}

/** Changes of products that B has from A. */
function changesOfA(b: JournalFile): string[] {
  const rows = b.rows<{ change: string }>(
    `SELECT record_id || ' version ' || version AS change FROM record_history
     WHERE record_id IN (SELECT record_id FROM record_history WHERE kind = 'create' AND changes NOT LIKE '%"B-own%')`,
  );
  return rows.map(({ change }) => change);
}

function disorder(requests: readonly Request[]): string[] {
  const latest = new Map<string, number>();
  return requests.flatMap(({ run, record }) => {
    const before = latest.get(record) ?? 0;
    latest.set(record, run);
    return before < run ? [] : [`${record}: run ${run} after run ${before}`];
  });
}
