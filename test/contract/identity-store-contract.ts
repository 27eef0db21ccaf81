import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QueryCondition } from '../../src/core/query.ts';
import type { Store } from '../../src/store/store.ts';
import { forgetAged } from './forget-aged.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const addAnna = ({ identities }: Store) => identities.addUser({ name: 'anna', admin: true, accessKey: 'key1', at: 5 });

/** What every identity store does. */
export function identityStoreContract(name: string, factory: InstallFactory): void {
  describe(`identities: ${name}`, () => {
    describe('users', () => users(factory));
    describe('changes of users', () => changes(factory));
    describe('groups', () => groups(factory));
    describe('queries of users and groups', () => queries(factory));
    describe('challenges and sessions', () => sessions(factory));
  });
}

function users(factory: InstallFactory): void {
  it('numbers users from 1', async (context) => {
    const store = await freshStore(context, factory);
    const anna = await addAnna(store);
    const unnamed = { firstName: '', lastName: '', email: '' };
    assert.deepEqual(anna, { id: '19x1', name: 'anna', ...unnamed, admin: true, active: true, createdAt: 5 });
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

function changes(factory: InstallFactory): void {
  it('keeps what is left out', async (context) => {
    const store = await freshStore(context, factory);
    const named = { firstName: 'Anna', lastName: 'Berg', email: 'anna@example.com' };
    const anna = await store.identities.addUser({ name: 'anna', admin: true, accessKey: 'k', at: 5, ...named });
    assert.deepEqual({ ...anna, ...named }, anna);
    const changed = await store.identities.changeUser('19x1', { lastName: 'Holm' });
    assert.deepEqual(changed, { ...anna, lastName: 'Holm' });
    assert.deepEqual(await store.identities.userById('19x1'), changed);
    await assert.rejects(store.identities.changeUser('19x2', {}), { code: 'IDENTITY_USER_UNKNOWN' });
  });

  it('keeps how a user sees dates and numbers, as far as anybody said', async (context) => {
    const { identities } = await freshStore(context, factory);
    const preferences = { dateFormat: 'dd-mm-yyyy', decimals: 3 } as const;
    await identities.addUser({ name: 'anna', admin: true, accessKey: 'k', at: 5, preferences });
    await identities.addUser({ name: 'bert', admin: false, accessKey: 'k', at: 5 });
    assert.deepEqual((await identities.userById('19x1'))?.preferences, preferences);
    const changed = await identities.changeUser('19x1', { preferences: { decimals: 0, timeZone: 'Europe/Madrid' } });
    assert.deepEqual(changed.preferences, { dateFormat: 'dd-mm-yyyy', decimals: 0, timeZone: 'Europe/Madrid' });
    assert.deepEqual(await identities.userById('19x1'), changed);
    assert.equal((await identities.userById('19x2'))?.preferences, undefined);
  });

  it('ends the sessions of a user who gets another access key, and of no other', async (context) => {
    const { identities } = await freshStore(context, factory);
    for (const name of ['anna', 'bert']) await identities.addUser({ name, admin: true, accessKey: 'k', at: 5 });
    for (const user of ['19x1', '19x2']) await identities.openSession({ name: `of ${user}`, user, at: 10 });
    await identities.setAccessKey('19x2', 'other');
    assert.equal(await identities.session('of 19x2'), undefined);
    assert.equal((await identities.session('of 19x1'))?.user, '19x1');
  });

  it('ends the sessions, challenges, logins and tokens of a user who becomes inactive, and of no other', async (context) => {
    const { identities, access, tokens } = await freshStore(context, factory);
    for (const name of ['anna', 'bert']) await identities.addUser({ name, admin: true, accessKey: 'k', at: 5 });
    for (const user of ['19x1', '19x2']) {
      await identities.openSession({ name: `of ${user}`, user, at: 10 });
      await access.openLogin({ name: `login of ${user}`, user, at: 10 });
      await tokens.put({ credential: 'docs', subject: user, sealed: 's', fingerprint: 'f', at: 10 });
      await identities.addChallenge(user, { token: 't', issuedAt: 10, expiresAt: 20 });
    }
    await identities.changeUser('19x2', { email: 'b@example.com' });
    assert.equal((await identities.session('of 19x2'))?.user, '19x2');
    assert.equal((await tokens.list()).length, 2);
    assert.equal((await identities.changeUser('19x2', { active: false })).active, false);
    await identities.changeUser('19x2', { active: true });
    assert.equal(await identities.session('of 19x2'), undefined);
    assert.equal(await access.login('login of 19x2'), undefined);
    assert.equal((await access.login('login of 19x1'))?.user, '19x1');
    assert.deepEqual(await identities.challenges({ user: '19x2', since: 0 }), []);
    assert.deepEqual(
      (await tokens.list()).map(({ subject }) => subject),
      ['19x1'],
    );
    assert.equal((await identities.session('of 19x1'))?.user, '19x1');
    assert.equal((await identities.challenges({ user: '19x1', since: 0 })).length, 1);
  });

  it('always leaves an active administrator, also when two are taken away at once', async (context) => {
    const { identities } = await freshStore(context, factory);
    for (const name of ['anna', 'bert']) await identities.addUser({ name, admin: true, accessKey: 'k', at: 5 });
    await identities.addUser({ name: 'carl', admin: false, accessKey: 'k', at: 5 });
    const results = await Promise.allSettled([
      identities.changeUser('19x1', { active: false }),
      identities.changeUser('19x2', { admin: false }),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    const last = { code: 'IDENTITY_LAST_ADMINISTRATOR' };
    await assert.rejects(identities.changeUser('19x2', { active: false }), last);
    await identities.changeUser('19x3', { active: false });
    assert.equal((await identities.userById('19x2'))?.admin, true);
  });
}

function groups(factory: InstallFactory): void {
  it('have members, and numbers that are never given again', async (context) => {
    const store = await freshStore(context, factory);
    const { identities } = store;
    await addAnna(store);
    const support = await identities.addGroup({ name: 'support', description: 'helps', at: 7 });
    assert.deepEqual(support, { id: '20x1', name: 'support', description: 'helps', members: [], createdAt: 7 });
    const member = { group: '20x1', user: '19x1' };
    assert.deepEqual([await identities.addMember(member), await identities.addMember(member)], [true, false]);
    assert.deepEqual(await identities.groupByName('support'), { ...support, members: ['19x1'] });
    assert.deepEqual([await identities.removeMember(member), await identities.removeMember(member)], [true, false]);
    await identities.addMember(member);
    assert.deepEqual([await identities.removeGroup('20x1'), await identities.removeGroup('20x1')], [true, false]);
    assert.deepEqual(await identities.groups(), []);
    assert.equal((await identities.addGroup({ name: 'support', description: '', at: 8 })).id, '20x2');
    assert.deepEqual((await identities.groupById('20x2'))?.members, []);
    for (const id of ['20x1', '19x1', 'support']) assert.equal(await identities.groupById(id), undefined);
  });

  it('refuse names twice, and members and groups that are not there', async (context) => {
    const store = await freshStore(context, factory);
    const { identities } = store;
    await addAnna(store);
    const support = { name: 'support', description: '', at: 7 };
    await identities.addGroup(support);
    await assert.rejects(identities.addGroup(support), { code: 'IDENTITY_GROUP_EXISTS' });
    const unknownUser = { code: 'IDENTITY_USER_UNKNOWN' };
    await assert.rejects(identities.addMember({ group: '20x1', user: '19x9' }), unknownUser);
    await assert.rejects(identities.addMember({ group: '20x1', user: '20x1' }), unknownUser);
    const unknownGroup = { code: 'IDENTITY_GROUP_UNKNOWN' };
    await assert.rejects(identities.addMember({ group: '20x9', user: '19x1' }), unknownGroup);
  });
}

function queries(factory: InstallFactory): void {
  it('find by the fields of the modules', async (context) => {
    const { identities } = await freshStore(context, factory);
    await identities.addUser({ name: 'anna', admin: true, accessKey: 'k', at: 5, email: 'anna@example.com' });
    await identities.addUser({ name: 'bert', admin: false, accessKey: 'k', at: 5, lastName: "O'Hara" });
    await identities.addUser({ name: 'carl', admin: false, accessKey: 'k', at: 5 });
    await identities.changeUser('19x3', { active: false });
    for (const name of ['support', 'sales']) await identities.addGroup({ name, description: '', at: 7 });
    const users = async (where: QueryCondition, limit = 10) => {
      const order = [{ field: 'user_name', descending: true }];
      const { found, total } = await identities.findUsers({
        module: 'Users',
        select: '*',
        where,
        order,
        offset: 0,
        limit,
      });
      return [total, ...found.map(({ name }) => name)];
    };
    const equal = (field: string, value: string): QueryCondition => ({ kind: 'compare', field, operator: '=', value });
    assert.deepEqual(await users(equal('status', 'Active')), [2, 'bert', 'anna']);
    assert.deepEqual(await users(equal('status', 'Active'), 1), [2, 'bert']);
    assert.deepEqual(await users(equal('is_admin', 'on')), [1, 'anna']);
    assert.deepEqual(await users(equal('last_name', "O'Hara")), [1, 'bert']);
    assert.deepEqual(await users({ kind: 'null', field: 'email1' }), [2, 'carl', 'bert']);
    assert.deepEqual(await users(equal('id', '19x3')), [1, 'carl']);
    assert.deepEqual(await users(equal('id', '20x3')), [0]);
    const rest = { order: [], offset: 0, limit: 10 };
    const like: QueryCondition = { kind: 'like', field: 'groupname', pattern: 'S%' };
    const groups = await identities.findGroups({ module: 'Groups', select: '*', where: like, ...rest });
    assert.deepEqual(
      groups.found.map(({ id }) => id),
      ['20x1', '20x2'],
    );
    await assert.rejects(users(equal('access_key', 'x')), { code: 'STORE_QUERY_INVALID' });
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
    assert.deepEqual([await forgetAged(store, 'challenge', 11), await forgetAged(store, 'session', 30)], [1, 1]);
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
