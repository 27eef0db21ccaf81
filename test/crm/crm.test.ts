import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordStore } from '../../src/core/record-store.ts';
import { toWireRecord } from '../../src/crm/wire.ts';
import { openInstall, START } from './install.ts';
import { PRODUCTS } from './modules.ts';

const actor = { user: '19x1' };
const product = (element: Record<string, string | number | boolean | null>) => ({
  module: 'Products',
  element: { productname: 'Bolt', ...element },
  actor,
});

test('create keeps every field, fills defaults and the owner, and accepts the runs in the same commit', async (t) => {
  const { crm, units, changes, accepted } = await openInstall(t);
  const image = await crm.create(product({ unit_price: '12.50', quantity: 3, unknown: 'x', remote_id: 'not mine' }));
  assert.equal(image.id, '14x1');
  assert.equal(image.version, 1);
  assert.deepEqual(
    Object.keys(image.values),
    PRODUCTS.fields.map(({ name }) => name),
  );
  const { productname, unit_price, quantity, discontinued, remote_id, assigned_user_id, serial_no } = image.values;
  assert.deepEqual(
    { productname, unit_price, quantity, discontinued, remote_id, assigned_user_id, serial_no },
    {
      productname: 'Bolt',
      unit_price: 12.5,
      quantity: 3,
      discontinued: true,
      remote_id: null,
      assigned_user_id: '19x1',
      serial_no: null,
    },
  );
  assert.equal(units.length, 1);
  assert.equal(units[0]?.runs[0]?.workflow, 'on-create');
  assert.deepEqual(accepted, [1]);
  assert.deepEqual(changes[0]?.changed, ['productname', 'unit_price', 'quantity', 'discontinued', 'assigned_user_id']);
  assert.deepEqual(await crm.read('14x1'), image);
});

test('on the wire every value is text', async (t) => {
  const { crm } = await openInstall(t);
  const image = await crm.create(
    product({ unit_price: 12.5, weight: 0.1, discontinued: 'off', checked_at: '2024-01-02 03:04:05' }),
  );
  const wire = toWireRecord(PRODUCTS, image);
  assert.equal(wire['unit_price'], '12.500000');
  assert.equal(wire['weight'], '0.1');
  assert.equal(wire['discontinued'], '0');
  assert.equal(wire['checked_at'], '2024-01-02 03:04:05');
  assert.equal(wire['serial_no'], '');
  assert.equal(wire['createdtime'], '2024-03-01 12:00:00');
  assert.equal(wire['id'], '14x1');
  assert.deepEqual(toWireRecord(PRODUCTS, image, ['quantity', 'id']), { quantity: '', id: '14x1' });
});

const REFUSED: readonly (readonly [element: Record<string, string>, code: string, field: string])[] = [
  [{ productname: '' }, 'MANDATORY_FIELDS_MISSING', 'Product Name (productname)'],
  [{ productname: 'x'.repeat(21) }, 'RECORD_INVALID', 'Product Name (productname)'],
  [{ unit_price: 'abc' }, 'RECORD_INVALID', '(unit_price)'],
  [{ sales_start: 'notadate' }, 'RECORD_INVALID', '(sales_start)'],
  [{ status: 'Unheard' }, 'RECORD_INVALID', '(status)'],
  [{ contact: 'nobody' }, 'RECORD_INVALID', '(contact)'],
  [{ vendor_id: '18x999' }, 'REFERENCE_INVALID', 'vendor_id'],
  [{ vendor_id: '19x1' }, 'REFERENCE_INVALID', 'vendor_id'],
  [{ vendor_id: 'abc' }, 'REFERENCE_INVALID', 'vendor_id'],
  [{ assigned_user_id: '19x9999' }, 'REFERENCE_INVALID', 'assigned_user_id'],
  [{ assigned_user_id: '14x1' }, 'REFERENCE_INVALID', 'assigned_user_id'],
];

for (const [element, code, field] of REFUSED) {
  test(`${JSON.stringify(element).slice(0, 60)} is refused with ${code}, and nothing is created`, async (t) => {
    const { crm, units } = await openInstall(t);
    const isRight = (error: Error) => error.message.includes(field) && 'code' in error && error.code === code;
    await assert.rejects(crm.create(product(element)), isRight);
    assert.equal(units.length, 0);
  });
}

test('a reference to a record of another module is refused, to one of an allowed module kept', async (t) => {
  const { crm } = await openInstall(t);
  const vendor = await crm.create({ module: 'Vendors', element: { vendorname: 'ACME' }, actor });
  const other = await crm.create(product({}));
  assert.equal((await crm.create(product({ vendor_id: vendor.id }))).values['vendor_id'], vendor.id);
  await assert.rejects(crm.create(product({ vendor_id: other.id })), { code: 'REFERENCE_INVALID' });
});

test('an inactive user cannot own a record; a record of his can still be changed', async (t) => {
  const { crm, inactive } = await openInstall(t);
  const { id } = await crm.create(product({ assigned_user_id: '19x2' }));
  inactive.add('19x2');
  await assert.rejects(crm.create(product({ assigned_user_id: '19x2' })), { code: 'REFERENCE_INVALID' });
  const revised = await crm.revise({ element: { id, assigned_user_id: '19x2', quantity: '4' }, actor });
  assert.equal(revised.values['quantity'], 4);
});

test('revise changes what is given; the same again changes nothing and starts nothing', async (t) => {
  const { crm, units, clock } = await openInstall(t);
  const { id } = await crm.create(product({ serial_no: 'SN-1', quantity: 1 }));
  clock.at += 5_000;
  const revised = await crm.revise({ element: { id, serial_no: 'SN-2' }, actor: { user: '19x2' } });
  assert.equal(revised.version, 2);
  assert.equal(revised.values['serial_no'], 'SN-2');
  assert.equal(revised.values['quantity'], 1);
  assert.equal(revised.modifiedBy, '19x2');
  assert.equal(revised.createdAt, START);
  assert.deepEqual(units[1]?.records[0]?.changed, ['serial_no']);
  assert.deepEqual(await crm.revise({ element: { id, serial_no: 'SN-2' }, actor }), revised);
  // Committed all the same: what it is based on must be on disk before it is told.
  assert.deepEqual([units.length, units[2]?.records, units[2]?.runs], [3, [], []]);
});

test('update clears what is left out, but neither read-only fields nor the owner', async (t) => {
  const { crm, records } = await openInstall(t);
  const { id } = await crm.create(product({ serial_no: 'SN-1', assigned_user_id: '19x2' }));
  const image = await crm.read(id);
  assert.ok(image);
  const write = await crm.decideUpdate({ image, fields: { remote_id: '14x7' }, actor });
  assert.ok(write);
  await records.commit({ at: START, records: [write], runs: [], dedup: undefined });
  const updated = await crm.update({ element: { id, productname: 'Nut' }, actor });
  const { productname, serial_no, remote_id, assigned_user_id } = updated.values;
  assert.deepEqual([productname, serial_no, remote_id, assigned_user_id], ['Nut', null, '14x7', '19x2']);
  await assert.rejects(crm.update({ element: { id, serial_no: 'x' }, actor }), { code: 'MANDATORY_FIELDS_MISSING' });
});

test('ids that name nothing are answered as the original answers them', async (t) => {
  const { crm } = await openInstall(t);
  const { id } = await crm.create(product({}));
  for (const wrong of ['14x999', '18x1', '1', '14x01', '']) {
    await assert.rejects(crm.retrieve(wrong), { code: 'INVALID_ID_ATTRIBUTE' }, wrong);
  }
  await assert.rejects(crm.retrieve('99x1'), { code: 'ACCESS_DENIED', message: /for id: 99$/u });
  await assert.rejects(crm.retrieve('abc'), { code: 'ACCESS_DENIED', message: /for id: 0$/u });
  await assert.rejects(crm.revise({ element: {}, actor }), { code: 'INVALID_ID_ATTRIBUTE' });
  await assert.rejects(crm.revise({ element: { id: '14x999' }, actor }), { code: 'ACCESS_DENIED' });
  await assert.rejects(crm.create({ module: 'Nope', element: {}, actor }), { code: 'ACCESS_DENIED' });
  await crm.delete({ id, actor });
  await assert.rejects(crm.delete({ id, actor }), { code: 'ACCESS_DENIED' });
  await assert.rejects(crm.retrieve(id), { code: 'INVALID_ID_ATTRIBUTE' });
});

test('deleting starts the workflows of the last image', async (t) => {
  const { crm, changes } = await openInstall(t);
  const { id } = await crm.create(product({}));
  await crm.delete({ id, actor });
  assert.equal(changes[1]?.kind, 'delete');
  assert.equal(changes[1]?.after['productname'], 'Bolt');
  assert.deepEqual(changes[1]?.changed, []);
});

test('a change that comes in between is not lost: the second is decided again', async (t) => {
  const { crm, units } = await openInstall(t);
  const { id } = await crm.create(product({}));
  const revise = (element: Record<string, string>) => crm.revise({ element: { id, ...element }, actor });
  await Promise.all([revise({ serial_no: 'a' }), revise({ quantity: '5' }), revise({ weight: '2' })]);
  const image = await crm.read(id);
  assert.deepEqual([image?.version, image?.values['serial_no'], image?.values['quantity']], [4, 'a', 5]);
  assert.equal(units.length, 4);
});

test('a record that always changes in between is given up after ten tries', async (t) => {
  let commits = 0;
  const restless = (store: RecordStore): RecordStore => ({
    ...store,
    commit: async (unit) => {
      if (unit.records[0]?.kind === 'create') return store.commit(unit);
      commits++;
      return { kind: 'conflict', id: '14x1' };
    },
  });
  const { crm } = await openInstall(t, restless);
  const { id } = await crm.create(product({}));
  await assert.rejects(crm.revise({ element: { id, quantity: 1 }, actor }), {
    code: 'RECORD_CONFLICT',
    retryable: true,
  });
  assert.equal(commits, 10);
});

test('a repeated request is answered with the stored record, in whatever order its members come', async (t) => {
  const { crm, units, accepted } = await openInstall(t);
  const first = await crm.create({ ...product({ quantity: 1 }), requestIdentifier: 'r1' });
  const again = await crm.create({
    module: 'Products',
    element: { quantity: 1, productname: 'Bolt' },
    actor,
    requestIdentifier: 'r1',
  });
  assert.deepEqual(again, first);
  assert.equal(units.length, 1);
  assert.deepEqual(accepted, [1]);
  const otherUser = await crm.create({ ...product({}), actor: { user: '19x2' }, requestIdentifier: 'r1' });
  assert.notEqual(otherUser.id, first.id);
});

test('an identifier used for another request is refused', async (t) => {
  const { crm } = await openInstall(t);
  const { id } = await crm.create({ ...product({}), requestIdentifier: 'r1' });
  const code = 'DUPLICATE_REQUEST_IDENTIFIER';
  await assert.rejects(crm.create({ ...product({ quantity: 2 }), requestIdentifier: 'r1' }), { code });
  await assert.rejects(crm.revise({ element: { id, quantity: 2 }, actor, requestIdentifier: 'r1' }), { code });
});

test('two requests at once with the same identifier make one record', async (t) => {
  const { crm, units } = await openInstall(t);
  const create = () => crm.create({ ...product({}), requestIdentifier: 'r1' });
  const images = await Promise.all([create(), create(), create()]);
  assert.equal(new Set(images.map(({ id }) => id)).size, 1);
  assert.equal(units.length, 1);
});

test('an identifier is forgotten after 30 days', async (t) => {
  const { crm, clock } = await openInstall(t);
  const create = () => crm.create({ ...product({}), requestIdentifier: 'r1' });
  const first = await create();
  clock.at += 30 * 86_400_000 - 1;
  assert.equal((await create()).id, first.id);
  clock.at += 1;
  assert.notEqual((await create()).id, first.id);
});

test('a repeated deletion and a revision without effect are answered as the first time', async (t) => {
  const { crm } = await openInstall(t);
  const { id } = await crm.create(product({ quantity: 2 }));
  const idle = { element: { id, quantity: 2 }, actor, requestIdentifier: 'r1' };
  const first = await crm.revise(idle);
  await crm.revise({ element: { id, quantity: 3 }, actor });
  assert.deepEqual(await crm.revise(idle), first);
  await crm.delete({ id, actor, requestIdentifier: 'r2' });
  await crm.delete({ id, actor, requestIdentifier: 'r2' });
  await assert.rejects(crm.delete({ id, actor }), { code: 'ACCESS_DENIED' });
});

test('identifiers and elements are bounded', async (t) => {
  const { crm } = await openInstall(t);
  await assert.rejects(crm.create({ ...product({}), requestIdentifier: 'r'.repeat(256) }), {
    code: 'INVALID_PARAMETER',
  });
  const element = JSON.parse(`{"productname":"Bolt","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  await assert.rejects(crm.create({ module: 'Products', element, actor, requestIdentifier: 'r' }), {
    code: 'INVALID_PARAMETER',
  });
});

test('what a run writes is validated alike, read-only fields included', async (t) => {
  const { crm } = await openInstall(t);
  const image = await crm.create(product({}));
  const decide = (fields: Record<string, string | number>) =>
    crm.decideUpdate({ image, fields, actor: { user: '19x1', run: 7 } });
  const write = await decide({ remote_id: '14x7', quantity: '8' });
  assert.deepEqual(write?.changed, ['quantity', 'remote_id']);
  assert.equal(write?.basedOn, 1);
  assert.equal(write?.values['productname'], 'Bolt');
  assert.equal(write?.actor.run, 7);
  assert.equal(await decide({ productname: 'Bolt' }), undefined);
  for (const fields of [{ productname: '' }, { quantity: 'x' }, { vendor_id: '18x999' }, { nope: 'x' }]) {
    await assert.rejects(decide(fields), { code: 'RECORD_INVALID' }, JSON.stringify(fields));
  }
});

test('fields are reached through references and owners', async (t) => {
  const { crm } = await openInstall(t);
  const vendor = await crm.create({
    module: 'Vendors',
    element: { vendorname: 'ACME', assigned_user_id: '19x2' },
    actor,
  });
  const image = await crm.create(product({ vendor_id: vendor.id }));
  const through = (...path: string[]) => crm.fieldThrough(image, path);
  assert.equal(await through('productname'), 'Bolt');
  assert.equal(await through('id'), image.id);
  assert.equal(await through('createdtime'), '2024-03-01T12:00:00Z');
  assert.equal(await through('serial_no'), null);
  assert.equal(await through('nope'), undefined);
  assert.equal(await through('vendor_id', 'vendorname'), 'ACME');
  assert.equal(await through('vendor_id', 'nope'), undefined);
  assert.equal(await through('vendor_id', 'assigned_user_id', 'user_name'), 'clerk');
  assert.equal(await through('assigned_user_id', 'is_admin'), true);
  assert.equal(await through('productname', 'x'), undefined);
  await crm.delete({ id: vendor.id, actor });
  assert.equal(await through('vendor_id', 'vendorname'), null);
});

test('queries find records, empty fields included where a person would expect them', async (t) => {
  const { crm } = await openInstall(t);
  await crm.create(product({ serial_no: 'a', quantity: 1 }));
  await crm.create(product({ serial_no: 'b', quantity: 2 }));
  await crm.create(product({ quantity: 3 }));
  const ids = async (rest: string) => (await crm.query(`select id from Products ${rest}`)).records.map(({ id }) => id);
  assert.deepEqual(await ids("where serial_no = 'a'"), ['14x1']);
  assert.deepEqual(await ids("where serial_no <> 'a'"), ['14x2', '14x3']);
  assert.deepEqual(await ids("where not (serial_no = 'a' or quantity = 2)"), ['14x3']);
  assert.deepEqual(await ids("where not not serial_no <> 'a'"), ['14x2', '14x3']);
  assert.deepEqual(await ids("where serial_no = ''"), ['14x3']);
  assert.deepEqual(await ids("where serial_no in ('', 'b')"), ['14x2', '14x3']);
  assert.deepEqual(await ids("where id = '14x2'"), ['14x2']);
  assert.deepEqual(await ids("where createdtime >= '2024-03-01 12:00:00'"), ['14x1', '14x2', '14x3']);
  assert.deepEqual(await ids('order by quantity desc limit 1, 1'), ['14x2']);
  const page = await crm.query('select quantity from Products limit 2');
  assert.equal(page.total, 3);
  assert.equal(page.records.length, 2);
  const counted = await crm.query('select count(*) from Products where quantity > 1');
  assert.deepEqual([counted.select, counted.total, counted.records], ['count', 2, []]);
});

test('a mandatory field that clients cannot write does not keep them from creating records', async (t) => {
  const { crm, units } = await openInstall(t);
  const { id } = await crm.create({ module: 'Vendors', element: { vendorname: 'ACME', vendor_no: 'V9' }, actor });
  assert.equal(units[0]?.records[0]?.values['vendor_no'], null);
  const image = await crm.retrieve(id);
  assert.deepEqual((await crm.decideUpdate({ image, fields: { vendor_no: 'V1' }, actor }))?.changed, ['vendor_no']);
});
