import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOGIN_IDLE_MS, LOGIN_LONGEST_MS } from '../../../src/runtime/access/access.ts';
import { ApiTest, PASSWORD, at } from './api-fixture.ts';

const HOUR_MS = 3_600_000;

describe('a login', () => {
  const me = async (test: ApiTest, cookie: string) => (await test.call('GET', '/me', { cookie })).status;

  it('is a cookie that scripts and other sites do not get', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('operator', 'anna');
    const body = { name: 'anna', password: PASSWORD };
    const plain = await test.call('POST', '/session', { body });
    assert.match(
      plain.headers.get('set-cookie') ?? '',
      /^mapwright_login=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/u,
    );
    const secure = await test.call('POST', '/session', { body, headers: { 'x-forwarded-proto': 'https' } });
    assert.match(secure.headers.get('set-cookie') ?? '', /^__Host-mapwright_login=.+; SameSite=Strict; Secure$/u);
    assert.equal(at(plain.body, 'name'), 'anna');
  });

  it('ends by logging out', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer');
    const cookie = await test.login('viewer');
    assert.equal(await me(test, cookie), 200);
    const out = await test.call('DELETE', '/session', { cookie });
    assert.match(out.headers.get('set-cookie') ?? '', /^mapwright_login=; .*Max-Age=0$/u);
    assert.equal(await me(test, cookie), 401);
  });

  it('ends without use, and in any case', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer');
    const idle = await test.login('viewer');
    test.clock.move(LOGIN_IDLE_MS);
    assert.equal(await me(test, idle), 401);
    const used = await test.login('viewer');
    for (let hours = 0; hours < LOGIN_LONGEST_MS / HOUR_MS - 1; hours += 0.5) {
      test.clock.move(HOUR_MS / 2);
      assert.equal(await me(test, used), 200, `after ${hours} hours`);
    }
    test.clock.move(HOUR_MS);
    assert.equal(await me(test, used), 401);
  });

  it('ends at once for whoever becomes inactive or loses the role, and changes with it', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('operator', 'anna');
    const cookie = await test.login('anna');
    const { administration } = test.install;
    const audit = async () => (await test.call('GET', '/audit', { cookie })).status;
    assert.equal(await audit(), 200);
    await administration.changeUser({ name: 'anna', role: 'viewer' });
    assert.equal(await audit(), 403);
    await administration.changeUser({ name: 'anna', role: 'none' });
    assert.equal(await me(test, cookie), 401);
    await administration.changeUser({ name: 'anna', role: 'viewer', active: false });
    assert.equal((await test.call('POST', '/session', { body: { name: 'anna', password: PASSWORD } })).status, 401);
  });

  it('ends everywhere when the password is changed', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer');
    const [here, there] = [await test.login('viewer'), await test.login('viewer')];
    const change = (current: string, password: string) =>
      test.call('PUT', '/me/password', { cookie: here, body: { current, password } });
    assert.equal(
      at((await change('wrong words in here', 'other words nobody knows')).body, 'code'),
      'API_PASSWORD_WRONG',
    );
    assert.equal(at((await change(PASSWORD, 'short')).body, 'code'), 'USER_PASSWORD_INVALID');
    assert.equal((await change(PASSWORD, 'other words nobody knows')).status, 204);
    assert.deepEqual([await me(test, here), await me(test, there)], [401, 401]);
    await test.login('viewer', 'other words nobody knows');
  });

  it('is refused alike for every reason', async (t) => {
    const test = await ApiTest.open(t, { limits: { strangersPerMinute: 1_000 } });
    await test.user('viewer');
    await test.user('none', 'branch');
    const { administration } = test.install;
    await administration.addUser({ name: 'unset', admin: true });
    const told = async (name: string, password: string) => {
      const { status, body } = await test.call('POST', '/session', { body: { name, password } });
      return [status, at(body, 'code'), at(body, 'detail')];
    };
    const wrong = await told('viewer', 'four words somebody guesses');
    assert.deepEqual(wrong.slice(0, 2), [401, 'API_LOGIN_REFUSED']);
    for (const name of ['nobody', 'branch', 'unset']) assert.deepEqual(await told(name, PASSWORD), wrong, name);
    const [last] = await administration.audit({ action: 'logIn', limit: 1 });
    assert.deepEqual([last?.by, last?.outcome, last?.code], ['unset', 'refused', 'API_LOGIN_REFUSED']);
  });

  it('is throttled after a few failures, also when they come at once, and not for others', async (t) => {
    const test = await ApiTest.open(t, { limits: { strangersPerMinute: 1_000, proxies: 1 } });
    await test.user('viewer');
    const from = (address: string, password: string) =>
      test.call('POST', '/session', {
        body: { name: 'viewer', password },
        headers: { 'x-forwarded-for': `1.2.3.4, ${address}` },
      });
    const statuses = await Promise.all(
      Array.from({ length: 8 }, () => from('10.0.0.1', 'four words somebody guesses')),
    );
    assert.deepEqual(statuses.map(({ status }) => status).toSorted(), [401, 401, 401, 401, 401, 429, 429, 429]);
    const right = await from('10.0.0.1', PASSWORD);
    assert.deepEqual([right.status, at(right.body, 'code')], [429, 'API_LOGIN_THROTTLED']);
    assert.ok(Number(right.headers.get('retry-after')) > 0);
    assert.equal((await from('10.0.0.2', PASSWORD)).status, 200, 'nobody is locked out by others');
    test.clock.move(15 * 60_000);
    assert.equal((await from('10.0.0.1', PASSWORD)).status, 200);
  });
});

describe('a password', () => {
  const refused = [
    ['short', 'eleven char'],
    ['of one character', 'a'.repeat(20)],
    ['too long', 'abcd'.repeat(126)],
    ['the name and a little', 'annaberg2026'],
  ] as const;
  for (const [what, password] of refused) {
    it(`that is ${what} is refused`, async (t) => {
      const { install } = await ApiTest.open(t);
      await install.administration.addUser({ name: 'annaberg', admin: false });
      await assert.rejects(install.administration.setPassword({ name: 'annaberg', password }), {
        code: 'USER_PASSWORD_INVALID',
      });
    });
  }

  it('is the same however its letters are composed', async (t) => {
    const test = await ApiTest.open(t);
    await test.user('viewer');
    await test.install.administration.setPassword({ name: 'viewer', password: 'cuatro años y señor' });
    await test.login('viewer', 'cuatro años y señor'.normalize('NFD'));
  });
});
