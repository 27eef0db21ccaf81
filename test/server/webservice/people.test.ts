import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import type { TestContext } from 'node:test';
import { get, logIn, member, openService, post } from './client.ts';

/** The service with the group support (20x1), of which clerk is a member, and the user anna (19x3), who has a full name. */
async function openPeople(t: TestContext) {
  const service = await openService(t);
  const { identities } = service;
  const named = { firstName: 'Anna', lastName: "O'Berg", email: 'anna@example.com' };
  await identities.addUser({ name: 'anna', admin: false, accessKey: 'key-of-anna', at: 1, ...named });
  await identities.addGroup({ name: 'support', description: 'answers customers', at: 1 });
  await identities.addMember({ group: '20x1', user: '19x2' });
  const [admin, clerk] = [await logIn(service.app), await logIn(service.app, 'clerk')];
  const query = (sessionName: string, text: string) =>
    get(service.app, { operation: 'query', sessionName, query: text });
  return { ...service, admin, clerk, query };
}

const CLERK = {
  user_name: 'clerk',
  first_name: '',
  last_name: '',
  email1: '',
  is_admin: 'off',
  status: 'Active',
  date_format: '',
  hour_format: '',
  time_zone: '',
  currency_decimal_separator: '',
  currency_grouping_separator: '',
  no_of_currency_decimals: '',
  language: '',
  id: '19x2',
};
const SUPPORT = { groupname: 'support', description: 'answers customers', members: '19x2', id: '20x1' };

test('users are shown to administrators and to themselves, groups to everybody', async (t) => {
  const { app, admin, clerk } = await openPeople(t);
  const retrieve = (sessionName: string, id: string) => get(app, { operation: 'retrieve', sessionName, id });
  assert.deepEqual((await retrieve(admin, '19x2')).result, CLERK);
  assert.deepEqual((await retrieve(clerk, '19x2')).result, CLERK);
  assert.equal((await retrieve(clerk, '19x1')).code, 'ACCESS_DENIED');
  assert.equal((await retrieve(admin, '19x9')).code, 'INVALID_ID_ATTRIBUTE');
  assert.deepEqual((await retrieve(clerk, '20x1')).result, SUPPORT);
  assert.equal((await retrieve(clerk, '20x9')).code, 'INVALID_ID_ATTRIBUTE');
});

test('users and groups are found by queries, with the same bounds', async (t) => {
  const { admin, clerk, query } = await openPeople(t);
  assert.deepEqual((await query(clerk, 'select * from Users;')).result, [CLERK]);
  assert.deepEqual((await query(clerk, "select * from Users where user_name = 'admin' or id != '19x2'")).result, []);
  assert.deepEqual((await query(clerk, 'select count(*) from Users')).result, [{ count: '1' }]);
  const names = await query(admin, 'select user_name from Users order by user_name desc limit 1, 1;');
  assert.deepEqual(names.result, [{ user_name: 'anna', id: '19x3' }]);
  assert.deepEqual(names.moreinfo, { totalrows: '3' });
  const quoted = await query(admin, "select id from Users where last_name = 'O''Berg' and email1 like '%@EXAMPLE.com'");
  assert.deepEqual(quoted.result, [{ id: '19x3' }]);
  const where = "where user_name in ('admin', 'clerk') and email1 = ''";
  assert.deepEqual((await query(admin, `select count(*) from Users ${where}`)).result, [{ count: '2' }]);
  assert.deepEqual((await query(clerk, "select * from Groups where groupname like 'SUP%'")).result, [SUPPORT]);
  for (const field of ['access_key', 'admin', 'createdtime', 'f_user_name', 'zzz']) {
    assert.equal((await query(admin, `select ${field} from Users`)).code, 'ACCESS_DENIED', field);
  }
});

test('users and groups are described, and cannot be written', async (t) => {
  const { app, admin } = await openPeople(t);
  const { result } = await get(app, { operation: 'describe', sessionName: admin, elementType: 'Users,Groups' });
  for (const [name, prefix, fields] of [
    ['Users', '19', 14],
    ['Groups', '20', 4],
  ] as const) {
    const described = member(result, name) ?? null;
    const facts = ['idPrefix', 'createable', 'updateable', 'deleteable', 'isEntity'].map((of) => member(described, of));
    assert.deepEqual(facts, [prefix, false, false, false, false]);
    const list = member(described, 'fields');
    assert.ok(Array.isArray(list) && list.length === fields);
    assert.ok(list.every((field) => isJsonObject(field) && field.editable === false));
  }
  const sessionName = admin;
  const element = JSON.stringify({ id: '19x2', user_name: 'x', is_admin: 'on' });
  assert.equal((await post(app, { operation: 'revise', sessionName, element })).code, 'ACCESS_DENIED');
  assert.equal((await post(app, { operation: 'update', sessionName, element })).code, 'ACCESS_DENIED');
  assert.equal((await post(app, { operation: 'delete', sessionName, id: '20x1' })).code, 'ACCESS_DENIED');
  const create = { operation: 'create', sessionName, elementType: 'Groups', element: '{"groupname":"x"}' };
  assert.equal((await post(app, create)).code, 'ACCESS_DENIED');
});

test('a group owns records, and its name is told', async (t) => {
  const { app, admin: sessionName, identities, crm } = await openPeople(t);
  const create = (assigned_user_id: string) => {
    const element = JSON.stringify({ productname: 'Bolt', assigned_user_id });
    return post(app, { operation: 'create', sessionName, elementType: 'Products', element });
  };
  assert.equal((await create('20x9')).code, 'REFERENCE_INVALID');
  assert.equal(member((await create('20x1')).result, 'assigned_user_id'), '20x1');
  const retrieve = async (id: string) =>
    member((await get(app, { operation: 'retrieve', sessionName, id })).result, 'assigned_user_idename');
  assert.deepEqual(await retrieve('14x1'), { module: 'Groups', reference: 'support', cbuuid: '' });
  await create('19x3');
  assert.deepEqual(await retrieve('14x2'), { module: 'Users', reference: "Anna O'Berg", cbuuid: '' });
  const behind = async (id: string, field: string) =>
    crm.fieldThrough(await crm.retrieve(id), ['assigned_user_id', field]);
  assert.deepEqual([await behind('14x1', 'groupname'), await behind('14x1', 'user_name')], ['support', null]);
  assert.deepEqual([await behind('14x2', 'groupname'), await behind('14x2', 'email1')], [null, 'anna@example.com']);
  assert.equal(await behind('14x2', 'access_key'), undefined);
  await identities.removeGroup('20x1');
  assert.equal(await retrieve('14x1'), undefined);
});

test('possible owners are told to everybody, the inactive only among all users', async (t) => {
  const { app, clerk: sessionName, identities } = await openPeople(t);
  await identities.changeUser('19x3', { active: false });
  const ask = (operation: string, module: string) => get(app, { operation, sessionName, module });
  const all = { '19x1': 'admin', '19x2': 'clerk', '19x3': "Anna O'Berg" };
  assert.deepEqual((await ask('getAllUsers', '')).result, all);
  const users = [
    { userid: '19x1', username: 'admin' },
    { userid: '19x2', username: 'clerk' },
  ];
  assert.deepEqual(JSON.parse(String((await ask('getAssignedUserList', 'Products')).result)), users);
  const groups = [{ groupid: '20x1', groupname: 'support' }];
  assert.deepEqual(JSON.parse(String((await ask('getAssignedGroupList', 'Products')).result)), groups);
  assert.equal((await ask('getAssignedUserList', 'Nope')).result, '[]');
  assert.equal((await ask('getAssignedGroupList', '')).result, '[]');
});

test('a user who becomes inactive is logged out at once, and stays so when active again', async (t) => {
  const { app, clerk, admin, identities } = await openPeople(t);
  const isOpen = async (sessionName: string) => (await get(app, { operation: 'listtypes', sessionName })).success;
  await identities.changeUser('19x2', { active: false });
  assert.deepEqual([await isOpen(clerk), await isOpen(admin)], [false, true]);
  assert.equal((await get(app, { operation: 'extendsession', sessionName: clerk })).code, 'AUTHENTICATION_REQUIRED');
  await identities.changeUser('19x2', { active: true });
  assert.equal(await isOpen(clerk), false);
  assert.equal(await isOpen(await logIn(app, 'clerk')), true);
});
