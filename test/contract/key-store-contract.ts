import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RowPlace } from '../../src/core/key-store.ts';
import type { Json } from '../../src/core/json.ts';
import { KeyRing } from '../../src/store/key/key-ring.ts';
import { SEALED_PLACES } from '../../src/store/key/sealed-places.ts';
import type { Store } from '../../src/store/store.ts';
import { type StoredText, countSealed } from '../store/stored-texts.ts';
import { acceptOne, claimOne, settled, settlement, waiting } from './sample-runs.ts';

/** An install for one test that is opened under given keys, and whose texts can be read as they are stored. */
export interface KeyInstall {
  open(ring: KeyRing): Promise<Store>;
  texts(): Promise<readonly StoredText[]>;
  remove(): Promise<void>;
}

const [OLD, NEXT, THIRD] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const idOf = (key: Uint8Array): string => new KeyRing([key]).currentId;
const LONG = 'x'.repeat(20_000);

/** What every store does about the keys that it seals under. */
export function keyStoreContract(name: string, factory: () => Promise<KeyInstall>): void {
  describe(`keys: ${name}`, () => {
    describe('the key in force', () => inForce(factory));
    describe('what is sealed', () => resealed(factory));
  });
}

async function fresh(t: TestContext, factory: () => Promise<KeyInstall>) {
  const install = await factory();
  const stores: Store[] = [];
  t.after(async () => {
    for (const store of stores) await store.close();
    await install.remove();
  });
  return {
    texts: () => install.texts(),
    async reopen(...keys: Uint8Array[]): Promise<Store> {
      await stores.pop()?.close();
      const store = await install.open(new KeyRing(keys));
      stores.push(store);
      return store;
    },
  };
}

function inForce(factory: () => Promise<KeyInstall>): void {
  it('stays in force when others are given too, in whatever order, until the install goes over to one', async (t) => {
    const { reopen } = await fresh(t, factory);
    await (await reopen(OLD)).identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    for (const keys of [[OLD], [NEXT, OLD], [OLD, NEXT]]) {
      const { keys: found, sealer } = await reopen(...keys);
      const state = await found.state();
      assert.deepEqual([state.inForce, state.given], [idOf(OLD), keys.map(idOf)]);
      assert.match(sealer.seal('x'), new RegExp(`^v1\\.${idOf(OLD)}\\.`, 'u'));
    }
    const store = await reopen(NEXT, OLD);
    const before = store.sealer.seal('x');
    await store.keys.goOverTo({ key: idOf(NEXT), at: 50 });
    assert.deepEqual([store.sealer.isCurrent(before), store.sealer.open(before)], [false, 'x']);
    assert.equal(store.sealer.isCurrent(store.sealer.seal('x')), true);
    const state = await (await reopen(OLD, NEXT)).keys.state();
    assert.deepEqual([state.inForce, state.rotatingSince], [idOf(NEXT), 50]);
  });

  it('has to be there while the install goes over to it; once that is done a lost one can be replaced', async (t) => {
    const { reopen } = await fresh(t, factory);
    const first = await reopen(OLD);
    await first.identities.addUser({ name: 'a', admin: true, accessKey: 'k', at: 1 });
    await first.keys.requireFit();
    await (await reopen(NEXT, OLD)).keys.goOverTo({ key: idOf(NEXT), at: 50 });
    await assert.rejects((await reopen(OLD)).keys.requireFit(), { code: 'SECRET_UNREADABLE' });
    await (await reopen(NEXT, OLD)).keys.finish();
    const { keys } = await reopen(THIRD);
    await keys.requireFit();
    assert.equal((await keys.state()).inForce, idOf(THIRD));
  });

  it('is changed by one at a time, for as long as its lease lasts', async (t) => {
    const { reopen } = await fresh(t, factory);
    const { keys } = await reopen(OLD);
    const hold = (holder: string, now: number) => keys.hold({ holder, now, leaseMs: 100 });
    assert.deepEqual(
      [await hold('a', 0), await hold('b', 50), await hold('a', 60), await hold('b', 150)],
      [true, false, true, false],
    );
    assert.deepEqual([await hold('b', 160), await hold('a', 161)], [true, false]);
    await keys.letGo('a');
    assert.equal(await hold('a', 170), false);
    await keys.letGo('b');
    assert.equal(await hold('a', 171), true);
  });

  it('is not made where keys are given from outside', async (t) => {
    const { reopen } = await fresh(t, factory);
    const { keys } = await reopen(OLD);
    await assert.rejects(keys.makeNext(), { code: 'KEY_NEXT_MISSING' });
    assert.deepEqual(await keys.finish(), []);
  });
}

/** Something in every place where values lie sealed, texts of their own among them that nobody refers to any more. */
async function fill(store: Store): Promise<{ readonly run: number; readonly job: number }> {
  const { sealer } = store;
  const value = (plain: Json): Json => ({ $sealed: sealer.seal(JSON.stringify(plain)) });
  await store.identities.addUser({ name: 'a', admin: true, accessKey: 'access', at: 1 });
  await store.secrets.set({ name: 's', value: 'hush', at: 1, by: 'a' });
  await store.tokens.put({ credential: 'c', subject: '', sealed: sealer.seal('token'), fingerprint: 'f', at: 1 });
  const once = { caller: 'a', key: 'k' };
  await store.access.beginOnce({ ...once, bodyHash: 'h', at: 1, lostBefore: 0 });
  await store.access.endOnce({ ...once, answer: sealer.seal('answer') });
  const person = { credential: 'c', subject: '19x1', by: 'a' };
  const signIn = { id: 'i', ...person, sealed: sealer.seal('verifier'), startedAt: 1, expiresAt: 1_000 };
  await store.signIns.begin(signIn, { forgetBefore: 0 });
  const run = await acceptOne(store, 10, {
    context: { first: value('f'), plain: { $plain: { $sealed: 'v1.aaaaaaaa.x' } } },
  });
  const lease = await claimOne(store, 20, run);
  settled(await store.journal.settle(lease, settlement(21, { context: { long: value(LONG), short: value('s') } })));
  const order = { outputs: { a: value('out') }, replaced: { context: { b: value('was'), c: null } } };
  const wait = waiting('person', 22);
  assert.ok(wait.kind === 'wait');
  const cause = { code: 'C', destination: 'd', task: 't', message: 'm', inDoubt: false };
  const then = { ...wait, cause };
  const context = { long: value(`${LONG}2`), short: value('s'), text: 'plain', ['__proto__']: 'x', 7: 'seven' };
  settled(await store.journal.settle(lease, settlement(22, { context, progress: { order, steps: 3 }, then })));
  const command = { kind: 'retry', context: { set: { a: value('given') } } };
  const added = await store.inbox.addJob(
    { at: 30, by: 'a', origin: 'o', reason: undefined, command, perSecond: 1 },
    {},
  );
  return { run, job: added?.id ?? assert.fail() };
}

/** Every value that was put there, opened. */
async function opened(
  store: Store,
  { run, job }: { readonly run: number; readonly job: number },
): Promise<readonly unknown[]> {
  const { sealer } = store;
  const open = (stored: unknown): unknown => JSON.parse(sealer.open(String((stored as { $sealed: string }).$sealed)));
  const stored = (await store.journal.run(run)) ?? assert.fail();
  const { long, short, ...others } = stored.context;
  const order = stored.progress['order'] as unknown as {
    readonly outputs: { readonly a: Json };
    readonly replaced: { readonly context: { readonly b: Json; readonly c: Json } };
  };
  const once = await store.access.beginOnce({ caller: 'a', key: 'k', bodyHash: 'h', at: 2, lostBefore: 0 });
  const command = (await store.inbox.job(job))?.command as unknown as {
    readonly context: { readonly set: { readonly a: Json } };
  };
  return [
    await store.identities.accessKey('19x1'),
    await store.secrets.get('s'),
    sealer.open((await store.tokens.get({ credential: 'c', subject: '' }))?.sealed ?? ''),
    once.kind === 'answered' ? sealer.open(once.answer) : once.kind,
    sealer.open((await store.signIns.get('i'))?.sealed ?? ''),
    open(long),
    open(short),
    Object.entries(others),
    [open(order.outputs.a), open(order.replaced.context.b), order.replaced.context.c, stored.progress['steps']],
    open(command.context.set.a),
  ];
}

/** All that is to be looked at, in as many looks as it takes; sums of what they found. */
async function walk(store: Store, change: boolean) {
  const sum = { values: 0, outdated: 0, left: 0, unknown: {} as Record<string, number> };
  for (const place of store.keys.places) {
    let after: RowPlace | undefined;
    do {
      const found = await store.keys.walk({ place, after, change });
      for (const name of ['values', 'outdated', 'left'] as const) sum[name] += found[name];
      for (const [id, count] of Object.entries(found.unknown)) sum.unknown[id] = (sum.unknown[id] ?? 0) + count;
      after = found.next;
    } while (after !== undefined);
  }
  return sum;
}

function resealed(factory: () => Promise<KeyInstall>): void {
  it('stands in the places that are known, and nowhere else', async (t) => {
    const { reopen, texts } = await fresh(t, factory);
    await fill(await reopen(OLD));
    const columns = Object.keys(countSealed(await texts())).map((found) => found.split(' ')[0]);
    const known = SEALED_PLACES.map(({ table, column }) => `${table}.${column}`);
    assert.deepEqual([...new Set(columns)].toSorted(), known.toSorted());
  });

  it('is sealed anew, and reads as before', async (t) => {
    const { reopen, texts } = await fresh(t, factory);
    const filled = await fill(await reopen(OLD));
    const store = await reopen(NEXT, OLD);
    const before = await opened(store, filled);
    const count = Object.values(countSealed(await texts())).reduce((sum, one) => sum + one, 0);
    const asked = await walk(store, false);
    assert.deepEqual(asked, { values: count, outdated: 0, left: 0, unknown: {} });
    await store.keys.goOverTo({ key: idOf(NEXT), at: 50 });
    assert.deepEqual(await walk(store, false), { ...asked, outdated: count });
    assert.deepEqual(countSealedUnder(await texts(), OLD), count, 'nothing is changed by looking');
    assert.deepEqual(await walk(store, true), { ...asked, outdated: count });
    assert.equal(countSealedUnder(await texts(), OLD), 0);
    // The text that nobody referred to any more is gone.
    assert.equal(countSealedUnder(await texts(), NEXT), count - 1);
    assert.deepEqual(await walk(store, true), { values: count - 1, outdated: 0, left: 0, unknown: {} });
    assert.deepEqual(await opened(await reopen(NEXT), filled), before);
  });

  it('under a key that was not given stays as it is, and is told by that key', async (t) => {
    const { reopen, texts } = await fresh(t, factory);
    const first = await reopen(OLD);
    const filled = await fill(first);
    await first.keys.goOverTo({ key: idOf(OLD), at: 1 });
    const store = await reopen(NEXT);
    await store.keys.goOverTo({ key: idOf(NEXT), at: 2 });
    const { values, unknown, outdated } = await walk(store, true);
    assert.deepEqual([unknown, outdated], [{ [idOf(OLD)]: values }, 0]);
    assert.equal(countSealedUnder(await texts(), OLD), values);
    await assert.rejects(store.secrets.get('s'), (error: Error) => error.message.includes(idOf(OLD)));
    assert.equal((await opened(await reopen(OLD), filled))[1], 'hush');
  });

  it('that was altered is left alone', async (t) => {
    const { reopen } = await fresh(t, factory);
    const store = await reopen(NEXT, OLD);
    const sealed = new KeyRing([OLD]).seal('value', 'x');
    const altered = `${sealed.slice(0, -6)}AAAAAA`;
    await store.tokens.put({ credential: 'c', subject: '', sealed: altered, fingerprint: 'f', at: 1 });
    await store.keys.goOverTo({ key: idOf(NEXT), at: 2 });
    assert.deepEqual(await walk(store, true), { values: 1, outdated: 0, left: 0, unknown: {} });
    assert.equal((await store.tokens.get({ credential: 'c', subject: '' }))?.sealed, altered);
  });

  it('is walked through in looks of a bounded size, each row once', async (t) => {
    const { reopen, texts } = await fresh(t, factory);
    const store = await reopen(NEXT, OLD);
    await store.keys.goOverTo({ key: idOf(OLD), at: 1 });
    for (let number = 0; number < 250; number++) {
      const token = {
        credential: `c${number % 7}`,
        subject: `19x${number}`,
        sealed: store.sealer.seal(String(number)),
      };
      await store.tokens.put({ ...token, fingerprint: 'f', at: 1 });
    }
    await store.keys.goOverTo({ key: idOf(NEXT), at: 2 });
    const first = await store.keys.walk({ place: 'tokens', after: undefined, change: true });
    assert.ok(first.values < 250 && first.next?.length === 2);
    assert.equal(countSealedUnder(await texts(), NEXT), first.values);
    const rest = await walk(store, true);
    assert.deepEqual([rest.values, rest.outdated], [250, 250 - first.values]);
    for (const { sealed, subject } of await store.tokens.list())
      assert.equal(store.sealer.open(sealed ?? ''), subject.slice(3));
  });
}

function countSealedUnder(texts: readonly StoredText[], key: Uint8Array): number {
  return Object.entries(countSealed(texts)).reduce(
    (sum, [where, count]) => (where.endsWith(idOf(key)) ? sum + count : sum),
    0,
  );
}
