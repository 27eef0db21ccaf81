import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import type { RecordStore } from '../../src/core/record-store.ts';
import type { Crm } from '../../src/crm/crm.ts';
import { openInstall } from './install.ts';

const actor = { user: '19x1' };

function upserting(crm: Crm) {
  return (element: JsonObject, searchOn: readonly string[], more: { updated?: string[]; identifier?: string } = {}) =>
    crm.upsert({
      module: 'Products',
      element,
      searchOn,
      updated: more.updated,
      actor,
      requestIdentifier: more.identifier,
    });
}

/** An install in which something happens between a decision and its commit, as on another node. */
async function openInterruptible(t: TestContext) {
  let interruption: (() => Promise<unknown>) | undefined;
  const wrap = (store: RecordStore): RecordStore => ({
    ...store,
    commit: async (unit) => {
      const first = interruption;
      interruption = undefined;
      await first?.();
      return store.commit(unit);
    },
  });
  const { crm } = await openInstall(t, wrap);
  return { crm, beforeNextCommit: (first: () => Promise<unknown>) => void (interruption = first) };
}

test('none found creates, one found changes', async (t) => {
  const { crm, changes } = await openInstall(t);
  const upsert = upserting(crm);
  const created = await upsert({ productname: 'Bolt', serial_no: 'SN-1', quantity: 1 }, ['serial_no']);
  assert.deepEqual([created.id, created.version, created.values['assigned_user_id']], ['14x1', 1, '19x1']);
  const changed = await upsert({ serial_no: 'SN-1', quantity: 2 }, ['serial_no']);
  assert.deepEqual([changed.id, changed.version], ['14x1', 2]);
  assert.deepEqual([changed.values['productname'], changed.values['quantity']], ['Bolt', 2]);
  const same = await upsert({ serial_no: 'SN-1', quantity: '2' }, ['serial_no']);
  assert.equal(same.version, 2);
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ['create', 'update'],
  );
});

test('a record found gets the fields named, a new one the whole element', async (t) => {
  const { crm } = await openInstall(t);
  const upsert = upserting(crm);
  const element = { productname: 'Bolt', serial_no: 'SN-1', quantity: 1, weight: 3 };
  const created = await upsert(element, ['serial_no'], { updated: ['quantity'] });
  assert.equal(created.values['weight'], 3);
  const other = { ...element, productname: 'Nut', quantity: 5, weight: 9 };
  const changed = await upsert(other, ['serial_no'], { updated: ['quantity', 'nothing'] });
  const { productname, quantity, weight } = changed.values;
  assert.deepEqual([productname, quantity, weight], ['Bolt', 5, 3]);
});

test('every field of the key counts, whatever its type and order', async (t) => {
  const { crm } = await openInstall(t);
  const upsert = upserting(crm);
  const element = { productname: 'Bolt', unit_price: '12.50', sales_start: '2026-03-01', discontinued: false };
  const fields = ['unit_price', 'sales_start', 'discontinued'];
  await upsert(element, fields);
  const again = { ...element, unit_price: 12.5, discontinued: '0', quantity: 4 };
  assert.equal((await upsert(again, fields.toReversed())).id, '14x1');
  assert.equal((await upsert({ ...element, discontinued: true }, fields)).id, '14x2');
});

test('values are data: quotes, patterns and statements find themselves only', async (t) => {
  const { crm } = await openInstall(t);
  const upsert = upserting(crm);
  await upsert({ productname: 'Bolt', serial_no: 'SN-1' }, ['serial_no']);
  const values = ["x' OR '1'='1", '%', 'SN_1', '"; DROP TABLE m_Products; --', 'sn-1', 'SN-1 ', '\\'];
  for (const [index, serial_no] of values.entries()) {
    assert.equal((await upsert({ productname: 'Nut', serial_no }, ['serial_no'])).id, `14x${index + 2}`, serial_no);
    assert.equal((await upsert({ serial_no, quantity: 1 }, ['serial_no'])).id, `14x${index + 2}`, serial_no);
  }
});

const REFUSED: readonly (readonly [what: string, element: JsonObject, searchOn: string[], code: string])[] = [
  ['no field to search by', { productname: 'x' }, [], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['a field without a value', { productname: 'x' }, ['serial_no'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['an empty value', { productname: 'x', serial_no: '' }, ['serial_no'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['a null', { productname: 'x', serial_no: null }, ['serial_no'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['one of two without a value', { productname: 'x' }, ['productname', 'serial_no'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['the id', { productname: 'x', id: '14x1' }, ['id'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['a time of change', { createdtime: '2024-03-01 12:00:00' }, ['createdtime'], 'SEARCH_VALUE_NOT_PROVIDED'],
  ['a name that every object has', { productname: 'x' }, ['constructor'], 'ACCESS_DENIED'],
  ['an unknown field', { productname: 'x', zzz: '1' }, ['zzz'], 'ACCESS_DENIED'],
  ['a value of another type', { productname: 'x', quantity: 'many' }, ['quantity'], 'RECORD_INVALID'],
  ['a list', { productname: 'x', serial_no: ['a'] }, ['serial_no'], 'RECORD_INVALID'],
  ['a value too long to be kept', { productname: 'x'.repeat(21) }, ['productname'], 'RECORD_INVALID'],
  ['a new record without what it needs', { serial_no: 'SN-9' }, ['serial_no'], 'MANDATORY_FIELDS_MISSING'],
  ['a new record by a read-only field', { productname: 'x', remote_id: '7' }, ['remote_id'], 'INVALID_PARAMETER'],
];

for (const [what, element, searchOn, code] of REFUSED) {
  test(`searching by ${what} is refused with ${code}, and nothing changes`, async (t) => {
    const { crm, units } = await openInstall(t);
    await crm.create({ module: 'Products', element: { productname: 'Bolt', serial_no: 'SN-1' }, actor });
    await assert.rejects(upserting(crm)(element, searchOn), { code });
    assert.equal(units.length, 1);
  });
}

test('several found: nothing changes, and the error names two', async (t) => {
  const { crm, units } = await openInstall(t);
  for (const productname of ['A', 'B', 'C']) {
    await crm.create({ module: 'Products', element: { productname, serial_no: 'same' }, actor });
  }
  const refusal = { code: 'RECORD_AMBIGUOUS', message: /14x1 and 14x2/u };
  await assert.rejects(upserting(crm)({ serial_no: 'same', quantity: 1 }, ['serial_no']), refusal);
  assert.equal(units.length, 3);
});

test('a record is found by a field that only workflows fill', async (t) => {
  const { crm, records, clock } = await openInstall(t);
  const image = await crm.create({ module: 'Products', element: { productname: 'Bolt' }, actor });
  const write = await crm.decideUpdate({ image, fields: { remote_id: '14x77' }, actor });
  assert.ok(write !== undefined);
  await records.commit({ at: clock.now(), records: [write], runs: [], dedup: undefined });
  assert.equal((await upserting(crm)({ remote_id: '14x77', quantity: 3 }, ['remote_id'])).id, image.id);
});

test('a hundred at once with one key make one record, and every change counts', async (t) => {
  const { crm, units } = await openInstall(t);
  const upsert = upserting(crm);
  const quantities = Array.from({ length: 100 }, (_, index) => index + 1);
  const images = await Promise.all(
    quantities.map((quantity) => upsert({ productname: 'Bolt', serial_no: 'SN-1', quantity }, ['serial_no'])),
  );
  assert.deepEqual(new Set(images.map(({ id }) => id)), new Set(['14x1']));
  assert.equal((await crm.query('select count(*) from Products')).total, 1);
  assert.equal(units.length, 100);
});

test('keys do not wait for each other, and a failure does not hold up the next', async (t) => {
  const { crm } = await openInstall(t);
  const upsert = upserting(crm);
  const results = await Promise.allSettled([
    upsert({ serial_no: 'SN-1' }, ['serial_no']),
    upsert({ productname: 'Bolt', serial_no: 'SN-1' }, ['serial_no']),
    upsert({ productname: 'Nut', serial_no: 'SN-2' }, ['serial_no']),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
  assert.equal((await crm.query('select count(*) from Products')).total, 2);
});

test('a record that another process creates between the search and the commit is found, not doubled', async (t) => {
  const { crm, beforeNextCommit } = await openInterruptible(t);
  const rival = { module: 'Products', element: { productname: 'Rival', serial_no: 'SN-1' }, actor };
  beforeNextCommit(() => crm.create(rival));
  const image = await upserting(crm)({ productname: 'Bolt', serial_no: 'SN-1', quantity: 8 }, ['serial_no']);
  assert.deepEqual([image.version, image.values['quantity']], [2, 8]);
  assert.equal((await crm.query('select count(*) from Products')).total, 1);
});

test('a record deleted between the search and the commit is created anew', async (t) => {
  const { crm, beforeNextCommit } = await openInterruptible(t);
  const upsert = upserting(crm);
  const { id } = await upsert({ productname: 'Bolt', serial_no: 'SN-1' }, ['serial_no']);
  beforeNextCommit(() => crm.delete({ id, actor }));
  const image = await upsert({ productname: 'Bolt', serial_no: 'SN-1', quantity: 8 }, ['serial_no']);
  assert.deepEqual([image.version, image.id !== id], [1, true]);
});

test('a request repeated under its identifier is answered as the first time', async (t) => {
  const { crm, units } = await openInstall(t);
  const upsert = upserting(crm);
  const element = { productname: 'Bolt', serial_no: 'SN-1' };
  const answers = await Promise.all([1, 2, 3].map(() => upsert(element, ['serial_no'], { identifier: 'a' })));
  await crm.revise({ element: { id: '14x1', quantity: 9 }, actor });
  answers.push(await upsert(element, ['serial_no'], { identifier: 'a' }));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(units.length, 2);
  const reused = { code: 'DUPLICATE_REQUEST_IDENTIFIER' };
  await assert.rejects(upsert({ ...element, quantity: 1 }, ['serial_no'], { identifier: 'a' }), reused);
  await assert.rejects(upsert(element, ['serial_no', 'productname'], { identifier: 'a' }), reused);
  await assert.rejects(upsert(element, ['serial_no'], { identifier: 'a', updated: ['quantity'] }), reused);
});
