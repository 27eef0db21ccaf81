import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessKeyFor, challenge, get, logIn, member, openService, PATH, post } from './client.ts';

const MINUTE = 60_000;

test('challenge, login, a call, logout', async (t) => {
  const { app, clock } = await openService(t);
  const { result } = await get(app, { operation: 'GetChallenge', username: 'admin' });
  const token = String(member(result, 'token'));
  assert.match(token, /^[0-9a-f]{32}$/u);
  assert.equal(member(result, 'serverTime'), clock.at / 1_000);
  assert.equal(member(result, 'expireTime'), clock.at / 1_000 + 300);
  const accessKey = accessKeyFor(token, 'key-of-admin');
  const login = await post(app, { operation: 'login', username: 'admin', accessKey });
  const sessionName = String(member(login.result, 'sessionName'));
  assert.match(sessionName, /^[0-9a-z]{26}$/u);
  assert.deepEqual(login.result, { sessionName, userId: '19x1', version: '0.22', vtigerVersion: '5.5.0' });
  assert.equal((await get(app, { operation: 'listtypes', sessionName })).success, true);
  assert.deepEqual((await post(app, { operation: 'logout', sessionName })).result, { message: 'successfull' });
  assert.equal((await get(app, { operation: 'listtypes', sessionName })).code, 'AUTHENTICATION_REQUIRED');
  assert.equal((await get(app, { operation: 'logout' })).code, 'AUTHENTICATION_REQUIRED');
});

test('the session may also come in a header', async (t) => {
  const { app } = await openService(t);
  const session = await logIn(app);
  for (const header of ['corebos-authorization', 'corebos_authorization']) {
    assert.equal((await post(app, { operation: 'listtypes' }, { [header]: session })).success, true, header);
  }
  assert.equal((await post(app, { operation: 'listtypes' }, { authorization: `Bearer ${session}` })).success, false);
});

test('a challenge is shared for a minute, and each answers logins for five', async (t) => {
  const { app, clock } = await openService(t);
  const first = await challenge(app, 'admin');
  clock.at += MINUTE - 1;
  assert.equal(await challenge(app, 'admin'), first);
  clock.at += 1;
  const second = await challenge(app, 'admin');
  assert.notEqual(second, first);
  const login = (token: string) =>
    post(app, { operation: 'login', username: 'admin', accessKey: accessKeyFor(token, 'key-of-admin') });
  assert.equal((await login(first)).success, true);
  clock.at += 4 * MINUTE;
  assert.equal((await login(first)).code, 'INVALID_AUTH_TOKEN');
  assert.equal((await login(second)).success, true);
});

test('failures are answered as the original answers them', async (t) => {
  const { app, inactive } = await openService(t);
  const code = async (parameters: Record<string, string>) => (await post(app, parameters)).code;
  assert.equal(await code({ operation: 'getchallenge', username: 'nobody' }), 'AUTHENTICATION_REQUIRED');
  assert.equal(await code({ operation: 'login', username: 'nobody', accessKey: 'x' }), 'AUTHENTICATION_REQUIRED');
  assert.equal(await code({ operation: 'login', username: 'admin', accessKey: 'x' }), 'INVALID_AUTH_TOKEN');
  const token = await challenge(app, 'admin');
  assert.equal(await code({ operation: 'login', username: 'admin', accessKey: 'x' }), 'INVALID_USER_CREDENTIALS');
  assert.equal(await code({ operation: 'login', username: 'admin' }), 'INVALID_USER_CREDENTIALS');
  const ofClerk = accessKeyFor(token, 'key-of-clerk');
  assert.equal(await code({ operation: 'login', username: 'admin', accessKey: ofClerk }), 'INVALID_USER_CREDENTIALS');
  inactive.add('19x1');
  const accessKey = accessKeyFor(token, 'key-of-admin');
  assert.equal(await code({ operation: 'login', username: 'admin', accessKey }), 'AUTHENTICATION_REQUIRED');
});

test('sessions end when idle, when old, and with their user', async (t) => {
  const { app, clock, inactive } = await openService(t);
  const isOpen = async (sessionName: string) => (await get(app, { operation: 'listtypes', sessionName })).success;
  const idle = await logIn(app);
  clock.at += 30 * MINUTE;
  assert.equal(await isOpen(idle), false);
  const used = await logIn(app);
  for (let passed = 0; passed < 24 * 60 - 20; passed += 20) {
    clock.at += 20 * MINUTE;
    assert.equal(await isOpen(used), true, `after ${passed + 20} minutes`);
  }
  clock.at += 20 * MINUTE;
  assert.equal(await isOpen(used), false);
  const clerk = await logIn(app, 'clerk');
  assert.equal(await isOpen(clerk), true);
  inactive.add('19x2');
  assert.equal(await isOpen(clerk), false);
});

test('a session in use is touched at most once a minute', async (t) => {
  const touched: number[] = [];
  const base = await openService(t);
  const identities = {
    ...base.identities,
    touchSession: async (name: string, at: number) => {
      touched.push(at);
      await base.identities.touchSession(name, at);
    },
  };
  const { app, clock } = await openService(t, { identities, clock: base.clock });
  assert.notEqual(clock, base.clock);
  const sessionName = await logIn(app);
  for (let call = 0; call < 5; call++) {
    base.clock.at += 30_000;
    await get(app, { operation: 'listtypes', sessionName });
  }
  assert.equal(touched.length, 2);
});

test('too many failed logins are refused for a while, for this user only', async (t) => {
  const login = { pair: 3, address: 100, windowMs: MINUTE };
  const { app, clock } = await openService(t, { limits: { login } });
  const accessKey = accessKeyFor(await challenge(app, 'admin'), 'key-of-admin');
  const attempt = (key: string) =>
    app.request(PATH, {
      method: 'POST',
      body: new URLSearchParams({ operation: 'login', username: 'admin', accessKey: key }),
    });
  for (let failure = 0; failure < 3; failure++) assert.equal((await attempt('wrong')).status, 200);
  const refused = await attempt(accessKey);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '60');
  assert.match(await logIn(app, 'clerk'), /^[0-9a-z]{26}$/u);
  clock.at += MINUTE;
  assert.equal((await attempt(accessKey)).status, 200);
});
