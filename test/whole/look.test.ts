import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Clock } from '../../src/core/clock.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { onCreate, ORDERS, type Reply, ScriptedPeer, shop, silence } from './scripted-peer.ts';

/** A clock that can be set forward, so that no test waits for one. */
class Wheel implements Clock {
  #ahead = 0;
  now(): number {
    return Date.now() + this.#ahead;
  }
  turn(ms: number): void {
    this.#ahead += ms;
  }
}

const send = (found = '', map = 'find-order') =>
  nativeDocument(
    'map',
    'name="send-order" module="Orders" service="shop"',
    `<call method="POST" path="/send"><timeout total="300ms"/><look map="${map}"${found}/></call>
     <parameters><parameter name="no" field="order_no"/></parameters>
     <response><output path="id" field="remote"/></response>`,
  );
const find = (attributes = 'method="GET" path="/find"') =>
  nativeDocument(
    'map',
    'name="find-order" module="Orders" service="shop"',
    `<call ${attributes}/><parameters><parameter name="no" in="query" field="order_no"/></parameters>
     <response><output path="id" field="remote"/></response>`,
  );

const PLAN = '<on-error><retry times="2" every="50ms"/><notify to="user:admin"/><abort to="end"/></on-error>';
const FIND = '/find?no=SO-1';

interface Scene {
  readonly send: readonly Reply[];
  readonly find: readonly Reply[];
  readonly found?: string;
  readonly plan?: string;
}

async function open(t: TestContext, scene: Scene) {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/send', ...scene.send);
  peer.reply(FIND, ...scene.find);
  const clock = new Wheel();
  const task = `<webservice id="send" map="send-order">${scene.plan ?? PLAN}</webservice><end id="end"/>`;
  const documents = [ORDERS, shop(peer), send(scene.found), find(), onCreate(task)];
  const a = await TestInstall.open(t, { documents, clock });
  await a.create({ order_no: 'SO-1' }, 'Orders');
  /** Lets the wait for a moment pass. */
  const pass = async (): Promise<void> => {
    const { until: end = 0 } = await a.waiting(1, 'time');
    clock.turn(Math.max(0, end - clock.now()) + 1);
    await a.install.administration.retry({ id: 1, by: 'admin' }).catch(() => undefined);
  };
  return { a, peer, clock, pass };
}

const stepsOf = async (a: TestInstall) =>
  (await a.steps(1)).filter(({ task }) => task === 'send').map(({ purpose, status }) => `${purpose} ${status}`);

const there = { status: 200, body: { id: '7' } };
const missing: Reply = { status: 200, body: {} };

describe('a call without an answer, of a map that looks first', () => {
  it('is not sent again when the look finds what it did, and takes what was found', async (t) => {
    const { a, peer, pass } = await open(t, { send: [silence], find: [there] });
    await pass();
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled], ['completed', false]);
    assert.equal((await a.values('60x1'))['remote'], '7');
    assert.deepEqual(await stepsOf(a), ['main done', 'look done']);
    assert.equal(peer.of('/send').length, 1);
  });

  for (const [what, nothing, found] of [
    ['has nothing in its outputs', missing, ''],
    ['answers 404', 404, ''],
    [
      'answers otherwise than found="..." asks',
      { status: 200, body: { id: '', total: 0 } },
      ' found="response.body.total > 0"',
    ],
  ] as const) {
    it(`is sent again when the look ${what}`, async (t) => {
      const { a, peer, pass } = await open(t, { send: [silence, there], find: [nothing], found });
      await pass();
      assert.equal((await a.ended(1)).status, 'completed');
      assert.deepEqual(await stepsOf(a), ['main done', 'look done']);
      assert.deepEqual([peer.of('/send').length, peer.of(FIND).length], [2, 1]);
      assert.equal((await a.values('60x1'))['remote'], '7');
      const [first, second] = peer.of('/send');
      assert.equal(first?.headers['idempotency-key'], second?.headers['idempotency-key']);
    });
  }

  it('follows its error plan when nothing was found and no tries are left', async (t) => {
    const { a, peer, pass } = await open(t, {
      send: [silence],
      find: [404],
      plan: '<on-error><retry times="0"/><notify to="user:admin"/><abort to="end"/></on-error>',
    });
    await pass();
    assert.equal((await a.ended(1)).handled, true);
    assert.deepEqual(await stepsOf(a), ['main failed', 'look done']);
    assert.equal(peer.of('/send').length, 1);
    assert.equal((await a.install.administration.notifications({ all: true, limit: 9 })).length, 1);
  });

  it('waits for a person when the look keeps failing, and looks again when one says so', async (t) => {
    const { a, peer, pass } = await open(t, { send: [silence], find: [500, 500, 500, there] });
    await pass();
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /the look failed: CALL_STATUS /u);
    assert.deepEqual([peer.of('/send').length, peer.of(FIND).length], [1, 3]);
    assert.equal((await a.install.administration.notifications({ all: true, limit: 9 })).length, 1);
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual([peer.of('/send').length, peer.of(FIND).length], [1, 4]);
    assert.equal((await a.values('60x1'))['remote'], '7');
  });

  it('ends both its steps when the run is canceled meanwhile', async (t) => {
    const { a, peer } = await open(t, { send: [silence], find: [there] });
    await a.waiting(1, 'time');
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'enough' });
    assert.equal((await a.ended(1)).status, 'canceled');
    assert.deepEqual(await stepsOf(a), ['main failed']);
    assert.equal(peer.of(FIND).length, 0);
  });
});

describe('a process that dies', () => {
  it('while the call is under way, looks at its next start', async (t) => {
    const { a, peer, clock, pass } = await open(t, { send: [silence], find: [there] });
    await until('the peer gets it', () => peer.of('/send')[0]);
    await a.close();
    await a.reopen({ worker: true, clock });
    await pass();
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual([peer.of('/send').length, peer.of(FIND).length], [1, 1]);
    const codes = stepOf(await a.steps(1), 'send').attempts.map(({ failure }) => failure?.code);
    assert.deepEqual(codes, ['RUN_INTERRUPTED']);
  });

  it('while it looks, looks again as the same step', async (t) => {
    const { a, peer, clock, pass } = await open(t, { send: [silence], find: [silence, there] });
    await pass();
    await until('the peer is asked', () => peer.of(FIND)[0]);
    await a.close();
    await a.reopen({ worker: true, clock });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(await stepsOf(a), ['main done', 'look done']);
    assert.equal(stepOf(await a.steps(1), 'send', 'look').attempts.length, 2);
    assert.equal(peer.of('/send').length, 1);
  });
});

describe('a map to look with', () => {
  for (const [what, documents, codes] of [
    ['must change nothing', [send(), find('method="POST" path="/find"')], ['LOOK_NOT_SAFE']],
    ['may say that it changes nothing', [send(), find('method="POST" path="/find" safe="true"')], []],
    ['must be there', [send('', 'find-ordr'), find()], ['MAP_UNKNOWN']],
    [
      'must tell whether anything was found',
      [send(), nativeDocument('map', 'name="find-order" module="Orders" service="shop"', '<call method="GET"/>')],
      ['LOOK_UNDECIDED', 'LOOK_OUTPUT_MISSING'],
    ],
    ['is found by an expression that must be one', [send(' found="response.body.("'), find()], ['EXPRESSION_SYNTAX']],
  ] as const) {
    it(what, async (t) => {
      const peer = await ScriptedPeer.open(t);
      const a = await TestInstall.open(t, { documents: [], worker: false });
      const report = await a.install.administration.check({ documents: [ORDERS, shop(peer), ...documents] });
      assert.deepEqual(
        report.diagnostics.map(({ code }) => code),
        codes,
      );
    });
  }
});
