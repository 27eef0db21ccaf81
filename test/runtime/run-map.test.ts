import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MapFailedError } from '../../src/index.ts';
import { PEER_KEY, openPeer, openRuntime } from './runtime-fixture.ts';

/** The error that a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<MapFailedError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof MapFailedError, String(thrown));
  return thrown;
}

describe('runMap', () => {
  it('calls with what is given and gives what the outputs say, without a run or a record', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const result = await runtime.runMap('send', { record: { number: 'SO-1', total: 2.5 }, context: { note: 'now' } });
    assert.deepEqual(JSON.parse(peer.requests[0]?.body ?? ''), { number: 'SO-1', total: 2.5, note: 'now' });
    assert.deepEqual(result.fields, { remote: 'R-1' });
    assert.equal(new TextDecoder().decode(result.body), '{"id":"R-1"}');
    assert.deepEqual(await runtime.administration.runs({ limit: 10 }), []);
  });

  it('gives a sensitive output in plain text, and shows it and the secret as dots', async (t) => {
    const peer = await openPeer(t);
    peer.behave = () => ({ body: { id: 'session-5d81' } });
    const runtime = await openRuntime(t, peer);
    const { context, request, answer } = await runtime.runMap('open');
    assert.equal(peer.requests[0]?.headers.authorization, `Bearer ${PEER_KEY}`);
    assert.deepEqual(context, { session: 'session-5d81' });
    // What one map gave is no less sensitive in the context of the next.
    const next = await runtime.runMap('send', {
      record: { number: 'SO-1' },
      context: { ...context, note: 'session-5d81' },
    });
    assert.equal(JSON.parse(peer.requests[1]?.body ?? '').note, 'session-5d81');
    const shown = JSON.stringify([request, answer, next.request]);
    assert.ok(!shown.includes(PEER_KEY) && !shown.includes('session-5d81'), shown);
  });

  it('reads a record by its id, and writes nothing to it', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const order = await runtime.records.create('Orders', { number: 'SO-2' });
    const ended = runtime.run(1).finished({ timeoutMs: 20_000 });
    await ended;
    const before = await runtime.records.read(order.id);
    const result = await runtime.runMap('send', { record: order.id });
    assert.deepEqual(result.fields, { remote: 'R-3' });
    assert.equal(JSON.parse(peer.requests[2]?.body ?? '').number, 'SO-2');
    assert.deepEqual(await runtime.records.read(order.id), before);
    await assert.rejects(runtime.runMap('send', { record: '50x999' }), { code: 'RECORD_GONE' });
  });

  it('names every call with a key of its own, or with the one given', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const record = { number: 'SO-3' };
    for (const key of [undefined, undefined, 'mine', 'mine']) {
      await runtime.runMap('send', { record, ...(key === undefined ? {} : { key }) });
    }
    const [one, two, three, four] = peer.requests.map(({ headers }) => headers['idempotency-key']);
    assert.ok(one !== undefined && two !== undefined && one !== two);
    assert.ok(three?.toString().endsWith('mine'));
    assert.equal(three, four);
  });

  it('throws what failed, with what the outputs for failures say', async (t) => {
    const peer = await openPeer(t);
    peer.behave = () => ({ status: 422, body: { problem: 'no total' } });
    const runtime = await openRuntime(t, peer);
    const failure = await failureOf(runtime.runMap('send', { record: { number: 'SO-4' } }));
    assert.equal(failure.code, 'CALL_STATUS');
    assert.equal(failure.status, 422);
    assert.equal(failure.retryable, false);
    assert.equal(failure.inDoubt, false);
    assert.deepEqual(failure.result.context, { problem: 'no total' });
    peer.behave = () => ({ status: 503, body: {} });
    assert.equal((await failureOf(runtime.runMap('send', { record: { number: 'SO-4' } }))).retryable, true);
  });

  it('throws with the code of a request that could not be built, and sends nothing', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const failure = await failureOf(runtime.runMap('send', { record: { total: 1 } }));
    assert.equal(failure.code, 'PARAMETER_EMPTY');
    assert.equal(failure.result.request, undefined);
    assert.equal(peer.requests.length, 0);
  });

  it('gives up at a signal', async (t) => {
    const peer = await openPeer(t);
    const runtime = await openRuntime(t, peer);
    const abort = new AbortController();
    peer.behave = () => {
      abort.abort();
      return 'hang';
    };
    const failure = await failureOf(runtime.runMap('send', { record: { number: 'SO-5' }, signal: abort.signal }));
    assert.equal(failure.code, 'CALL_ABORTED');
    assert.equal(failure.inDoubt, true);
    const early = await failureOf(runtime.runMap('send', { record: { number: 'x' }, signal: AbortSignal.abort() }));
    assert.equal(early.code, 'CALL_ABORTED');
    assert.equal(peer.requests.length, 1);
  });

  it('suggests the nearest name for an unknown map', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    await assert.rejects(runtime.runMap('sned'), (error: MapFailedError) => {
      assert.equal(error.code, 'MAP_UNKNOWN');
      assert.match(error.hint ?? '', /"send"/u);
      return true;
    });
  });

  it('keeps to the places of the destination, with other destinations going on', async (t) => {
    const peer = await openPeer(t);
    const map = (name: string, service: string): string =>
      `<map name="${name}" service="${service}"><call method="GET" path="/${name}"/></map>`;
    const text = `<documents xmlns="urn:mapwright:1">
      <service name="narrow" url="{setting.peer_url}"><limit concurrent="1"/></service>
      <service name="wide" url="{setting.peer_url}"/>
      ${map('first', 'narrow')} ${map('second', 'narrow')} ${map('other', 'wide')}</documents>`;
    const runtime = await openRuntime(t, peer, { documents: [{ file: 'm.xml', text }] });
    const arrived = Promise.withResolvers<void>();
    peer.behave = ({ path }) => {
      if (path !== '/first') return { body: {} };
      arrived.resolve();
      return 'hang';
    };
    const abort = new AbortController();
    const first = failureOf(runtime.runMap('first', { signal: abort.signal }));
    await arrived.promise;
    const second = runtime.runMap('second');
    await runtime.runMap('other');
    assert.deepEqual(
      peer.requests.map(({ path }) => path),
      ['/first', '/other'],
    );
    abort.abort();
    assert.equal((await first).code, 'CALL_ABORTED');
    assert.equal((await second).answer?.status, 200);
  });
});
