import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { MapwrightError, type Runtime, createRuntime } from '../../src/index.ts';
import { until } from '../whole/poll.ts';
import { Application } from './application.ts';
import { ORDERS, type Peer, makeFolder, openPeer, openRuntime } from './runtime-fixture.ts';

const LIMIT = { timeoutMs: 20_000 };

interface Scene {
  readonly peer: Peer;
  readonly application: Application;
  readonly runtime: Runtime;
}

/** An application with the order `order/1`, and a runtime on its records. */
async function open(t: TestContext): Promise<Scene> {
  const peer = await openPeer(t);
  const application = new Application(':memory:');
  application.add('order/1', 'SO-1');
  const runtime = await openRuntime(t, peer, { records: application.records });
  return { peer, application, runtime };
}

/** The creation of `order/1` as the application tells it. */
function creation({ application }: Pick<Scene, 'application'>, key = 'change-1') {
  const after = application.find('order/1')?.values ?? {};
  return { kind: 'create', module: 'Orders', id: 'order/1', after, key } as const;
}

describe('records of the application', () => {
  it('are read for the calls of a run and get what comes back', async (t) => {
    const scene = await open(t);
    const { peer, application, runtime } = scene;
    const { runs, repeated } = await runtime.changed(creation(scene));
    assert.equal(repeated, false);
    const finished = await runtime.run(runs[0] ?? 0).finished(LIMIT);
    assert.equal(finished.status, 'completed');
    assert.deepEqual(JSON.parse(peer.requests[1]?.body ?? ''), { number: 'SO-1', total: 2.5, note: 'none' });
    assert.equal(application.find('order/1')?.values['remote'], 'R-2');
    assert.deepEqual(
      application.calls().map(({ fields }) => fields),
      ['{"remote":"R-2"}'],
    );
    // A boolean that the database keeps as a number is a boolean to maps.
    assert.equal(finished.record?.values['paid'], true);
    assert.equal(finished.record?.version, 2);
  });

  it('start nothing twice when a change is told again, at once or after a restart', async (t) => {
    const peer = await openPeer(t);
    const folder = await makeFolder(t);
    const application = new Application(':memory:');
    application.add('order/1', 'SO-1');
    const first = await openRuntime(t, peer, { folder, records: application.records });
    const change = creation({ application });
    const answers = await Promise.all([first.changed(change), first.changed(change)]);
    assert.deepEqual(answers.map(({ repeated }) => repeated).toSorted(), [false, true]);
    assert.deepEqual(answers[0]?.runs, answers[1]?.runs);
    await first.run(1).finished(LIMIT);
    await first.close();
    const second = await createRuntime({ folder, records: application.records });
    t.after(() => second.close({ graceMs: 0 }));
    assert.deepEqual(await second.changed(change), { runs: [1], repeated: true });
    await assert.rejects(second.changed({ ...change, after: { number: 'SO-2' } }), { code: 'CHANGE_KEY_REUSED' });
    assert.equal((await second.administration.runs({ limit: 10 })).length, 1);
  });

  it('see the same key again after a crash between their commit and the one of the journal', async (t) => {
    const peer = await openPeer(t);
    // The other side honours the key, so that the repeated call is answered as before.
    peer.behave = () => ({ body: { id: 'R-same' } });
    const folder = await makeFolder(t);
    const file = join(folder, 'application.db');
    new Application(file).add('order/1', 'SO-1');
    const install = join(folder, 'install');
    const script = join(import.meta.dirname, 'own-records-child.ts');
    const child = spawn(process.execPath, [script, install, file, peer.url], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL');
    const application = new Application(file);
    assert.equal(application.find('order/1')?.values['remote'], 'R-same');
    // What the application wrote is undone by somebody: the write is decided again, with its key.
    application.db.prepare('UPDATE orders SET remote = NULL').run();
    const runtime = await createRuntime({ folder: install, records: application.records });
    t.after(() => runtime.close({ graceMs: 0 }));
    assert.equal((await runtime.run(1).finished(LIMIT)).status, 'completed');
    const keys = application.calls().map(({ key }) => key);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
    assert.equal(application.find('order/1')?.values['remote'], null, 'a key that is known changes nothing');
    const sent = peer.requests
      .filter(({ path }) => path === '/orders')
      .map(({ headers }) => headers['idempotency-key']);
    assert.equal(sent.length, 2);
    assert.equal(sent[0], sent[1]);
  });

  it('are asked again while they cannot be read or written', async (t) => {
    const scene = await open(t);
    const { peer, application, runtime } = scene;
    const faults: unknown[] = [];
    runtime.on('fault', ({ error }) => faults.push(error));
    let failures = 2;
    application.beforeApply = () => {
      if (failures-- > 0) throw new Error('the database is away');
    };
    await runtime.changed(creation(scene));
    assert.equal((await runtime.run(1).finished(LIMIT)).status, 'completed');
    assert.equal(faults.length, 1);
    // The call that was answered is not made again for it.
    assert.equal(peer.requests.length, 2);
  });

  it('let the run wait for a person when the application refuses for good', async (t) => {
    const scene = await open(t);
    const { application, runtime } = scene;
    application.beforeApply = () => {
      throw new MapwrightError('ORDER_CLOSED', 'the order is closed');
    };
    await runtime.changed(creation(scene));
    const run = await until('the run waits for a person', async () => {
      const [found] = await runtime.administration.runs({ limit: 1 });
      return found?.wait?.for === 'person' ? found : undefined;
    });
    assert.match(run.wait?.reason ?? '', /ORDER_CLOSED/u);
    application.beforeApply = () => undefined;
    await runtime.administration.retry({ id: run.id, by: 'admin' });
    assert.equal((await runtime.run(run.id).finished(LIMIT)).status, 'completed');
  });

  it('are decided again when they were changed meanwhile', async (t) => {
    const scene = await open(t);
    const { application, runtime } = scene;
    let others = 1;
    application.beforeApply = () => {
      if (others-- > 0) application.db.prepare('UPDATE orders SET total = 9, version = version + 1').run();
    };
    await runtime.changed(creation(scene));
    assert.equal((await runtime.run(1).finished(LIMIT)).status, 'completed');
    const order = application.find('order/1');
    assert.deepEqual([order?.values['total'], order?.values['remote'], order?.version], [9, 'R-2', 3]);
    assert.equal(application.calls().length, 2);
  });

  it('cancel their runs when they are deleted', async (t) => {
    const scene = await open(t);
    const change = creation(scene);
    scene.application.db.exec('DELETE FROM orders');
    await scene.runtime.changed(change);
    assert.equal((await scene.runtime.run(1).finished(LIMIT)).status, 'canceled');
    assert.equal(scene.peer.requests.length, 0);
  });

  it('are named by what is wrong with a change that is told of them', async (t) => {
    const { runtime } = await open(t);
    const change = { kind: 'update', module: 'Orders', id: 'order/1', key: 'k' } as const;
    const wrong = { code: 'CHANGE_INVALID' };
    await assert.rejects(runtime.changed(change), wrong);
    await assert.rejects(runtime.changed({ ...change, before: {} }), wrong);
    await assert.rejects(runtime.changed({ ...change, before: {}, after: {}, module: 'Bills' }), wrong);
    await assert.rejects(runtime.changed({ ...change, before: {}, after: {}, key: '' }), wrong);
    await assert.rejects(runtime.changed({ ...change, before: {}, after: {}, id: 'x'.repeat(300) }), wrong);
    await assert.rejects(runtime.changed({ ...change, before: {}, after: { total: 'much' } }), {
      code: 'RECORD_INVALID',
    });
    assert.deepEqual(await runtime.changed({ ...change, before: {}, after: { number: 'x' } }), {
      runs: [],
      repeated: false,
    });
    await assert.rejects(runtime.records.create('Orders', {}), { code: 'RUNTIME_OWN_RECORDS' });
  });

  it('are no matter of a runtime with built-in records', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    const change = { kind: 'create', module: 'Orders', id: '50x1', after: {}, key: 'k' } as const;
    await assert.rejects(runtime.changed(change), { code: 'RUNTIME_BUILT_IN_RECORDS' });
  });

  it('are read behind references', async (t) => {
    const peer = await openPeer(t);
    const documents = ORDERS.map(({ file, text }) => ({
      file,
      text: text.replace('context="note" default="none"', 'field="account.number"'),
    }));
    const runtime = await openRuntime(t, peer, {
      documents,
      records: {
        read: (id) => ({ module: 'Orders', values: { number: `number of ${id}`, account: id === 'a' ? 'b' : null } }),
        apply: () => 'applied',
      },
    });
    await runtime.runMap('send', { record: 'a' });
    assert.equal(JSON.parse(peer.requests[0]?.body ?? '').note, 'number of b');
    await runtime.runMap('send', { record: 'b' });
    assert.equal(JSON.parse(peer.requests[1]?.body ?? '').note, null);
  });

  it('are found by start and runMap', async (t) => {
    const scene = await open(t);
    const { peer, runtime } = scene;
    const result = await runtime.runMap('send', { record: 'order/1' });
    assert.deepEqual(result.fields, { remote: 'R-1' });
    const run = await runtime.start('order-sent-by-hand', { record: 'order/1' });
    assert.equal((await run.finished(LIMIT)).record?.values['remote'], 'R-2');
    assert.equal(peer.requests.length, 2);
  });
});
