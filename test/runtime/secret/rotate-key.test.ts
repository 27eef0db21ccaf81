import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { type RotationParts, rotateKey } from '../../../src/runtime/secret/rotate-key.ts';
import { KeyRing } from '../../../src/store/key/key-ring.ts';
import type { Store } from '../../../src/store/store.ts';
import { giveBack, newDatabase } from '../../store/postgres-cluster.ts';
import { openOn } from '../../store/postgres-install.ts';

const [OLD, NEXT, LOST] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const idOf = (key: Uint8Array): string => new KeyRing([key]).currentId;
const clock = { now: () => Date.now() };

async function opened(t: TestContext): Promise<(...keys: Uint8Array[]) => Promise<Store>> {
  const url = await newDatabase();
  const stores: Store[] = [];
  t.after(async () => {
    for (const store of stores) await store.close();
    await giveBack(url);
  });
  return async (...keys) => {
    const store = await openOn(url, new KeyRing(keys));
    stores.push(store);
    return store;
  };
}

function partsOf(store: Store): RotationParts {
  const patience = { lookEveryMs: 10, leaseMs: 60, nodeLooks: 3, settlingMs: 20 };
  return { keys: store.keys, nodes: store.nodes, clock, isAlone: false, holder: randomUUID(), patience };
}

const params = { leaveUnknown: false, onProgress: () => undefined };

describe('a change of the key', () => {
  it('is refused while a node lacks the new key, with nothing changed', async (t) => {
    const open = await opened(t);
    const node = await open(OLD);
    await node.identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    await node.nodes.join({ name: 'there:1', version: '1', onOutdated: () => assert.fail() });
    const store = await open(NEXT, OLD);
    await assert.rejects(rotateKey(partsOf(store), params), (error: Error) => {
      assert.ok('code' in error && error.code === 'KEY_NODES_BEHIND');
      return error.message.includes('there:1');
    });
    assert.equal((await store.keys.state()).inForce, idOf(OLD));
    await node.close();
    const ended = await rotateKey(partsOf(store), params);
    assert.deepEqual([ended.to, ended.stillGiven], [idOf(NEXT), [idOf(OLD)]]);
  });

  it('waits until a node seals under the new key', async (t) => {
    const open = await opened(t);
    const node = await open(NEXT, OLD);
    await node.identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    await node.keys.goOverTo({ key: idOf(OLD), at: 1 });
    await node.nodes.join({ name: 'there:1', version: '1', onOutdated: () => assert.fail() });
    const store = await open(NEXT, OLD);
    // It has the key, and has not looked since.
    await assert.rejects(rotateKey(partsOf(store), params), { code: 'KEY_NODES_BEHIND' });
    assert.equal(node.sealer.isCurrent(new KeyRing([OLD]).seal('value', 'x')), true);
    await node.keys.refresh();
    assert.equal(node.sealer.isCurrent(new KeyRing([NEXT]).seal('value', 'x')), true);
    await node.nodes.join({ name: 'there:1', version: '1', onOutdated: () => assert.fail() });
    assert.equal((await rotateKey(partsOf(store), params)).to, idOf(NEXT));
  });

  it('is made by one process at a time; of one that died the next takes it over', async (t) => {
    const open = await opened(t);
    const store = await open(NEXT, OLD);
    const held = partsOf(store);
    await store.keys.hold({ holder: 'other', now: clock.now(), leaseMs: 60_000 });
    await assert.rejects(rotateKey(held, params), { code: 'KEY_ROTATION_RUNNING' });
    await store.keys.letGo('other');
    await store.keys.hold({ holder: 'dead', now: clock.now(), leaseMs: 30 });
    assert.equal((await rotateKey(held, params)).to, idOf(NEXT));
  });

  it('tells of values under keys that were not given, and leaves them when told to', async (t) => {
    const open = await opened(t);
    const store = await open(NEXT, OLD);
    const token = { credential: 'c', fingerprint: 'f', at: 1 };
    await store.tokens.put({ ...token, subject: 'a', sealed: new KeyRing([LOST]).seal('value', 'x') });
    await store.tokens.put({ ...token, subject: 'b', sealed: new KeyRing([OLD]).seal('value', 'y') });
    await assert.rejects(rotateKey(partsOf(store), params), (error: Error) => {
      assert.ok('code' in error && error.code === 'KEY_UNKNOWN');
      return error.message.includes(`1 under key ${idOf(LOST)}`);
    });
    const progress: unknown[] = [];
    const onProgress = (so: unknown): void => void progress.push(so);
    await rotateKey(partsOf(store), { leaveUnknown: true, onProgress });
    assert.ok(progress.length > 0);
    assert.equal((await store.keys.state()).rotatingSince, undefined);
    const sealed = (await store.tokens.list()).map((row) => row.sealed?.split('.')[1]);
    assert.deepEqual(sealed, [idOf(LOST), idOf(NEXT)]);
  });

  it('is refused to who has another key than the one in force, with nothing changed', async (t) => {
    const open = await opened(t);
    const right = await open(OLD);
    await right.identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    const wrong = await open(NEXT);
    await assert.rejects(rotateKey(partsOf(wrong), params), (error: Error) => {
      assert.ok('code' in error && error.code === 'KEY_UNKNOWN');
      return error.message.includes(idOf(OLD));
    });
    const { inForce, rotatingSince } = await right.keys.state();
    assert.deepEqual([inForce, rotatingSince], [idOf(OLD), undefined]);
    await right.keys.requireFit();
    // Lost for good: what was under it stays as it is.
    await rotateKey(partsOf(wrong), { ...params, leaveUnknown: true });
    assert.equal((await wrong.keys.state()).inForce, idOf(NEXT));
  });
});
