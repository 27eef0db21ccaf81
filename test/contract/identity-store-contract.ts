import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store } from '../../src/store/store.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const addAnna = ({ identities }: Store) => identities.addUser({ name: 'anna', admin: true, accessKey: 'key1', at: 5 });

/** What every identity store does. */
export function identityStoreContract(name: string, factory: InstallFactory): void {
  describe(`identities: ${name}`, () => {
    describe('users', () => users(factory));
    describe('challenges and sessions', () => sessions(factory));
  });
}

function users(factory: InstallFactory): void {
  it('numbers users from 1', async (context) => {
    const store = await freshStore(context, factory);
    const anna = await addAnna(store);
    assert.deepEqual(anna, { id: '19x1', name: 'anna', admin: true, active: true });
    const bert = await store.identities.addUser({ name: 'bert', admin: false, accessKey: 'key2', at: 6 });
    assert.deepEqual(await store.identities.users(), [anna, bert]);
    assert.deepEqual(await store.identities.userByName('bert'), bert);
    assert.deepEqual(await store.identities.userById('19x1'), anna);
    for (const id of ['19x3', '14x1', 'anna']) assert.equal(await store.identities.userById(id), undefined);
    assert.equal(await store.identities.userByName('carl'), undefined);
  });

  it('gives a name once', async (context) => {
    const store = await freshStore(context, factory);
    const results = await Promise.allSettled([addAnna(store), addAnna(store)]);
    assert.deepEqual(
      results.map((result) => result.status),
      ['fulfilled', 'rejected'],
    );
    await assert.rejects(addAnna(store), { code: 'IDENTITY_USER_EXISTS' });
    assert.equal((await store.identities.users()).length, 1);
  });

  it('keeps access keys', async (context) => {
    const store = await freshStore(context, factory);
    await addAnna(store);
    assert.equal(await store.identities.accessKey('19x1'), 'key1');
    await store.identities.setAccessKey('19x1', 'new');
    assert.equal(await store.identities.accessKey('19x1'), 'new');
    assert.equal(await store.identities.accessKey('19x2'), undefined);
    await assert.rejects(store.identities.setAccessKey('19x2', 'x'), { code: 'IDENTITY_USER_UNKNOWN' });
  });
}

function sessions(factory: InstallFactory): void {
  it('gives the challenges of a user since a time, newest first', async (context) => {
    const store = await freshStore(context, factory);
    await addAnna(store);
    const challenge = (issuedAt: number) => ({ token: `t${issuedAt}`, issuedAt, expiresAt: issuedAt + 300 });
    for (const at of [10, 20, 30]) await store.identities.addChallenge('19x1', challenge(at));
    assert.deepEqual(await store.identities.challenges({ user: '19x1', since: 20 }), [challenge(30), challenge(20)]);
    assert.deepEqual(await store.identities.challenges({ user: '19x2', since: 0 }), []);
  });

  it('keeps sessions until they are closed', async (context) => {
    const store = await freshStore(context, factory);
    await addAnna(store);
    await store.identities.openSession({ name: 's1', user: '19x1', at: 10 });
    await store.identities.touchSession('s1', 50);
    assert.deepEqual(await store.identities.session('s1'), { user: '19x1', openedAt: 10, usedAt: 50 });
    assert.equal(await store.identities.session('s2'), undefined);
    assert.deepEqual(
      [await store.identities.closeSession('s1'), await store.identities.closeSession('s1')],
      [true, false],
    );
    assert.equal(await store.identities.session('s1'), undefined);
  });

  it('counts and forgets by age', async (context) => {
    const store = await freshStore(context, factory);
    const { identities } = store;
    await addAnna(store);
    await identities.addChallenge('19x1', { token: 't', issuedAt: 10, expiresAt: 20 });
    for (const at of [10, 20, 30]) await identities.openSession({ name: `s${at}`, user: '19x1', at });
    await identities.touchSession('s10', 40);
    assert.equal(await identities.openSessions({ openedSince: 0, usedSince: 25 }), 2);
    assert.equal(await identities.openSessions({ openedSince: 15, usedSince: 0 }), 2);
    assert.equal(await identities.forgetOlderThan({ challengesBefore: 11, sessionsBefore: 30 }), 2);
    assert.equal(await identities.openSessions({ openedSince: 0, usedSince: 0 }), 2);
    assert.deepEqual(await identities.challenges({ user: '19x1', since: 0 }), []);
  });

  it('logs nobody out by a restart', async (context) => {
    const install = await factory();
    context.after(() => install.remove());
    const before = await install.open();
    await addAnna(before);
    await before.identities.openSession({ name: 's1', user: '19x1', at: 10 });
    await before.close();
    const after = await install.open();
    assert.equal(after.installId, before.installId);
    assert.equal((await after.identities.session('s1'))?.user, '19x1');
    assert.equal(await after.identities.accessKey('19x1'), 'key1');
    await after.close();
  });
}
