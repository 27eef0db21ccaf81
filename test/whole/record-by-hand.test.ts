import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { productSync } from './documents.ts';
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
