import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Runtime, RuntimeEvent } from '../../src/index.ts';
import { EventHub } from '../../src/runtime/event-hub.ts';
import { until } from '../whole/poll.ts';
import { PEER_KEY, openPeer, openRuntime } from './runtime-fixture.ts';

const LIMIT = { timeoutMs: 20_000 };
const KINDS = ['run-started', 'step-ended', 'run-waiting', 'run-ended', 'run-fenced', 'fault'] as const;

/** All events of a runtime, in the order in which they are told. */
function listen(runtime: Runtime): RuntimeEvent[] {
  const events: RuntimeEvent[] = [];
  for (const kind of KINDS) runtime.on(kind, (event) => events.push(event));
  return events;
}

describe('events', () => {
  it('tell the life of a run, after each part of it is stored', async (t) => {
    const peer = await openPeer(t);
    let failures = 1;
    peer.behave = ({ path }) =>
      path === '/orders' && failures-- > 0
        ? { status: 503, body: { problem: PEER_KEY } }
        : { body: { id: 'a-session' } };
    const runtime = await openRuntime(t, peer);
    const events = listen(runtime);
    const order = await runtime.records.create('Orders', { number: 'SO-1' });
    await runtime.run(1).finished(LIMIT);
    const told = events.map((event) => {
      if (event.kind === 'step-ended') return [event.kind, event.step, event.task, event.status, event.code];
      if (event.kind === 'run-started') return [event.kind, event.recordId];
      if (event.kind === 'run-waiting') return [event.kind, event.wait.for];
      return event.kind === 'run-ended' ? [event.kind, event.status] : [event.kind];
    });
    assert.deepEqual(told, [
      ['run-started', order.id],
      ['step-ended', 1, 'open', 'done', undefined],
      ['step-ended', 2, 'send', 'waiting', 'CALL_STATUS'],
      ['run-waiting', 'time'],
      ['step-ended', 2, 'send', 'done', undefined],
      ['run-ended', 'completed'],
    ]);
    const shown = JSON.stringify(events);
    assert.ok(!shown.includes(PEER_KEY) && !shown.includes('a-session'), shown);
    assert.ok(events.every((event) => event.kind !== 'step-ended' || event.durationMs >= 0));
  });

  it('have the durations that the history has', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    const events = listen(runtime);
    await runtime.records.create('Orders', { number: 'SO-2' });
    await runtime.run(1).finished(LIMIT);
    const { steps } = await runtime.administration.run({ id: 1 });
    const stored = steps.map(({ startedAt, endedAt = 0 }) => endedAt - startedAt);
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'step-ended' ? [event.durationMs] : [])),
      stored,
    );
  });

  it('survive listeners that throw and reject: both are told as faults', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    const faults: unknown[] = [];
    runtime.on('fault', ({ error }) => {
      faults.push(error);
      throw new Error('told of nothing');
    });
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    runtime.on('run-started', () => {
      throw thrown;
    });
    runtime.on('run-ended', () => Promise.reject(rejected));
    await runtime.records.create('Orders', { number: 'SO-3' });
    assert.equal((await runtime.run(1).finished(LIMIT)).status, 'completed');
    await until('both faults', () => (faults.length === 2 ? true : undefined));
    assert.deepEqual(faults, [thrown, rejected]);
  });

  it('end with the function that listening gave', async (t) => {
    const runtime = await openRuntime(t, await openPeer(t));
    let told = 0;
    const stop = runtime.on('run-ended', () => (told += 1));
    await runtime.records.create('Orders', { number: 'SO-4' });
    await runtime.run(1).finished(LIMIT);
    assert.equal(told, 1);
    stop();
    stop();
    await runtime.records.create('Orders', { number: 'SO-5' });
    await runtime.run(2).finished(LIMIT);
    assert.equal(told, 1);
  });
});

describe('the hub', () => {
  it('hears a kind exactly while somebody listens to it', () => {
    const hub = new EventHub();
    assert.equal(hub.hears('step-ended'), false);
    const stops = [hub.on('step-ended', () => undefined), hub.on('step-ended', () => undefined)];
    assert.equal(hub.hears('run-ended'), false);
    stops[0]?.();
    assert.equal(hub.hears('step-ended'), true);
    stops[1]?.();
    assert.equal(hub.hears('step-ended'), false);
  });
});
