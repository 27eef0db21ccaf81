import type { JournalFile } from '../stage/journal-file.ts';
import type { LoadFacts } from './load.ts';

/** Both installs as they are after the last run has ended, and what the clients were told. */
export interface Evidence {
  readonly a: JournalFile;
  readonly b: JournalFile;
  readonly facts: LoadFacts;
  /** Products that B had of its own before the first kill. */
  readonly ownProductsOfB: number;
}

/** One promise, and where it was broken. */
export interface Finding {
  readonly promise: string;
  /** Nothing: it was kept. */
  readonly broken: readonly string[];
}

interface Product {
  readonly id: string;
  readonly productname: string;
  readonly serial_no: string;
  readonly unit_price: number | null;
  readonly remote_id: string | null;
}

const PRODUCTS = `SELECT '14x' || number AS id, f_productname AS productname, f_serial_no AS serial_no,
  f_unit_price AS unit_price, f_remote_id AS remote_id FROM m_Products`;
const COMPARED = ['productname', 'serial_no', 'unit_price'] as const;

/** Holds both databases against what was promised. Reads them with SQL of its own, not with the code under test. */
export function judge(evidence: Evidence): Finding[] {
  const { a, b } = evidence;
  return [
    { promise: 'the databases are whole', broken: [a.integrity(), b.integrity()].filter((text) => text !== 'ok') },
    { promise: 'no client got an answer it should not get', broken: refusals(evidence.facts) },
    { promise: 'every accepted run completed', broken: unfinishedRuns(a) },
    { promise: 'every save accepted its run', broken: savesWithoutRun(a) },
    ...judgeProducts(evidence),
    { promise: 'no committed step was repeated', broken: repeatedSteps(a) },
    { promise: 'every completed run has all its steps', broken: incompleteRuns(a) },
    ...judgeRequests(a, b),
  ];
}

function refusals({ refusals: codes }: LoadFacts): string[] {
  return [...codes].map(([code, count]) => `${code} ${count} times`);
}

function unfinishedRuns(a: JournalFile): string[] {
  const rows = a.rows<{ id: number; status: string; failure: string | null }>(
    `SELECT id, status, failure FROM runs WHERE status <> 'completed'`,
  );
  return rows.map(({ id, status, failure }) => `run ${id} ${status} ${failure ?? ''}`);
}

/** One change of a client is one entry of the history without a run, and started one workflow. */
function savesWithoutRun(a: JournalFile): string[] {
  const rows = a.rows<{ id: string; saves: number; runs: number }>(
    `SELECT record_id AS id, count(*) AS saves, (SELECT count(*) FROM runs WHERE runs.record_id = h.record_id) AS runs
     FROM record_history h WHERE run IS NULL GROUP BY record_id HAVING saves <> runs`,
  );
  return rows.map(({ id, saves, runs }) => `${id}: ${saves} saves, ${runs} runs`);
}

function judgeProducts({ a, b, facts, ownProductsOfB }: Evidence): Finding[] {
  const atA = a.rows<Product>(PRODUCTS);
  const atB = new Map(b.rows<Product>(PRODUCTS).map((product) => [product.id, product]));
  const byId = new Map(atA.map((product) => [product.id, product]));
  const linked = Map.groupBy(atA, (product) => product.remote_id ?? '');
  const told = [...facts.products];
  const differing = told.filter(([id, values]) => {
    const product = byId.get(id);
    return product !== undefined && COMPARED.some((field) => String(product[field]) !== values[field]);
  });
  const unlike = atA.filter((product) => {
    const other = atB.get(product.remote_id ?? '');
    return other !== undefined && COMPARED.some((field) => product[field] !== other[field]);
  });
  const surplus = atB.size - ownProductsOfB - atA.length;
  return [
    {
      promise: 'no product that a client was told of is missing at A',
      broken: ids(told.filter(([id]) => !byId.has(id))),
    },
    { promise: 'A holds the values last accepted', broken: ids(differing) },
    { promise: 'A holds no product twice', broken: ids(atA.filter(({ id }) => !facts.products.has(id)).map(pairOf)) },
    { promise: 'every product of A is at B', broken: ids(atA.filter((p) => !atB.has(p.remote_id ?? '')).map(pairOf)) },
    { promise: 'no two products of A are one at B', broken: sharedLinks(linked) },
    { promise: 'B holds no product twice', broken: surplus > 0 ? [`${surplus} too many`] : [] },
    { promise: 'A and B hold equal values', broken: ids(unlike.map(pairOf)) },
  ];
}

function pairOf(product: Product): [string, unknown] {
  return [product.id, product];
}

function ids(entries: readonly (readonly [string, unknown])[]): string[] {
  return entries.map(([id]) => id);
}

function sharedLinks(linked: ReadonlyMap<string, readonly Product[]>): string[] {
  return [...linked].flatMap(([link, products]) =>
    products.length > 1 ? [`${link}: ${products.length} products`] : [],
  );
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

interface Request {
  readonly run: number;
  readonly record: string;
  readonly version: number;
}

/** Every change at B came from one request of a run, in the order in which A accepted them. */
function judgeRequests(a: JournalFile, b: JournalFile): Finding[] {
  const keys = b.rows<{ key: string; answer: string }>(
    `SELECT key, answer FROM dedup_keys WHERE scope = 'request' AND key LIKE '%|mw-%' ORDER BY rowid`,
  );
  const requests = keys.map(requestOf);
  const executed = new Set(requests.map(({ record, version }) => `${record} version ${version}`));
  const history = b.rows<{ change: string }>(
    `SELECT record_id || ' version ' || version AS change FROM record_history
     WHERE record_id IN (SELECT record_id FROM record_history WHERE kind = 'create' AND changes NOT LIKE '%"B-own%')`,
  );
  const latest = new Map<string, number>();
  const disorder = requests.flatMap(({ run, record }) => {
    const before = latest.get(record) ?? 0;
    latest.set(record, run);
    return before < run ? [] : [`${record}: run ${run} after run ${before}`];
  });
  const writes = a.number(`SELECT count(*) FROM steps WHERE task IN ('create', 'update') AND status = 'done'`);
  return [
    {
      promise: 'every change at B belongs to one request',
      broken: history.filter(({ change }) => !executed.has(change)).map(({ change }) => change),
    },
    {
      promise: 'every request was executed once',
      broken: requests.length === writes ? [] : [`${writes} steps wrote, ${requests.length} requests were executed`],
    },
    { promise: 'the changes of a product kept their order', broken: disorder },
  ];
}

/** `19x1|mw-INSTALL-RUN-TASK`, and the record it was answered with. */
function requestOf({ key, answer }: { readonly key: string; readonly answer: string }): Request {
  const { id, version } = JSON.parse(answer) as { id: string; version: number };
  return { run: Number(/-(\d+)-[a-z]+$/u.exec(key)?.[1]), record: id, version };
}
