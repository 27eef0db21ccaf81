import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { productSync } from './documents.ts';
import { hang, type HostilePeer, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const withoutKey = (text: string): string => text.replace(/<parameter name="cbwsOptions"[\s\S]*?<\/parameter>/u, '');
const asking = (text: string, file: string): string =>
  file === 'product-create.xml' ? text.replace('<call ', '<call in-doubt="ask" ') : text;
const soon = (text: string): string => text.replace('total="30s"', 'total="600ms"');

async function openPair(
  t: TestContext,
  adapt: (text: string, file: string) => string,
): Promise<{ a: TestInstall; peer: HostilePeer }> {
  const peer = await openHostilePeer(t);
  const a = await TestInstall.open(t, { documents: await productSync(adapt), ...callingPeer(peer) });
  return { a, peer };
}

/** Lets the process die while the peer has the request of this operation and has not answered it. */
async function dieDuring(a: TestInstall, peer: HostilePeer, operation: string): Promise<void> {
  peer.misbehave(operation, hang, 1);
  await a.create({ productname: 'Bolt' });
  await until(`the peer gets ${operation}`, () => peer.of(operation)[0]);
  await a.close();
  await a.reopen({ worker: true });
}

describe('an answer that never comes', () => {
  for (const [what, adapt] of [
    ['does not carry its key', (text: string) => withoutKey(soon(text))],
    ['is told to ask', (text: string, file: string) => asking(soon(text), file)],
  ] as const) {
    it(`leaves the decision to a person when the request ${what}`, async (t) => {
      const { a, peer } = await openPair(t, adapt);
      peer.misbehave('create', hang, 1);
      const product = await a.create({ productname: 'Bolt' });
      const wait = await a.waiting(1, 'person');
      assert.match(wait.reason, /^create: CALL_TIMEOUT /u);
      assert.equal(wait.until, undefined);
      assert.equal(peer.of('create').length, 1);
      assert.equal(peer.openSessions.size, 0);
      await a.install.administration.retry({ id: 1, by: 'admin' });
      assert.equal((await a.ended(1)).status, 'completed');
      assert.equal((await a.values(product.id))['remote_id'], [...peer.products.values()][0]);
    });
  }
});

describe('a process that dies between request and answer', () => {
  it('sends a request that carries its key again, under the same key', async (t) => {
    const { a, peer } = await openPair(t, (text) => text);
    await dieDuring(a, peer, 'create');
    assert.equal((await a.ended(1)).status, 'completed');
    const [first, second, ...more] = peer.of('create');
    assert.deepEqual(more, []);
    assert.equal(first?.parameters['cbwsOptions'], second?.parameters['cbwsOptions']);
    const steps = await a.steps(1);
    assert.deepEqual(
      stepOf(steps, 'create').attempts.map(({ failure }) => failure?.code),
      ['RUN_INTERRUPTED', undefined],
    );
    assert.equal(stepOf(steps, 'login').attempts.length, 1);
    assert.equal(peer.openSessions.size, 0);
  });

  it('leaves a request that may not be repeated to a person', async (t) => {
    const { a, peer } = await openPair(t, asking);
    await dieDuring(a, peer, 'create');
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^create: /u);
    assert.equal(peer.of('create').length, 1);
    assert.equal(peer.openSessions.size, 0);
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
  });

  it('tries the always task it was in again, as the same step', async (t) => {
    const { a, peer } = await openPair(t, (text) => text);
    await dieDuring(a, peer, 'logout');
    assert.equal((await a.ended(1)).status, 'completed');
    const logout = stepOf(await a.steps(1), 'logout', 'cleanup');
    assert.deepEqual([logout.status, logout.attempts.length], ['done', 2]);
    assert.equal(peer.of('create').length, 1);
    assert.equal(peer.openSessions.size, 0);
  });
});
