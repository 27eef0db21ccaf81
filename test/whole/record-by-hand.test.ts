import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeDocument, productSync } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

describe('a record saved by hand', () => {
  it('starts workflows as any save does, and keeps fields that are not named', async (t) => {
    const a = await TestInstall.open(t, { documents: await productSync(), worker: false });
    const { administration } = a.install;
    const made = await administration.createRecord({
      module: 'Products',
      values: { productname: 'Bolt', unit_price: '1.50' },
    });
    const changed = await administration.changeRecord({ id: made.id, values: { serial_no: 'SN-1' } });
    assert.deepEqual(
      [changed.values['productname'], changed.values['unit_price'], changed.values['serial_no']],
      ['Bolt', 1.5, 'SN-1'],
    );
    assert.deepEqual(await administration.record({ id: made.id }), changed);
    assert.deepEqual(
      (await a.runs()).map(({ workflow }) => workflow),
      ['product-created', 'product-changed'],
    );
  });

  it('is refused when it names what there is not', async (t) => {
    const a = await TestInstall.open(t, { documents: await productSync(), worker: false });
    const { administration } = a.install;
    const refused: readonly (readonly [attempt: Promise<unknown>, code: string])[] = [
      [administration.createRecord({ module: 'Product', values: {} }), 'MODULE_UNKNOWN'],
      [administration.createRecord({ module: 'Products', values: { name: 'Bolt' } }), 'FIELD_UNKNOWN'],
      [administration.createRecord({ module: 'Products', values: { remote_id: 'x' } }), 'RECORD_FIELD_READ_ONLY'],
      [administration.createRecord({ module: 'Products', values: {} }), 'MANDATORY_FIELDS_MISSING'],
      [administration.changeRecord({ id: '14x99', values: { serial_no: '1' } }), 'RECORD_UNKNOWN'],
      [administration.record({ id: '99x1' }), 'RECORD_UNKNOWN'],
      [administration.record({ id: '' }), 'RECORD_UNKNOWN'],
    ];
    for (const [attempt, code] of refused) await assert.rejects(attempt, { code });
    assert.deepEqual(await a.runs(), []);
  });
});

describe('a map tried with a stored record', () => {
  const documents = [
    nativeDocument(
      'module',
      'name="Vendors" prefix="18" title="vendorname" label="Vendors"',
      '<field name="vendorname" label="Name" type="string"/>',
    ),
    nativeDocument(
      'module',
      'name="Products" prefix="14" title="productname" label="Products"',
      `<field name="productname" label="Name" type="string"/><field name="serial_no" label="Number" type="string"/>
      <field name="vendor_id" label="Vendor" type="reference" references="Vendors"/>`,
    ),
    nativeDocument(
      'map',
      'name="tell" module="Products"',
      `<call method="POST" url="http://127.0.0.1:9/"/><parameters><parameter name="id" field="id"/>
      <parameter name="name" field="productname"/><parameter name="serial" field="serial_no"/>
      <parameter name="vendor" field="vendor_id.vendorname"/></parameters>`,
    ),
  ];

  it('sees its fields, its id and what is behind its references', async (t) => {
    const a = await TestInstall.open(t, { documents, worker: false });
    const { administration } = a.install;
    const vendor = await administration.createRecord({ module: 'Vendors', values: { vendorname: 'ACME' } });
    const values = { productname: 'Bolt', vendor_id: vendor.id };
    const { id } = await administration.createRecord({ module: 'Products', values });
    const trial = { map: 'tell', documents: [], record: {}, context: {}, send: false };
    const sent = async (more: object) => {
      const { request, failure } = await administration.tryMap({ ...trial, recordId: id, ...more });
      assert.equal(failure, undefined);
      return JSON.parse(request?.body?.text ?? '');
    };
    assert.deepEqual(await sent({}), { id, name: 'Bolt', serial: '', vendor: 'ACME' });
    assert.deepEqual(await sent({ record: { serial_no: 'S' } }), { id, name: 'Bolt', serial: 'S', vendor: 'ACME' });
    await assert.rejects(administration.tryMap({ ...trial, recordId: vendor.id }), { code: 'MAP_RECORD_MODULE' });
    await assert.rejects(administration.tryMap({ ...trial, recordId: '14x99' }), { code: 'RECORD_UNKNOWN' });
    await assert.rejects(administration.tryMap({ ...trial, recordId: '99x1' }), { code: 'RECORD_UNKNOWN' });
  });
});
