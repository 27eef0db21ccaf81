import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { productSync } from './documents.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { interruptAt, PeerInstall } from './peer-install.ts';

async function openPair(t: TestContext, peer?: { readonly url: string; readonly key: string }, b?: PeerInstall) {
  const other = b ?? (await PeerInstall.open(t));
  const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer ?? other) });
  return { a, b: other };
}

describe('a peer that refuses connections', () => {
  it('fails no save, holds the lane, and gets everything once it is up', async (t) => {
    const { a, b } = await openPair(t);
    await b.stop();
    const product = await a.create({ productname: 'Bolt', serial_no: 'SN-1' });
    const wait = await a.waiting(1, 'time');
    assert.match(wait.reason, /challenge: CALL_REFUSED .*, try \d+$/u);
    assert.ok(wait.until !== undefined && wait.until > wait.since);
    await a.revise({ id: product.id, serial_no: 'SN-2' });
    const behind = await a.waiting(2, 'lane');
    assert.equal(behind.key, '1');
    assert.equal((await a.steps(2)).length, 0);
    await b.start();
    const runs = await a.allEnded(2);
    assert.deepEqual(
      runs.map(({ workflow, status }) => [workflow, status]),
      [
        ['product-created', 'completed'],
        ['product-changed', 'completed'],
      ],
    );
    const [only, ...others] = await b.products();
    assert.deepEqual(others, []);
    assert.equal((await a.values(product.id))['remote_id'], only?.id);
    assert.equal(only?.values['serial_no'], 'SN-2');
    assert.equal(await b.openSessions(), 0);
    const challenge = stepOf(await a.steps(1), 'challenge');
    assert.ok(challenge.attempts.length > 1, 'the refused step was tried again, as the same step');
    assert.equal(challenge.attempts[0]?.failure?.code, 'CALL_REFUSED');
  });
});

describe('a session lost between login and create', () => {
  for (const [how, expected] of [
    ['the peer is stopped and started, and the connection breaks', 'CALL_RESET'],
    ['the peer ends its sessions', 'CALL_EXPECTATION'],
  ] as const) {
    it(`is opened anew when ${how}, and only the failed step is tried again`, async (t) => {
      const b = await PeerInstall.open(t);
      const gate = await interruptAt(t, b, 'create', async () => {
        if (expected === 'CALL_EXPECTATION') {
          b.expireSessions();
          return 'go-on';
        }
        await b.stop();
        await b.start();
        return 'cut';
      });
      const { a } = await openPair(t, gate, b);
      const product = await a.create({ productname: 'Bolt' });
      assert.equal((await a.ended(1)).status, 'completed');
      const steps = await a.steps(1);
      for (const task of ['challenge', 'login']) {
        assert.deepEqual([stepOf(steps, task).attempts.length, stepOf(steps, task).round], [1, 1]);
        assert.deepEqual([stepOf(steps, task, 'renew').attempts.length, stepOf(steps, task, 'renew').round], [1, 2]);
      }
      const create = stepOf(steps, 'create');
      assert.deepEqual(
        create.attempts.map(({ failure }) => failure?.code),
        [expected, undefined],
      );
      assert.equal(create.status, 'done');
      assert.equal(steps.at(-1)?.task, 'logout');
      assert.equal(steps.at(-1)?.status, 'done');
      assert.equal((await b.products()).length, 1);
      assert.equal((await a.values(product.id))['remote_id'], (await b.products())[0]?.id);
      assert.equal(await b.openSessions(), 0);
    });
  }
});
