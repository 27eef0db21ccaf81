import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, calling, came, type Node, oauth, type OAuth, openWorld } from './credential-world.ts';
import { tokenPeer } from './token-peer.ts';

const CLIENT: OAuth['grant'] = { type: 'client-credentials' };
const PASSWORD: OAuth['grant'] = { type: 'password', user: 'anna', password: 'her password' };
const KEY = { credential: 'docs', subject: '' };

function many(nodes: readonly Node[], count: number, url: string, credential: OAuth) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const node = nodes[index % nodes.length] ?? assert.fail('no node');
      return call(node, url, credential);
    }),
  );
}

describe('the renewal of tokens', () => {
  it('is one for 200 calls of four workers, first and at each expiry', async (t) => {
    const peer = await tokenPeer(t, { refreshes: true });
    const world = await openWorld(t);
    const nodes = Array.from({ length: 4 }, () => world.node());
    const credential = oauth(peer.tokenUrl, PASSWORD);
    for (let round = 1; round <= 3; round++) {
      const outcomes = await many(nodes, 200, peer.url, credential);
      assert.deepEqual(new Set(outcomes.map(came)), new Set([200]));
      assert.equal(peer.asked.length, round);
      world.clock.forward(3_600_000);
    }
    assert.deepEqual(peer.usedTwice, []);
    assert.deepEqual(
      peer.asked.map(({ form }) => form.get('refresh_token')),
      [null, 'refresh-1', 'refresh-2'],
    );
  });

  it('is one for 200 calls that are all told that the token no longer counts', async (t) => {
    const peer = await tokenPeer(t);
    const world = await openWorld(t);
    const nodes = Array.from({ length: 4 }, () => world.node());
    const credential = oauth(peer.tokenUrl, CLIENT);
    await many(nodes, 4, peer.url, credential);
    peer.revoke();
    const outcomes = await many(nodes, 200, peer.url, credential);
    assert.deepEqual(new Set(outcomes.map(came)), new Set([200]));
    assert.equal(peer.asked.length, 2);
  });

  it('is made once for a call, whose second refusal is its answer', async (t) => {
    const peer = await tokenPeer(t);
    const node = (await openWorld(t)).node();
    const credential = oauth(peer.tokenUrl, CLIENT, { send: { in: 'header', name: 'Authorization', prefix: 'Other' } });
    assert.equal(came(await call(node, peer.url, credential)), 401);
    assert.deepEqual([peer.asked.length, peer.carried.length], [2, 2]);
  });

  it('comes before the expiry, and may fail as long as the token counts', async (t) => {
    const peer = await tokenPeer(t);
    const world = await openWorld(t);
    const node = world.node();
    const credential = oauth(peer.tokenUrl, CLIENT);
    assert.equal(came(await call(node, peer.url, credential)), 200);
    world.clock.forward(3_600_000 - 59_000);
    peer.trouble = { status: 503, body: '' };
    for (let count = 0; count < 3; count++) assert.equal(came(await call(node, peer.url, credential)), 200);
    assert.equal(peer.asked.length, 2);
    world.clock.forward(11_000);
    peer.trouble = undefined;
    assert.equal(came(await call(node, peer.url, credential)), 200);
    assert.deepEqual([peer.asked.length, peer.carried.at(-1)], [3, '2']);
  });

  it('uses a token that lives shortly for half of its life', async (t) => {
    const peer = await tokenPeer(t, { expiresIn: '30' });
    const world = await openWorld(t);
    const node = world.node();
    const credential = oauth(peer.tokenUrl, CLIENT);
    for (let count = 0; count < 5; count++) assert.equal(came(await call(node, peer.url, credential)), 200);
    assert.equal(peer.asked.length, 1);
    world.clock.forward(16_000);
    await call(node, peer.url, credential);
    assert.equal(peer.asked.length, 2);
  });

  it('is taken over from one that died, and what it may have used is left alone', async (t) => {
    const peer = await tokenPeer(t, { refreshes: true });
    const world = await openWorld(t);
    const credential = oauth(peer.tokenUrl, PASSWORD);
    assert.equal(came(await call(world.node(), peer.url, credential)), 200);
    world.clock.forward(3_600_000);
    const at = world.clock.now();
    const { tokens } = world.store;
    assert.equal(await tokens.beginRenewal({ ...KEY, version: 1, renewer: 'dead', at, until: at + 30_000 }), true);
    const slow = calling(peer.url, credential, { totalTimeoutMs: 120_000 });
    const waiting = world.node().connector.send(slow, {});
    world.clock.forward(30_000);
    assert.equal(came(await waiting), 200);
    assert.deepEqual(
      peer.asked.map(({ form }) => form.get('grant_type')),
      ['password', 'password'],
    );
    const late = { ...KEY, renewer: 'dead', at, fingerprint: 'f', outcome: { sealed: 'late' } };
    assert.equal(await tokens.endRenewal(late), false);
  });

  it('is not given up with the call that began it', async (t) => {
    const peer = await tokenPeer(t);
    const node = (await openWorld(t)).node();
    const credential = oauth(peer.tokenUrl, CLIENT);
    const open = Promise.withResolvers<void>();
    peer.gate = open.promise;
    const abort = new AbortController();
    const first = node.connector.send(calling(peer.url, credential), { signal: abort.signal });
    const hasty = node.connector.send(calling(peer.url, credential, { totalTimeoutMs: 200 }), {});
    const patient = node.connector.send(calling(peer.url, credential), {});
    const outcome = await hasty;
    assert.ok(outcome.kind === 'failed');
    assert.deepEqual(
      [outcome.failure.code, outcome.failure.cause, outcome.failure.inDoubt],
      ['CALL_TIMEOUT', 'timeout', false],
    );
    abort.abort();
    assert.equal(came(await first), 'CALL_ABORTED');
    open.resolve();
    assert.equal(came(await patient), 200);
    assert.equal(peer.asked.length, 1);
  });

  it('tells the call every secret that it brings up', async (t) => {
    const peer = await tokenPeer(t, { refreshes: true });
    const node = (await openWorld(t)).node();
    const secrets: string[] = [];
    await call(node, peer.url, oauth(peer.tokenUrl, PASSWORD), { onSecret: (secret) => secrets.push(secret) });
    assert.deepEqual(secrets, ['token-1', 'refresh-1']);
  });

  it('leaves nothing readable behind', async (t) => {
    const peer = await tokenPeer(t, { refreshes: true });
    const { store, node } = await openWorld(t);
    await call(node(), peer.url, oauth(peer.tokenUrl, PASSWORD));
    const stored = JSON.stringify(await store.tokens.list());
    for (const secret of ['token-1', 'refresh-1', 'her password']) assert.ok(!stored.includes(secret), secret);
  });
});
