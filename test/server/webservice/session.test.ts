import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, logIn, member, openService, PATH, post } from './client.ts';

const MINUTE = 60_000;

test('extendsession answers as the login did, and starts the idle time anew', async (t) => {
  const { app, clock } = await openService(t);
  const sessionName = await logIn(app, 'clerk');
  const isOpen = async () => (await get(app, { operation: 'listtypes', sessionName })).success;
  clock.at += 29 * MINUTE + 30_000;
  const extended = await post(app, { operation: 'extendsession', sessionName });
  assert.deepEqual(extended.result, { sessionName, userId: '19x2', version: '0.22', vtigerVersion: '5.5.0' });
  clock.at += 29 * MINUTE;
  assert.equal(await isOpen(), true);
});

test('extending twice within a minute counts both times', async (t) => {
  const { app, clock } = await openService(t);
  const sessionName = await logIn(app);
  await get(app, { operation: 'extendsession', sessionName });
  clock.at += 30_000;
  await get(app, { operation: 'extendsession', sessionName });
  clock.at += 29 * MINUTE + 45_000;
  assert.equal((await get(app, { operation: 'listtypes', sessionName })).success, true);
});

test('a session that is extended ends after a day all the same', async (t) => {
  const { app, clock } = await openService(t);
  const sessionName = await logIn(app);
  const extend = async () => (await get(app, { operation: 'extendsession', sessionName })).success;
  for (let passed = 0; passed < 24 * 60 - 20; passed += 20) {
    clock.at += 20 * MINUTE;
    assert.equal(await extend(), true);
  }
  clock.at += 20 * MINUTE;
  assert.equal(await extend(), false);
});

test('sessions that are unknown, over or closed cannot be extended', async (t) => {
  const { app, clock } = await openService(t);
  const code = async (sessionName: string) => (await post(app, { operation: 'extendsession', sessionName })).code;
  assert.equal(await code(''), 'AUTHENTICATION_REQUIRED');
  assert.equal(await code('x'.repeat(100_000)), 'AUTHENTICATION_REQUIRED');
  const idle = await logIn(app);
  clock.at += 30 * MINUTE;
  assert.equal(await code(idle), 'AUTHENTICATION_REQUIRED');
  const closed = await logIn(app);
  await post(app, { operation: 'logout', sessionName: closed });
  assert.equal(await code(closed), 'AUTHENTICATION_REQUIRED');
  assert.equal(member((await post(app, { operation: 'extendsession' })).result, 'sessionName'), undefined);
});

const OPERATIONS = [
  'extendsession',
  'logout',
  'listtypes',
  'describe',
  'getPicklistValues',
  'create',
  'retrieve',
  'update',
  'revise',
  'upsert',
  'delete',
  'query',
  'getAllUsers',
  'getAssignedUserList',
  'getAssignedGroupList',
];

for (const operation of OPERATIONS) {
  test(`${operation} needs a session, in whatever way it is asked, and takes GET and POST only`, async (t) => {
    const { app, units } = await openService(t);
    const parameters = { operation, sessionName: 'nobody', id: '14x1', elementType: 'Products', element: '{}' };
    for (const answer of [await get(app, parameters), await post(app, parameters)]) {
      assert.equal(answer.code, 'AUTHENTICATION_REQUIRED');
    }
    const sessionName = await logIn(app);
    const byQuery = await get(app, { operation: operation.toUpperCase(), sessionName });
    assert.notEqual(byQuery.code, 'AUTHENTICATION_REQUIRED');
    assert.notEqual(byQuery.code, 'UNKNOWN_OPERATION');
    assert.notEqual(byQuery.code, 'INTERNAL_SERVER_ERROR');
    const url = `${PATH}?${new URLSearchParams({ ...parameters, sessionName })}`;
    for (const method of ['PUT', 'DELETE', 'PATCH']) assert.equal((await app.request(url, { method })).status, 405);
    assert.equal(units.length, 0);
  });
}
