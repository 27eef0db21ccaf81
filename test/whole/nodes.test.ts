import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { describe, it, type TestContext } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import { isFinal, type Run } from '../../src/core/run.ts';
import { type Install, type OpenInstallParams, openInstall } from '../../src/runtime/install.ts';
import { startServer } from '../../tools/stage/server-process.ts';
import { dropDatabase, emptyDatabase, statement } from '../store/postgres-cluster.ts';
import { mapwright, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { ScriptedPeer, silence } from './scripted-peer.ts';

const CHILD = fileURLToPath(new URL('./node-child.ts', import.meta.url));
const LONG_LEASE_MS = 120_000;
const HOUR = 3_600_000;

const DOCUMENTS = [
  nativeDocument(
    'module',
    'name="Parcels" label="Parcels" prefix="44" title="label"',
    '<field name="label" label="Label" type="string" length="100"/><field name="sent" label="Sent" type="string" length="100"/>',
  ),
  nativeDocument('service', 'name="carrier" url="{setting.carrier_url}"', '<timeout connect="5s" total="60s"/>'),
  nativeDocument(
    'map',
    'name="ship" module="Parcels" service="carrier"',
    '<call method="POST" path="/ship" body="json" in-doubt="resend"/><parameters><parameter name="label" field="label"/></parameters>' +
      '<response><output path="by" field="sent"/></response>',
  ),
  nativeDocument(
    'workflow',
    'name="parcel-shipped" module="Parcels"',
    '<trigger on="manual" wait="10s"/><tasks><webservice id="ship" map="ship"/></tasks>',
  ),
  nativeDocument(
    'workflow',
    'name="parcel-made" module="Parcels"',
    '<trigger on="create"/><tasks><webservice id="ship" map="ship"/></tasks>',
  ),
];

interface Stage {
  readonly database: string;
  readonly folder: string;
  readonly peer: ScriptedPeer;
  /** Works on no run. */
  readonly desk: Install;
  open(params?: Partial<OpenInstallParams>): Promise<Install>;
}

async function stage(t: TestContext): Promise<Stage> {
  const database = await emptyDatabase();
  const closing: (() => Promise<unknown>)[] = [() => dropDatabase(database)];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
  });
  const folder = await temporaryFolder(t);
  const peer = await ScriptedPeer.open(t);
  const open = async (params: Partial<OpenInstallParams> = {}): Promise<Install> => {
    const install = await openInstall({ folder, database, env: {}, ...params });
    closing.push(() => install.close(0));
    return install;
  };
  const desk = await open();
  const { administration } = desk;
  await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  await administration.setSetting({ name: 'carrier_url', value: peer.url });
  const { diagnostics } = await administration.apply({ documents: DOCUMENTS, prune: false, dryRun: false, by: 'test' });
  assert.deepEqual(diagnostics, []);
  return { database, folder, peer, desk, open };
}

function save({ desk }: Stage): Promise<{ readonly id: string }> {
  return desk.crm.create({ actor: { user: '19x1' }, module: 'Parcels', element: { label: 'Bolts' } });
}

function ended({ desk }: Stage, id: number): Promise<Run> {
  return until(`run ${id} ends`, async () => {
    const { run } = await desk.administration.run({ id });
    return isFinal(run.status) ? run : undefined;
  });
}

const by = (name: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: { by: name } });

/** A node in a process of its own, which can be stopped. */
async function startNode(
  t: TestContext,
  { folder, database }: Stage,
  leaseMs: number,
): Promise<{ child: ChildProcess; log(): string }> {
  const words = [CHILD, folder, database, String(leaseMs)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await until('the node works', () => (output.includes('ready\n') ? true : undefined));
  return { child, log: () => output };
}

describe('a node that was stopped for longer than its lease', () => {
  it('commits nothing of the answer that it gets when it wakes', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response), by('the living'));
    const zombie = await startNode(t, all, 1_500);
    const parcel = await save(all);
    const held = await asked;
    zombie.child.kill('SIGSTOP');
    // Long enough for it to keep what it claims on a busy machine.
    const other = await startNode(t, all, 9_000);
    assert.equal((await ended(all, 1)).status, 'completed');
    held.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ by: 'the zombie' }));
    zombie.child.kill('SIGCONT');
    await until('the zombie sees that it lost the run', () => (zombie.log().includes('run-fenced') ? true : undefined));
    const { values } = await all.desk.crm.retrieve(parcel.id);
    assert.equal(values['sent'], 'the living');
    const { steps } = await all.desk.administration.run({ id: 1 });
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['done'],
    );
    assert.equal(new Set(all.peer.of('/ship').map(({ headers }) => headers['idempotency-key'])).size, 1);
    assert.doesNotMatch(other.log(), /run-fenced/u);
  });

  it('does not send what it had committed to send just before', async (t) => {
    const all = await stage(t);
    let lead = 0;
    const zombie = await all.open({ leaseMs: LONG_LEASE_MS });
    const { journal } = zombie.engine;
    const time = zombie.clock.now.bind(zombie.clock);
    Object.assign(zombie.clock, { now: () => time() + lead });
    const settle = journal.settle.bind(journal);
    // The answer to its commit comes after others have claimed the run.
    const late: typeof settle = async (lease, settlement) => {
      const result = await settle(lease, settlement);
      if (settlement.begin === undefined) return result;
      await statement(all.database, `UPDATE runs SET epoch = epoch + 1, lease_owner = 'another', due_at = ${2 ** 50}`);
      lead = LONG_LEASE_MS;
      return result;
    };
    Object.assign(journal, { settle: late });
    const fenced = new Promise((resolve) => void zombie.events.on('run-fenced', resolve));
    await zombie.startWorker();
    await save(all);
    await fenced;
    await zombie.close(1_000);
    assert.deepEqual(all.peer.of('/ship'), []);
  });

  it('gives its calls up when it can reach the database no more', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response));
    const node = await all.open({ leaseMs: 900 });
    const unreachable = () => Promise.reject(new Error('the network is gone'));
    await node.startWorker();
    await save(all);
    const held = await asked;
    Object.assign(node.engine.journal, { heartbeat: unreachable, claimDue: unreachable });
    await once(held, 'close');
    assert.equal(held.writableFinished, false);
    const { run } = await all.desk.administration.run({ id: 1 });
    assert.equal(run.status, 'running');
  });
});

describe('a node that is told to end', () => {
  it('hands back what it is not done with, and others go on before its leases are over', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response), by('the other'));
    const first = await all.open({ leaseMs: LONG_LEASE_MS });
    await first.startWorker();
    const parcel = await save(all);
    await asked;
    const second = await all.open({ leaseMs: LONG_LEASE_MS });
    await second.startWorker();
    await first.close(50);
    assert.equal((await ended(all, 1)).status, 'completed');
    assert.equal((await all.desk.crm.retrieve(parcel.id)).values['sent'], 'the other');
  });

  it('claims nothing from then on, and lets its calls end', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response), silence);
    const node = await all.open({ leaseMs: LONG_LEASE_MS });
    await node.startWorker();
    await save(all);
    const held = await asked;
    node.drain(30_000);
    await save(all);
    held.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ by: 'the leaving' }));
    await node.close(30_000);
    const runs = (await all.desk.administration.runs({ limit: 10 })).toSorted((one, other) => one.id - other.id);
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['completed', 'pending'],
    );
    assert.equal(all.peer.of('/ship').length, 1);
  });
});

describe('the nodes of an install', () => {
  it('are told with what they hold, and workers among them work', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response));
    const { folder, database } = all;
    const worker = startServer({ folder, database, port: 0, command: 'worker' });
    t.after(() => worker.kill().catch(() => undefined));
    await worker.ready;
    await save(all);
    await asked;
    const env = { DATABASE_URL: database };
    const { output } = await mapwright(['nodes', '--json', '--dir', folder], { env });
    const { nodes } = JSON.parse(output) as { readonly nodes: readonly Record<string, unknown>[] };
    assert.deepEqual(
      nodes.map(({ state, runs }) => ({ state, runs })),
      [{ state: 'working', runs: 1 }],
    );
    assert.ok(String(nodes[0]?.['name']).endsWith(`:${worker.pid}`));
    const table = await mapwright(['nodes', '--dir', folder], { env });
    assert.match(table.output, /working +1 /u);
    await worker.stop();
    assert.deepEqual(await all.desk.administration.nodes(), []);
  });

  it('tell a caller who waits for a run of its end at another node', async (t) => {
    const all = await stage(t);
    all.peer.reply('/ship', by('the other'));
    // It accepts runs, and claims none.
    const asked = await all.open({ capacity: 0 });
    await asked.startWorker();
    const parcel = await save(all);
    const working = await all.open();
    await working.startWorker();
    await ended(all, 1);
    const { runs } = await asked.administration.start({
      workflow: 'parcel-shipped',
      records: [parcel.id],
      waitMs: 20_000,
      by: 'admin',
    });
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['completed'],
    );
  });

  it('go by the time of the database, whatever their own clocks show', async (t) => {
    const all = await stage(t);
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    all.peer.reply('/ship', (response) => resolve(response), by('the wrong'), by('the wrong'));
    const right = await all.open({ leaseMs: 9_000 });
    await right.startWorker();
    await save(all);
    const held = await asked;
    const leads = { fast: HOUR, slow: -HOUR };
    const open = (name: keyof typeof leads): Promise<Install> =>
      all.open({ clock: { now: () => Date.now() + leads[name] }, leaseMs: 9_000 });
    const [fast, slow] = [await open('fast'), await open('slow')];
    const told: unknown[] = [];
    for (const node of [fast, slow]) {
      node.events.on('fault', ({ error }) => told.push(error instanceof MapwrightError ? error.code : error));
      await node.startWorker();
    }
    assert.deepEqual(told, ['NODE_CLOCK_WRONG', 'NODE_CLOCK_WRONG']);
    for (const node of [fast, slow]) {
      assert.ok(Math.abs(node.clock.now() - right.clock.now()) < HOUR / 2);
      assert.equal((await node.administration.nodes()).filter(({ state }) => state === 'gone').length, 0);
      // What the right one holds seems to nobody to have run out.
      await node.engine.dispatcher.kick([{ run: 1 }]);
    }
    leads.fast = -3 * HOUR;
    await fast.engine.dispatcher.kick([{ run: 1 }]);
    held.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ by: 'the right' }));
    assert.equal((await ended(all, 1)).status, 'completed');
    assert.equal(all.peer.of('/ship').length, 1);
    await right.close(1_000);
    for (const [index, node] of [fast, slow].entries()) {
      await node.crm.create({ actor: { user: '19x1' }, module: 'Parcels', element: { label: 'Bolts' } });
      const run = await ended(all, index + 2);
      assert.equal(run.status, 'completed');
      for (const at of [run.acceptedAt, run.startedAt ?? 0, run.endedAt ?? 0]) {
        assert.ok(Math.abs(at - Date.now()) < HOUR / 2);
      }
    }
  });

  it('are needed for a worker', async (t) => {
    const folder = await temporaryFolder(t);
    const { exitCode, errors } = await mapwright(['worker', '--dir', folder], { env: { DATABASE_URL: '' } });
    assert.equal(exitCode, 2);
    assert.match(errors, /DATABASE_URL/u);
  });
});
