import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTraceparent } from '../../../src/core/trace.ts';
import { productSync } from '../documents.ts';
import { openHostilePeer } from '../hostile-peer.ts';
import { callingPeer } from '../install-fixture.ts';
import { keepSpans } from './kept-spans.ts';
import { openObserved } from './observed-install.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PRODUCT = JSON.stringify({ productname: 'Bolt' });
const CREATE = { operation: 'create', elementType: 'Products', element: PRODUCT };

/** What came with each request of the peer. */
function sent(peer: Awaited<ReturnType<typeof openHostilePeer>>) {
  return peer.requests.map(({ headers }) => readTraceparent(headers['traceparent'] as string | undefined));
}

describe('an install in which nobody keeps spans', () => {
  it('passes the trace of a client on to all whom it calls, each call with an id of its own', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await openObserved(t, { documents: await productSync(), ...callingPeer(peer) });
    await a.call({ ...CREATE, sessionName: a.session }, { traceparent: `00-${TRACE}-${SPAN}-00` });
    await a.allEnded(1);
    const contexts = sent(peer);
    assert.deepEqual(
      contexts.map((context) => [context?.traceId, context?.sampled]),
      [1, 2, 3, 4].map(() => [TRACE, false]),
    );
    const ids = new Set(contexts.map((context) => context?.spanId));
    assert.equal(ids.size, 4);
    assert.equal(ids.has(SPAN), false);
    const { run, steps } = await a.served.install.administration.run({ id: 1 });
    assert.equal(run.trigger.traceparent, `00-${TRACE}-${SPAN}-00`);
    const recorded = steps.map(({ attempts }) => new Map(attempts[0]?.request?.headers).get('traceparent'));
    assert.deepEqual(
      recorded.map((text) => readTraceparent(text)),
      contexts,
    );
  });

  it('gives the calls of a run a trace of their own where no client traces, and stores nothing for it', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await openObserved(t, { documents: await productSync(), ...callingPeer(peer) });
    await a.call({ ...CREATE, sessionName: a.session }, { traceparent: 'no trace at all' });
    await a.call({ ...CREATE, sessionName: a.session });
    await a.allEnded(2);
    const traces = Map.groupBy(sent(peer), (context) => context?.traceId);
    assert.deepEqual(
      [...traces.values()].map(({ length }) => length),
      [4, 4],
    );
    assert.equal(traces.has(undefined), false);
    for (const id of [1, 2]) {
      const { run } = await a.served.install.administration.run({ id });
      assert.equal('traceparent' in run.trigger, false);
    }
  });

  it('sends none to a service that says so', async (t) => {
    const peer = await openHostilePeer(t);
    const documents = await productSync((text) => text.replace('<service ', '<service trace="false" '));
    const a = await openObserved(t, { documents, ...callingPeer(peer) });
    await a.call({ ...CREATE, sessionName: a.session }, { traceparent: `00-${TRACE}-${SPAN}-01` });
    await a.allEnded(1);
    assert.deepEqual(sent(peer), [undefined, undefined, undefined, undefined]);
  });
});

describe('an install in an application that keeps spans', () => {
  it('gives it the save, the run, its tasks and its calls, all below what the client was doing', async (t) => {
    const { spans, stop } = keepSpans();
    t.after(stop);
    const peer = await openHostilePeer(t);
    const a = await openObserved(t, { documents: await productSync(), ...callingPeer(peer) });
    await a.call({ ...CREATE, sessionName: a.session }, { traceparent: `00-${TRACE}-${SPAN}-01` });
    await a.allEnded(1);
    await a.served.stop();
    const own = spans.filter(({ traceId }) => traceId === TRACE);
    const named = (name: string) => own.filter((span) => span.name === name);
    const [save, ...otherSaves] = named('save');
    const [run, ...otherRuns] = named('run product-created');
    assert.ok(save !== undefined && run !== undefined && otherSaves.length === 0 && otherRuns.length === 0);
    assert.deepEqual([save.parentId, run.parentId], [SPAN, save.spanId]);
    assert.deepEqual(
      run.links.map(({ context }) => context.spanId),
      [save.spanId],
    );
    const tasks = ['challenge', 'login', 'create', 'logout'].map((task) => named(`task ${task}`)[0]);
    assert.deepEqual(
      tasks.map((task) => task?.parentId),
      tasks.map(() => run.spanId),
    );
    const calls = own.filter(({ kind }) => kind === 2);
    assert.deepEqual(
      calls.map(({ parentId }) => parentId),
      tasks.map((task) => task?.spanId),
    );
    assert.deepEqual(
      sent(peer).map((context) => context?.spanId),
      calls.map(({ spanId }) => spanId),
      'the other side stands below the call',
    );
    assert.deepEqual(
      calls.map(({ attributes }) => [attributes['mapwright.destination'], attributes['http.response.status_code']]),
      calls.map(() => ['head-office', 200]),
    );
    assert.deepEqual(
      spans.filter(({ ended }) => ended !== 1),
      [],
    );
    assert.equal(JSON.stringify(spans).includes('Bolt'), false);
  });
});
