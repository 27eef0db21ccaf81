import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ServedTest } from './served-install.ts';
import { nativeDocument } from './documents.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/><field name="total" label="Total" type="number"/>`,
);
const LARGE = {
  file: 'large.xml',
  text: `<map><expression>if total > 100 then 'large' else 'small' end</expression></map>`,
};
const COPY = {
  file: 'copy.xml',
  text: `<map><originmodule><originname>Orders</originname></originmodule><targetmodule><targetname>Orders</targetname></targetmodule>
    <fields><field><fieldname>subject</fieldname><Orgfields><Orgfield><OrgfieldName>subject</OrgfieldName>
    <OrgfieldID>FIELD</OrgfieldID></Orgfield></Orgfields></field></fields></map>`,
};

it('clients ask the rules and mappings that are applied, on records and on values', async (t) => {
  const test = await ServedTest.open(t, [ORDERS, LARGE, COPY]);
  const element = JSON.stringify({ subject: 'Desk', total: 150 });
  const created = await test.call('create', { elementType: 'Orders', element });
  assert.equal(created.code, undefined, created.message);
  const id = String(Object(created.result)['id']);
  const rule = async (context: string) => {
    const { result, code, message } = await test.call('cbRule', { conditionid: 'large', context });
    assert.equal(code, undefined, message);
    return result;
  };
  assert.equal(await rule(id), 'large');
  assert.equal(await rule('{"total":5}'), 'small');
  assert.equal((await test.call('cbRule', { conditionid: 'copy', context: id })).code, 'INVALID_BUSINESSMAP');
  const parameters = JSON.stringify({ infields: { record_id: id }, outfields: { kept: 'yes' } });
  const made = await test.call('ProcessMap', { mapid: 'copy', parameters });
  assert.deepEqual([made.code, made.result], [undefined, { kept: 'yes', subject: 'Desk' }], made.message);
});

it('asking a rule changes nothing of the install, whoever asks', async (t) => {
  const text = `<map><expression>concat(setSetting(name, value), ' ', getSetting(name))</expression></map>`;
  const test = await ServedTest.open(t, [ORDERS, { file: 'remember.xml', text }]);
  const before = await test.install.administration.settings();
  const context = JSON.stringify({ name: 'region', value: 'north' });
  const asked = await test.call('cbRule', { conditionid: 'remember', context });
  assert.equal(asked.result, 'north north');
  assert.deepEqual(await test.install.administration.settings(), before);
});
