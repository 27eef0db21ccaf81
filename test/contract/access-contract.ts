import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OnceRequest } from '../../src/core/access-store.ts';
import type { Store } from '../../src/store/store.ts';
import { forgetAged } from './forget-aged.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const addAnna = ({ identities }: Store) => identities.addUser({ name: 'anna', admin: false, accessKey: 'k', at: 5 });

const token = { name: 'deploy', secret: 'mw_1', grants: ['viewer', 'runs:write'], createdAt: 5, createdBy: 'anna' };

/** What every store does for those who come in over the API. */
export function accessContract(name: string, factory: InstallFactory): void {
  describe(`roles and logins: ${name}`, () => logins(factory));
  describe(`tokens: ${name}`, () => tokens(factory));
  describe(`requests that are done once: ${name}`, () => requests(factory));
}

function logins(factory: InstallFactory): void {
  it('keep the role of one who is no administrator', async (context) => {
    const { identities } = await freshStore(context, factory);
    const ben = await identities.addUser({ name: 'ben', admin: false, role: 'viewer', accessKey: 'k', at: 5 });
    assert.equal(ben.role, 'viewer');
    assert.equal((await identities.changeUser(ben.id, { role: 'operator' })).role, 'operator');
    assert.equal((await identities.changeUser(ben.id, { lastName: 'Berg' })).role, 'operator');
    assert.equal((await identities.userByName('ben'))?.role, 'operator');
    await identities.changeUser(ben.id, { role: 'none' });
    assert.equal('role' in ((await identities.userByName('ben')) ?? {}), false);
  });

  it('end when the password changes', async (context) => {
    const store = await freshStore(context, factory);
    const anna = await addAnna(store);
    assert.equal(await store.access.passwordHash(anna.id), undefined);
    await store.access.openLogin({ name: 'cookie', user: anna.id, at: 6 });
    await store.access.setPasswordHash({ user: anna.id, hash: 'h1', at: 7 });
    assert.equal(await store.access.login('cookie'), undefined);
    await store.access.setPasswordHash({ user: anna.id, hash: 'h2', at: 8 });
    assert.equal(await store.access.passwordHash(anna.id), 'h2');
    await assert.rejects(store.access.setPasswordHash({ user: '19x99', hash: 'h', at: 9 }), {
      code: 'IDENTITY_USER_UNKNOWN',
    });
  });

  it('are touched forwards only, closed once, and forgotten when idle', async (context) => {
    const store = await freshStore(context, factory);
    const { access } = store;
    const { id: user } = await addAnna(store);
    await access.openLogin({ name: 'a', user, at: 10 });
    await access.touchLogin('a', 20);
    await access.touchLogin('a', 15);
    assert.deepEqual(await access.login('a'), { user, openedAt: 10, usedAt: 20 });
    await access.openLogin({ name: 'b', user, at: 30 });
    assert.equal(await forgetAged(store, 'login', 25), 1);
    assert.equal(await access.login('a'), undefined);
    assert.equal(await access.closeLogin('b'), true);
    assert.equal(await access.closeLogin('b'), false);
  });
}

function tokens(factory: InstallFactory): void {
  const unused = { usedAt: undefined, usedFrom: undefined, revokedAt: undefined, revokedBy: undefined };
  const { secret, ...described } = token;

  it('are found by their secret, and note their use', async (context) => {
    const { access } = await freshStore(context, factory);
    const added = await access.addToken({ ...token, expiresAt: 99 });
    assert.deepEqual(added, { ...described, expiresAt: 99, ...unused });
    assert.deepEqual(await access.tokenOf(secret), added);
    assert.equal(await access.tokenOf('mw_2'), undefined);
    await access.noteTokenUse({ name: 'deploy', at: 7, from: '10.0.0.1' });
    const [listed] = await access.tokens();
    assert.deepEqual(listed, { ...added, usedAt: 7, usedFrom: '10.0.0.1' });
  });

  it('are revoked once, and give their names to no other', async (context) => {
    const { access } = await freshStore(context, factory);
    await access.addToken({ ...token, expiresAt: undefined });
    assert.equal((await access.revokeToken({ name: 'deploy', at: 8, by: 'ben' }))?.revokedBy, 'ben');
    assert.equal((await access.revokeToken({ name: 'deploy', at: 9, by: 'carl' }))?.revokedBy, 'ben');
    assert.equal(await access.revokeToken({ name: 'other', at: 9, by: 'ben' }), undefined);
    assert.equal((await access.tokenOf(secret))?.revokedAt, 8);
    await assert.rejects(access.addToken({ ...token, secret: 'mw_2', expiresAt: undefined }), {
      code: 'ACCESS_TOKEN_EXISTS',
    });
  });
}

function requests(factory: InstallFactory): void {
  const first: OnceRequest = { caller: 'anna', key: 'k', bodyHash: 'x', at: 10, lostBefore: 0 };

  it('are new, under way, answered, or others', async (context) => {
    const { access } = await freshStore(context, factory);
    assert.deepEqual(await access.beginOnce(first), { kind: 'new' });
    assert.deepEqual(await access.beginOnce({ ...first, at: 11 }), { kind: 'running' });
    assert.deepEqual(await access.beginOnce({ ...first, bodyHash: 'y' }), { kind: 'other' });
    assert.deepEqual(await access.beginOnce({ ...first, caller: 'ben' }), { kind: 'new' });
    await access.endOnce({ caller: 'anna', key: 'k', answer: 'done' });
    assert.deepEqual(await access.beginOnce({ ...first, lostBefore: 99 }), { kind: 'answered', answer: 'done' });
  });

  it('are made again when they failed, or were lost', async (context) => {
    const store = await freshStore(context, factory);
    const { access } = store;
    await access.beginOnce(first);
    await access.endOnce({ caller: 'anna', key: 'k', answer: undefined });
    assert.deepEqual(await access.beginOnce({ ...first, at: 20 }), { kind: 'new' });
    assert.deepEqual(await access.beginOnce({ ...first, at: 50, lostBefore: 30 }), { kind: 'new' });
    assert.deepEqual(await access.beginOnce({ ...first, at: 51, lostBefore: 30 }), { kind: 'running' });
    assert.equal(await forgetAged(store, 'request', 51), 1);
  });

  it('are taken on once by many at the same moment', async (context) => {
    const { access } = await freshStore(context, factory);
    const states = await Promise.all(Array.from({ length: 8 }, () => access.beginOnce(first)));
    assert.equal(states.filter(({ kind }) => kind === 'new').length, 1);
    assert.equal(states.filter(({ kind }) => kind === 'running').length, 7);
  });
}
