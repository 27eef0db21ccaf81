import { isFinal, type Run } from '../../core/run.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Comparison, DemoFacts, SaveFact, Scene, Totals } from './facts.ts';
import { readRunFact, watchRuns } from './run-facts.ts';
import { PRODUCTS_AT_B, type Stage, switchOff, switchOn } from './stage.ts';
import { WebserviceClient, type WireRecord } from './webservice-client.ts';

/** Everything that hand-glued text formats trip over. */
const AWKWARD_NAME = 'Bolt "M8" C:\\new\n&<Söhne> 1% +$ 螺栓 🔩';
const PLAIN_NAME = 'Bolt M8 & Söhne 螺栓';
const RUN_TIMEOUT_MS = 30_000;

interface Play {
  readonly stage: Stage;
  readonly client: WebserviceClient;
  readonly scenes: Scene[];
  readonly saves: SaveFact[];
  /** Record id -> the values that A was given. */
  readonly expected: Map<string, WireRecord>;
}

/** Plays the whole story and tells what was found. */
export async function play(stage: Stage, published: boolean): Promise<DemoFacts> {
  const client = await WebserviceClient.signIn({ url: stage.a.url, user: 'admin', accessKey: stage.keys.a });
  const running: Play = { stage, client, scenes: [], saves: [], expected: new Map() };
  if (published) await playAwkward(running);
  const id = await playCreate(running, published ? PLAIN_NAME : AWKWARD_NAME);
  await playChange(running, id);
  await playOutage(running, id, published);
  await client.signOut();
  return conclude(running, { id, published });
}

/** A name that breaks the published maps' hand-made JSON: it must fail visibly, and harm nothing. */
async function playAwkward(running: Play): Promise<void> {
  const { client, stage } = running;
  const element = {
    productname: AWKWARD_NAME,
    serial_no: 'SN-0',
    unit_price: '1.50',
    description: 'words of a person',
  };
  const { saved, record } = await save(running, AWKWARD_NAME, () => client.create('Products', element));
  const run = await finishedRun(running);
  const after = await client.retrieve(record['id'] ?? '');
  const fields = ['productname', 'serial_no', 'unit_price', 'description'];
  running.scenes.push({
    title: 'A product with an awkward name is created in A',
    saves: [saved],
    waiting: [],
    runs: [await readRunFact(stage.a.install.administration, run.id)],
    detail: 'lines',
    untouched: Object.fromEntries(fields.map((name) => [name, after[name] === record[name]])),
  });
}

async function playCreate(running: Play, name: string): Promise<string> {
  const { client, stage } = running;
  const element = { productname: name, serial_no: 'SN-1', unit_price: '1.50' };
  const { saved, record } = await save(running, name, () => client.create('Products', element));
  const run = await finishedRun(running);
  running.scenes.push({
    title: 'A product is created in A',
    saves: [saved],
    waiting: [],
    runs: [await readRunFact(stage.a.install.administration, run.id)],
    detail: 'lines',
    untouched: {},
  });
  return record['id'] ?? '';
}

async function playChange(running: Play, id: string): Promise<void> {
  const saved = await change(running, { id, serial_no: 'SN-2' }, 'serial_no SN-1 -> SN-2');
  const run = await finishedRun(running);
  running.scenes.push({
    title: 'It is changed in A',
    saves: [saved],
    waiting: [],
    runs: [await readRunFact(running.stage.a.install.administration, run.id)],
    detail: 'brief',
    untouched: {},
  });
}

/** The published maps have no error plan: they wait as the product waits when nothing is said. */
const SHORTENED = ' (first retry after 1 s here; 5 s in the document)';

async function playOutage(running: Play, id: string, published: boolean): Promise<void> {
  const { stage } = running;
  const { administration } = stage.a.install;
  await switchOff(stage);
  const saves = [
    await change(running, { id, serial_no: 'SN-3' }, 'serial_no SN-2 -> SN-3', true),
    await change(running, { id, unit_price: '1.75' }, 'unit_price 1.50 -> 1.75', true),
  ];
  const seen = await watchRuns(administration, isWaitingTwice, RUN_TIMEOUT_MS);
  const waiting = seen
    .filter(({ status }) => !isFinal(status))
    .map((run) => ({ run: run.id, reason: whyWaiting(run) }));
  await watchRuns(
    administration,
    (runs) => runs.some((run) => run.wait?.reason.endsWith('try 3') === true),
    RUN_TIMEOUT_MS,
  );
  await switchOn(stage);
  await watchRuns(administration, (runs) => runs.every(({ status }) => isFinal(status)), RUN_TIMEOUT_MS);
  running.scenes.push({
    title: `B is switched off, the product is changed twice more${published ? '' : SHORTENED}`,
    saves,
    waiting,
    runs: await Promise.all(waiting.map(({ run }) => readRunFact(administration, run))),
    detail: 'ends',
    untouched: {},
  });
}

function isWaitingTwice(runs: readonly Run[]): boolean {
  return runs.filter(({ status, wait }) => !isFinal(status) && wait !== undefined).length === 2;
}

function whyWaiting({ wait }: Run): string {
  if (wait?.for === 'lane') return `behind run ${wait.key} (same record)`;
  const seconds = wait?.until === undefined ? '' : ` in ${((wait.until - wait.since) / 1000).toFixed(1)} s`;
  return `${wait?.reason ?? ''}${seconds}`;
}

async function change(running: Play, element: JsonObject, what: string, peerIsDown = false): Promise<SaveFact> {
  return (await save(running, what, () => running.client.revise(element), peerIsDown)).saved;
}

async function save(
  { saves, expected }: Play,
  what: string,
  act: () => Promise<WireRecord>,
  peerIsDown = false,
): Promise<{ saved: SaveFact; record: WireRecord }> {
  const startedAt = performance.now();
  const record = await act();
  const id = record['id'] ?? '';
  const saved = { id, what, ms: Math.round(performance.now() - startedAt), peerIsDown };
  saves.push(saved);
  expected.set(id, record);
  return { saved, record };
}

/** The run of the latest save, once it has ended. */
async function finishedRun({ stage, saves }: Play): Promise<Run> {
  const runs = await watchRuns(
    stage.a.install.administration,
    (all) => all.length === saves.length && all.every(({ status }) => isFinal(status)),
    RUN_TIMEOUT_MS,
  );
  return runs.at(-1) as Run;
}

async function conclude(running: Play, params: { id: string; published: boolean }): Promise<DemoFacts> {
  const { stage, scenes } = running;
  const { published } = params;
  const b = await WebserviceClient.signIn({ url: stage.b.url, user: 'admin', accessKey: stage.keys.b });
  const a = await WebserviceClient.signIn({ url: stage.a.url, user: 'admin', accessKey: stage.keys.a });
  const product = await a.retrieve(params.id);
  const link = published ? 'description' : 'remote_id';
  const atB = await b.query("select * from Products where serial_no like 'SN-%';");
  await Promise.all([a.signOut(), b.signOut()]);
  const comparison = compare({ product, other: atB.find(({ id }) => id === product[link]), link, published });
  const totals = await count(running, atB.length);
  const facts = {
    documents: published ? ('published' as const) : ('native' as const),
    a: {
      url: stage.a.url,
      checked: stage.checked.counts,
      errors: stage.checked.diagnostics.filter(({ severity }) => severity === 'error').length,
    },
    b: { url: stage.b.url, products: PRODUCTS_AT_B },
    scenes,
    comparison,
    totals,
  };
  return { ...facts, failures: judge(facts) };
}

function compare(params: {
  product: WireRecord;
  other: WireRecord | undefined;
  link: string;
  published: boolean;
}): Comparison {
  const { product, other, link } = params;
  const same = (name: string): Comparison['fields'][number] => {
    const [mine, theirs] = [product[name] ?? '', other?.[name] ?? ''];
    return { name, a: mine, b: theirs, verdict: mine === theirs ? 'same' : 'DIFFERENT' };
  };
  // The published maps do not send the price.
  const fields = params.published ? ['productname', 'serial_no'] : ['productname', 'serial_no', 'unit_price'];
  const linked = product[link] ?? '';
  return {
    a: product['id'] ?? '',
    b: other?.['id'] ?? '(none)',
    fields: [
      ...fields.map(same),
      { name: link, a: linked, b: '(none)', verdict: linked !== '' && linked === other?.['id'] ? '' : 'DIFFERENT' },
    ],
  };
}

async function count({ stage, saves, scenes, expected }: Play, arrived: number): Promise<Totals> {
  const runs = await stage.a.install.administration.runs({ limit: 100 });
  const failedRuns = scenes.flatMap((scene) => scene.runs).filter(({ status }) => status === 'failed').length;
  const shouldArrive = expected.size - failedRuns;
  return {
    saves: saves.length,
    completed: runs.filter(({ status }) => status === 'completed').length,
    failed: runs.filter(({ status }) => status === 'failed').length,
    lost: saves.length - runs.length + Math.max(0, shouldArrive - arrived),
    duplicated: Math.max(0, arrived - shouldArrive),
    sessionsOpen: await stage.b.install.identities.openSessions({ openedSince: 0, usedSince: 0 }),
  };
}

/** What must hold. The published logout map sends no session name: the sessions it leaves open are told, not held against us. */
function judge(facts: Omit<DemoFacts, 'failures'>): string[] {
  const { totals, comparison, scenes, documents } = facts;
  const isPublished = documents === 'published';
  const problems: [boolean, string][] = [
    [facts.a.errors > 0, `${facts.a.errors} errors in the documents`],
    [totals.lost > 0, `${totals.lost} lost`],
    [totals.duplicated > 0, `${totals.duplicated} duplicated`],
    [!isPublished && totals.sessionsOpen > 0, `${totals.sessionsOpen} sessions left open at B`],
    [totals.completed + totals.failed !== totals.saves, 'runs are not done'],
    [totals.failed !== (isPublished ? 1 : 0), `${totals.failed} runs failed`],
    [comparison?.fields.some(({ verdict }) => verdict === 'DIFFERENT') ?? true, 'the records differ'],
    [scenes.some(({ untouched }) => Object.values(untouched).includes(false)), 'a failed call changed a field of A'],
  ];
  return problems.flatMap(([isTrue, text]) => (isTrue ? [text] : []));
}
