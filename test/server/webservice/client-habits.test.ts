import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { get, logIn, member, openService, PATH, post, readEnvelope } from './client.ts';

// What the maintained client libraries and node-red-corebos do and expect, one test for each habit.

async function openClient(t: TestContext) {
  const service = await openService(t);
  const sessionName = await logIn(service.app);
  const doInvoke = (method: string, parameters: Record<string, string>, type: 'GET' | 'POST') =>
    (type === 'GET' ? get : post)(service.app, { operation: method, sessionName, ...parameters });
  return { ...service, sessionName, doInvoke };
}

test('a login reads token, sessionName and userId, and success is the truth value', async (t) => {
  const { app } = await openService(t);
  const asked = await get(app, { operation: 'getchallenge', username: 'admin' });
  assert.equal(asked.success, true);
  assert.match(String(member(asked.result, 'token')), /^[0-9a-f]+$/u);
  assert.match(await logIn(app), /^[0-9a-z]{26}$/u);
});

test('a listing reads result.types', async (t) => {
  const { doInvoke } = await openClient(t);
  assert.deepEqual(member((await doInvoke('listtypes', {}, 'GET')).result, 'types'), [
    'Products',
    'Vendors',
    'Users',
    'Groups',
    'cbMap',
    'com_vtiger_workflow',
  ]);
});

test('a query has a semicolon added to it, or not', async (t) => {
  const { doInvoke } = await openClient(t);
  for (const query of ['select * from Vendors', 'select * from Vendors;', ' select * from Vendors ; ']) {
    assert.deepEqual((await doInvoke('query', { query }, 'GET')).result, []);
  }
});

test('assigned_user_id is filled with the user of the session', async (t) => {
  const { doInvoke } = await openClient(t);
  const element = JSON.stringify({ productname: 'Bolt', assigned_user_id: '19x1' });
  const created = await doInvoke('create', { elementType: 'Products', element }, 'POST');
  assert.equal(member(created.result, 'assigned_user_id'), '19x1');
  const searchOn = { searchOn: 'productname', updatedfields: 'serial_no' };
  const upserted = await doInvoke('upsert', { elementType: 'Products', element, ...searchOn }, 'POST');
  assert.equal(member(upserted.result, 'id'), '14x1');
});

test('with_these_ids and elements are JSON texts in a form', async (t) => {
  const { doInvoke } = await openClient(t);
  const elements = JSON.stringify([
    { elementType: 'Vendors', referenceId: 'v', element: { vendorname: 'ACME' } },
    { elementType: 'Products', referenceId: 'p', element: { productname: 'Bolt' } },
  ]);
  assert.equal((await doInvoke('MassCreate', { elements }, 'POST')).success, true);
  const ids = { relate_this_id: '18x1', with_these_ids: JSON.stringify(['14x2']) };
  assert.equal((await doInvoke('SetRelation', ids, 'POST')).result, true);
  const related = await doInvoke(
    'getRelatedRecords',
    {
      id: '18x1',
      module: 'Vendors',
      relatedModule: 'Products',
      queryParameters: '{"productDiscriminator":"","limit":5}',
    },
    'POST',
  );
  const records = member(related.result, 'records');
  assert.ok(Array.isArray(records));
  assert.equal(member(records[0] ?? null, 'id'), '14x2');
});

test('MassRetrieve and MassDelete take a comma list', async (t) => {
  const { doInvoke } = await openClient(t);
  for (const name of ['A', 'B']) {
    await doInvoke('create', { elementType: 'Vendors', element: JSON.stringify({ vendorname: name }) }, 'POST');
  }
  const read = await doInvoke('MassRetrieve', { ids: '18x1,18x2' }, 'POST');
  assert.equal(member(member(read.result, '18x2') ?? null, 'vendorname'), 'B');
  const deleted = await doInvoke('MassDelete', { ids: '18x1,18x2' }, 'POST');
  assert.deepEqual(member(deleted.result, 'success_deletes'), ['18x1', '18x2']);
});

test('the JavaScript client names its session in a header', async (t) => {
  const { app, sessionName } = await openClient(t);
  for (const name of ['corebos-authorization', 'corebos_authorization']) {
    const response = await app.request(`${PATH}?operation=listtypes`, { headers: { [name]: sessionName } });
    assert.equal((await readEnvelope(response)).success, true, name);
  }
});

test('anything else is invoked by its name in any case, by GET or POST', async (t) => {
  const { doInvoke } = await openClient(t);
  for (const method of ['getPicklistValues', 'getpicklistvalues', 'GETPICKLISTVALUES']) {
    for (const type of ['GET', 'POST'] as const) {
      const { result } = await doInvoke(method, { module: 'Products' }, type);
      assert.deepEqual(member(result, 'status'), ['New', 'Old']);
    }
  }
});

test('node-red posts a JSON body with the operation in it', async (t) => {
  const { app, sessionName } = await openClient(t);
  const body = JSON.stringify({
    operation: 'create',
    sessionName,
    elementType: 'Vendors',
    element: { vendorname: 'A' },
  });
  const response = await app.request(PATH, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal(member((await readEnvelope(response)).result, 'id'), '18x1');
});

test('format=json and a describe of several modules', async (t) => {
  const { doInvoke } = await openClient(t);
  const { result } = await doInvoke('describe', { elementType: 'Products,Vendors', format: 'json' }, 'GET');
  assert.equal(member(member(result, 'Vendors') ?? null, 'idPrefix'), '18');
});
