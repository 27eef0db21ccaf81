import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiTest, PASSWORD, at } from './api-fixture.ts';

const codeOf = (result: { readonly body: unknown }): unknown => at(result.body, 'code');

describe('a token that may change users', () => {
  it('gives no access key without the records that one opens', async (t) => {
    const test = await ApiTest.open(t);
    const token = await test.token('users:write', 'users:read');
    await test.user('none', 'branch');
    const tries = [
      await test.call('POST', '/users', { token, body: { name: 'x' } }),
      await test.call('POST', '/users/branch/access-key', { token }),
    ];
    for (const one of tries) assert.deepEqual([one.status, codeOf(one)], [403, 'API_GRANT_EXCEEDED']);
    const users = await test.install.administration.users();
    assert.equal(
      users.some(({ name }) => name === 'x'),
      false,
    );
    const mightier = await test.token('users:write', 'records:read', 'records:write');
    assert.equal((await test.call('POST', '/users', { token: mightier, body: { name: 'x' } })).status, 201);
    assert.equal((await test.call('POST', '/users/branch/access-key', { token: mightier })).status, 200);
    assert.equal(codeOf(await test.call('POST', '/users/nobody/access-key', { token })), 'USER_UNKNOWN');
  });
});

describe('a token that may take people of other installs', () => {
  const person = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
    id: '19x7',
    name,
    admin: false,
    active: true,
    ...more,
  });

  it('neither makes administrators, nor changes who may do more, whatever they are called there', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('administrator', 'anna');
    await test.user('operator', 'ben');
    const token = await test.token('imports:write');
    const take = (user: unknown, mode = 'create', use = token) =>
      test.call('POST', '/imports/people', {
        token: use,
        body: { source: 'https://there.test', users: [user], groups: [], mode },
      });
    const refused = [
      await take(person('mallory', { admin: true })),
      await take(person('anna', { active: false })),
      await take(person(' anna ', { active: false })),
      await take(person('ben', { email: 'mallory@example.com' })),
    ];
    for (const one of refused) assert.deepEqual([one.status, codeOf(one)], [403, 'API_GRANT_EXCEEDED']);
    const users = await test.install.administration.users();
    assert.equal(users.find(({ name }) => name === 'anna')?.active, true);
    assert.equal(
      users.some(({ name }) => name === 'mallory'),
      false,
    );
    assert.equal((await take(person('mallory', { admin: true }), 'plan')).status, 200);
    assert.equal((await take(person('carl'))).status, 200);
    assert.equal((await take(person('anna', { admin: true }))).status, 200, 'nothing of her differs');
    assert.equal(
      (await take(person('dora', { admin: true }), 'create', await test.token('administrator'))).status,
      200,
    );
  });
});

describe('a login', () => {
  it('of somebody who was inactive does not come back with them', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer', 'anna');
    const cookie = await test.login('anna');
    const { administration } = test.install;
    await administration.changeUser({ name: 'anna', active: false });
    await administration.changeUser({ name: 'anna', active: true });
    assert.equal((await test.call('GET', '/me', { cookie })).status, 401);
  });

  it('ends when the same browser logs in anew, under a name that nobody could choose', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer', 'anna');
    const earlier = await test.login('anna');
    const body = { name: 'anna', password: PASSWORD };
    const again = await test.call('POST', '/session', { cookie: earlier, body });
    const cookie = again.headers.get('set-cookie')?.split(';')[0] ?? '';
    assert.notEqual(cookie, earlier);
    const statuses = [earlier, cookie].map(async (one) => (await test.call('GET', '/me', { cookie: one })).status);
    assert.deepEqual(await Promise.all(statuses), [401, 200]);
    const chosen = await test.call('POST', '/session', { cookie: 'mapwright_login=chosen', body });
    assert.doesNotMatch(chosen.headers.get('set-cookie') ?? '', /chosen/u);
  });

  it('with a password that is changed meanwhile is refused, or ends with the others', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer', 'anna');
    const { access, administration } = test.install;
    // Two passwords are looked at at once: most of the logins are compared when the new one is stored already.
    const changed = administration.setPassword({ name: 'anna', password: 'other words nobody knows' });
    const login = () => access.logIn({ name: 'anna', password: PASSWORD, from: 'x' });
    const logins = Promise.all(Array.from({ length: 9 }, login));
    await changed;
    for (const opened of await logins) {
      assert.equal(opened && (await access.callerOfLogin(opened.name, 'x')), undefined);
    }
  });

  it('of their own does not clear what an address has tried with other names', async (t) => {
    const test = await ApiTest.open(t, { limits: { strangersPerMinute: 1_000 } });
    await test.user('viewer', 'mallory');
    const tries = async (name: string, password: string) =>
      (await test.call('POST', '/session', { body: { name, password } })).status;
    const statuses: number[] = [];
    for (let count = 0; count < 31; count++) {
      statuses.push(await tries(`user${count}`, 'summer of 2026'));
      if (count % 10 === 9) statuses.push(await tries('mallory', PASSWORD));
    }
    assert.equal(statuses.filter((status) => status === 401).length, 30);
    assert.equal(statuses.at(-1), 429);
  });

  it('is counted once for all addresses of one network', async (t) => {
    const test = await ApiTest.open(t, { limits: { strangersPerMinute: 1_000, proxies: 1 } });
    await test.user('viewer', 'anna');
    const from = async (address: string, password: string) =>
      (
        await test.call('POST', '/session', {
          body: { name: 'anna', password },
          headers: { 'x-forwarded-for': address },
        })
      ).status;
    for (const last of [1, 2, 3, 4, 5]) assert.equal(await from(`2001:db8:0:1::${last}`, 'four wrong words'), 401);
    assert.equal(await from('[2001:db8:0:1:ffff::1]:4711', PASSWORD), 429);
    assert.equal(await from('2001:db8:0:2::1', PASSWORD), 200);
  });
});
