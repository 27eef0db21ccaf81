import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRuntime } from '../../src/index.ts';
import { ORDERS, PEER_KEY, makeFolder, openPeer, openRuntime } from './runtime-fixture.ts';

const LIMIT = { timeoutMs: 20_000 };

describe('start and finished', () => {
  it('runs a workflow on a record and tells how it ended', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const order = await runtime.records.create('Orders', { number: 'SO-1' });
    const created = await runtime.run(1).finished(LIMIT);
    // What the first workflow got as a sensitive value is shown to nobody.
    assert.deepEqual(created.context, { session: '••••' });
    const run = await runtime.start('order-sent-by-hand', { record: order.id, context: { note: 'by hand' } });
    const finished = await run.finished(LIMIT);
    assert.equal(finished.id, run.id);
    assert.equal(finished.status, 'completed');
    assert.equal(finished.failure, undefined);
    assert.deepEqual(finished.context, { note: 'by hand' });
    assert.equal(finished.record?.values['remote'], 'R-3');
    assert.equal(JSON.parse(peer.requests[2]?.body ?? '').note, 'by hand');
  });

  it('starts one run for a key, and refuses the key for another start', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const order = await runtime.records.create('Orders', { number: 'SO-2' });
    const params = { record: order.id, key: 'once' };
    const both = await Promise.all([1, 2].map(() => runtime.start('order-sent-by-hand', params)));
    assert.equal(both[0]?.id, both[1]?.id);
    await assert.rejects(runtime.start('order-sent-by-hand', { ...params, context: { note: 'other' } }), {
      code: 'DUPLICATE_REQUEST_IDENTIFIER',
    });
  });

  it('refuses what cannot be started', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    await assert.rejects(runtime.start('order-sent-by-hnad'), { code: 'WORKFLOW_UNKNOWN' });
    await assert.rejects(runtime.start('order-created', { record: '50x1' }), { code: 'WORKFLOW_NOT_MANUAL' });
    await assert.rejects(runtime.start('order-sent-by-hand'), { code: 'START_RECORD_MISSING' });
    await assert.rejects(runtime.start('order-sent-by-hand', { record: '50x9' }), { code: 'START_RECORD_UNKNOWN' });
  });

  it('says that a condition does not hold instead of giving no run', async (t) => {
    const never = ORDERS.map(({ file, text }) => ({
      file,
      text: text.replace('<trigger on="manual"/>', '<trigger on="manual" when="record.total > 100"/>'),
    }));
    const runtime = await openRuntime(t, await openPeer(t), { documents: never });
    const order = await runtime.records.create('Orders', { number: 'SO-3', total: 1 });
    await assert.rejects(runtime.start('order-sent-by-hand', { record: order.id }), { code: 'START_CONDITION_FALSE' });
  });

  it('gives up waiting at the limit, at a signal and at the close, and the run goes on', async (t) => {
    const peer = await openPeer(t);
    const folder = await makeFolder(t);
    peer.behave = () => ({ status: 503, body: {} });
    const runtime = await openRuntime(t, peer, { folder });
    await runtime.records.create('Orders', { number: 'SO-4' });
    const run = runtime.run(1);
    await assert.rejects(run.finished({ timeoutMs: 1 }), { code: 'RUN_NOT_FINISHED' });
    const reason = new Error('enough');
    await assert.rejects(run.finished({ signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(runtime.run(77).finished(), { code: 'RUN_UNKNOWN' });
    const closing = assert.rejects(run.finished(), { code: 'RUNTIME_CLOSED' });
    await runtime.close();
    await closing;
    peer.behave = () => ({ body: { id: 'R-back' } });
    const again = await createRuntime({ folder });
    t.after(() => again.close({ graceMs: 0 }));
    const finished = await again.run(1).finished(LIMIT);
    assert.equal(finished.status, 'completed');
    assert.equal(finished.record?.values['remote'], 'R-back');
    assert.equal(peer.requests.at(-1)?.headers.authorization, `Bearer ${PEER_KEY}`);
  });

  it('hands back a call that is under way at the close: it is made again under its key', async (t) => {
    const peer = await openPeer(t);
    const folder = await makeFolder(t);
    const underWay = Promise.withResolvers<void>();
    peer.behave = ({ path }) => {
      if (path !== '/orders') return { body: { id: 'a-session' } };
      underWay.resolve();
      return 'hang';
    };
    const runtime = await openRuntime(t, peer, { folder });
    await runtime.records.create('Orders', { number: 'SO-6' });
    await underWay.promise;
    await runtime.close({ graceMs: 0 });
    peer.behave = () => ({ body: { id: 'R-again' } });
    const again = await createRuntime({ folder });
    t.after(() => again.close({ graceMs: 0 }));
    const finished = await again.run(1).finished(LIMIT);
    assert.equal(finished.status, 'completed');
    assert.equal(finished.record?.values['remote'], 'R-again');
    const keys = peer.requests
      .filter(({ path }) => path === '/orders')
      .map(({ headers }) => headers['idempotency-key']);
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
  });

  it('tells of a run that was canceled before it began', async (t) => {
    const peer = await openPeer(t);
    peer.behave = () => ({ status: 503, body: {} });
    const runtime = await openRuntime(t, peer);
    const order = await runtime.records.create('Orders', { number: 'SO-5' });
    const behind = await runtime.start('order-sent-by-hand', { record: order.id });
    const ended = behind.finished(LIMIT);
    await runtime.administration.cancel({ id: behind.id, by: 'admin', reason: 'not wanted' });
    assert.equal((await ended).status, 'canceled');
  });
});
