import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { logIn, member, openService, post } from './client.ts';

async function openMass(t: TestContext) {
  const service = await openService(t);
  const sessionName = await logIn(service.app);
  const ask = (operation: string, parameters: Record<string, Json>) => {
    const texts = Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return post(service.app, { operation, sessionName, ...Object.fromEntries(texts) });
  };
  return { ...service, ask };
}

const product = (referenceId: string, element: JsonObject, more: JsonObject = {}): JsonObject => ({
  elementType: 'Products',
  referenceId,
  element,
  ...more,
});

/** A member of each object of a list. */
function each(list: Json | undefined, name: string): (Json | undefined)[] {
  assert.ok(Array.isArray(list));
  return list.map((item: Json) => member(item, name));
}

test('MassCreate makes first what others refer to, however they are ordered', async (t) => {
  const { ask } = await openMass(t);
  const { success, result } = await ask('MassCreate', {
    elements: [
      product('bolt', { productname: 'Bolt', vendor_id: '@{acme}' }),
      { elementType: 'Vendors', referenceId: 'acme', element: '{"vendorname":"ACME"}' },
      product('', { productname: 'Nut', vendor_id: '@{acme}' }),
    ],
  });
  assert.equal(success, true);
  assert.deepEqual(member(result, 'failed_creates'), []);
  const made = member(result, 'success_creates');
  assert.deepEqual(each(made, 'id'), ['18x1', '14x2', '14x3']);
  assert.deepEqual(each(made, 'vendor_id'), [undefined, '18x1', '18x1']);
});

test('MassCreate tells what failed beside what was created, and creates nothing that needs what failed', async (t) => {
  const { ask } = await openMass(t);
  const nameless = { elementType: 'Vendors', referenceId: 'v', element: {} };
  const { success, code, result } = await ask('MassCreate', {
    elements: [
      product('a', { productname: 'Bolt' }),
      nameless,
      product('b', { productname: 'Nut', vendor_id: '@{v}' }),
    ],
  });
  assert.equal(success, false);
  assert.equal(code, undefined);
  assert.deepEqual(each(member(result, 'success_creates'), 'productname'), ['Bolt']);
  const failed = member(result, 'failed_creates');
  assert.deepEqual(each(failed, 'code'), ['MANDATORY_FIELDS_MISSING', 'REFERENCE_INVALID']);
  assert.deepEqual(each(failed, 'record')[0], nameless);
});

test('MassCreate with searchon changes the record that is there', async (t) => {
  const { ask } = await openMass(t);
  const elements = [product('a', { productname: 'Bolt', serial_no: 'S1', quantity: 1 }, { searchon: 'serial_no' })];
  await ask('MassCreate', { elements });
  const again = [product('a', { productname: 'Bolt', serial_no: 'S1', quantity: 5 }, { searchon: 'serial_no' })];
  const { result } = await ask('MassCreate', { elements: again });
  const [made] = each(member(result, 'success_creates'), 'id');
  assert.equal(made, '14x1');
  assert.deepEqual(each(member(result, 'success_creates'), 'quantity'), ['5']);
});

for (const [title, elements] of [
  ['a circle', [product('a', { vendor_id: '@{b}' }), product('b', { vendor_id: '@{a}' })]],
  ['a reference to itself', [product('a', { vendor_id: '@{a}' })]],
  ['a reference to nothing', [product('a', { vendor_id: '@{zzz}' })]],
  ['two of one name', [product('a', { productname: 'x' }), product('a', { productname: 'y' })]],
] as const) {
  test(`MassCreate with ${title} creates nothing`, async (t) => {
    const { ask, units } = await openMass(t);
    const { code } = await ask('MassCreate', { elements: [product('ok', { productname: 'Bolt' }), ...elements] });
    assert.equal(code, 'REFERENCE_INVALID');
    assert.equal(units.length, 0);
  });
}

test('MassCreate with an identifier, repeated, answers the same and makes nothing more', async (t) => {
  const { ask, units } = await openMass(t);
  const elements = [product('a', { productname: 'Bolt' }), product('b', { productname: 'Nut' })];
  const cbwsOptions = { ClientRequestIdentifier: 'batch-7' };
  const first = await ask('MassCreate', { elements, cbwsOptions });
  const second = await ask('MassCreate', { elements, cbwsOptions });
  assert.deepEqual(second.result, first.result);
  assert.equal(units.length, 2);
  const other = await ask('MassCreate', { elements: [product('a', { productname: 'Other' })], cbwsOptions });
  assert.deepEqual(each(member(other.result, 'failed_creates'), 'code'), ['DUPLICATE_REQUEST_IDENTIFIER']);
});

test('MassUpdate, MassRetrieve and MassDelete do what they can', async (t) => {
  const { ask } = await openMass(t);
  const elements = ['A', 'B'].map((productname) => product('', { productname }));
  await ask('MassCreate', { elements });
  const changed = await ask('MassUpdate', {
    elements: [{ id: '14x1', serial_no: 'S1' }, { id: '14x9', serial_no: 'S9' }, { serial_no: 'none' }],
  });
  assert.equal(changed.success, false);
  assert.deepEqual(each(member(changed.result, 'success_updates'), 'serial_no'), ['S1']);
  const refused = member(changed.result, 'failed_updates');
  assert.deepEqual(each(refused, 'id'), ['14x9', '']);
  assert.deepEqual(each(refused, 'code'), ['ACCESS_DENIED', 'INVALID_ID_ATTRIBUTE']);
  const read = await ask('MassRetrieve', { ids: '14x1, 14x9,14x2,' });
  assert.ok(isJsonObject(read.result));
  assert.deepEqual(Object.keys(read.result), ['14x1', '14x2']);
  assert.equal(member(read.result['14x1'] ?? null, 'serial_no'), 'S1');
  const deleted = await ask('MassDelete', { ids: '14x1,14x9' });
  assert.equal(deleted.success, false);
  assert.deepEqual(member(deleted.result, 'success_deletes'), ['14x1']);
  assert.deepEqual(each(member(deleted.result, 'failed_deletes'), 'id'), ['14x9']);
  assert.deepEqual((await ask('MassDelete', { ids: '14x2' })).result, {
    success_deletes: ['14x2'],
    failed_deletes: [],
  });
});

test('what is no list of elements is refused', async (t) => {
  const { ask } = await openMass(t);
  assert.equal((await ask('MassCreate', {})).code, 'INVALID_PARAMETER');
  assert.equal((await ask('MassCreate', { elements: '[1]' })).code, 'INVALID_PARAMETER');
  assert.equal((await ask('MassCreate', { elements: '[{"elementType":"Products"}]' })).code, 'INVALID_PARAMETER');
  assert.equal((await ask('MassUpdate', { elements: '{"id":"14x1"}' })).code, 'INVALID_PARAMETER');
  assert.equal((await ask('MassDelete', { ids: '' })).code, 'INVALID_PARAMETER');
  assert.deepEqual((await ask('MassRetrieve', { ids: 'nonsense' })).result, {});
});
