import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { BusinessRules } from '../../../src/core/business-rules.ts';
import { MapwrightError } from '../../../src/core/error.ts';
import type { WebserviceParts } from '../../../src/server/webservice/webservice-parts.ts';
import { logIn, openService, post } from './client.ts';

async function openAs(t: TestContext, username = 'admin', change: Partial<WebserviceParts> = {}) {
  const service = await openService(t, change);
  const sessionName = await logIn(service.app, username);
  const ask = (operation: string, parameters: Record<string, string> = {}) =>
    post(service.app, { operation, sessionName, ...parameters });
  const create = (elementType: string, element: object) =>
    ask('create', { elementType, element: JSON.stringify(element) });
  return { ...service, ask, create };
}

test('settings are read by everybody, and changed by administrators', async (t) => {
  const { ask, app } = await openAs(t);
  assert.equal((await ask('getSetting', { key: 'colour', default: 'red' })).result, 'red');
  assert.equal((await ask('getSetting', { key: 'constructor' })).result, '');
  assert.equal((await ask('setSetting', { key: 'colour', value: 'blue' })).result, true);
  assert.equal((await ask('getSetting', { key: 'colour', default: 'red' })).result, 'blue');
  const clerk = await logIn(app, 'clerk');
  const asClerk = (operation: string) => post(app, { operation, sessionName: clerk, key: 'colour', value: 'green' });
  assert.equal((await asClerk('getSetting')).result, 'blue');
  assert.equal((await asClerk('setSetting')).code, 'ACCESS_DENIED');
  assert.equal((await asClerk('delSetting')).code, 'ACCESS_DENIED');
  assert.equal((await ask('delSetting', { key: 'colour' })).result, true);
  assert.equal((await ask('getSetting', { key: 'colour' })).result, '');
});

test('settings that keep the install safe are not changed from outside', async (t) => {
  const { ask } = await openAs(t);
  for (const key of ['egress.allow', 'webservice_cors_origins', 'smtp_url']) {
    assert.equal((await ask('setSetting', { key, value: '*' })).code, 'ACCESS_DENIED', key);
    assert.equal((await ask('delSetting', { key })).code, 'ACCESS_DENIED', key);
  }
  assert.equal((await ask('setSetting', { key: 'colour' })).code, 'INVALID_PARAMETER');
});

test('ValidateInformation tells every problem by its field, and saves nothing', async (t) => {
  const { ask, units } = await openAs(t);
  const validate = (context: object) => ask('ValidateInformation', { context: JSON.stringify(context) });
  const right = await validate({ module: 'Products', record: '', productname: 'Bolt' });
  assert.deepEqual([right.success, right.result], [true, true]);
  const wrong = await validate({ module: 'Products', record: '', quantity: 'many', vendor_id: '18x9', status: 'Odd' });
  assert.equal(wrong.success, false);
  assert.deepEqual(Object.keys(Object(wrong.result)).toSorted(), ['productname', 'quantity', 'status', 'vendor_id']);
  assert.equal(units.length, 0);
  assert.equal((await validate({ module: 'Nope', record: '' })).code, 'ACCESS_DENIED');
  assert.equal((await validate({ module: 'Products' })).code, 'INVALID_PARAMETER');
  assert.equal((await ask('ValidateInformation', { context: '{' })).code, 'INVALID_PARAMETER');
});

test('ValidateInformation of a record that is there judges what is given', async (t) => {
  const { ask, create } = await openAs(t);
  await create('Products', { productname: 'Bolt' });
  const validate = (context: object) => ask('ValidateInformation', { context: JSON.stringify(context) });
  assert.equal((await validate({ module: 'Products', record: '1', serial_no: 'S' })).result, true);
  assert.equal((await validate({ record: '14x1', serial_no: 'S' })).result, true);
  const cleared = await validate({ module: 'Products', record: '14x1', productname: '' });
  assert.deepEqual(Object.keys(Object(cleared.result)), ['productname']);
  assert.equal((await validate({ module: 'Products', record: '14x9' })).code, 'ACCESS_DENIED');
  assert.equal((await validate({ module: 'Vendors', record: '14x1' })).code, 'INVALID_ID_ATTRIBUTE');
});

test('the operations WithValidation save what is right, and tell what is not', async (t) => {
  const { ask, units } = await openAs(t);
  const create = (element: object) =>
    ask('CreateWithValidation', { elementType: 'Products', element: JSON.stringify(element) });
  const wrong = await create({ productname: '', quantity: 'x' });
  assert.deepEqual([wrong.success, wrong.code], [false, undefined]);
  assert.equal(units.length, 0);
  assert.equal(Object((await create({ productname: 'Bolt' })).result)['id'], '14x1');
  const revise = (element: object) => ask('ReviseWithValidation', { element: JSON.stringify(element) });
  assert.equal((await revise({ id: '14x1', quantity: 'x' })).success, false);
  assert.equal(Object((await revise({ id: '14x1', quantity: 2 })).result)['quantity'], '2');
  const update = (element: object) => ask('UpdateWithValidation', { element: JSON.stringify(element) });
  assert.equal((await update({ id: '14x1', quantity: 3 })).success, false);
  const updated = Object((await update({ id: '14x1', productname: 'Nut' })).result);
  assert.deepEqual([updated['productname'], updated['quantity']], ['Nut', '']);
});

test('autocomplete finds by fields and by name', async (t) => {
  const { ask, create } = await openAs(t);
  await create('Products', { productname: '100% Bolt', serial_no: "it's" });
  await create('Products', { productname: '100 Bolts', serial_no: 'a\\b' });
  await create('Vendors', { vendorname: 'Bolt & Co' });
  const fields = { searchinmodule: 'Products', fields: 'productname,serial_no', returnfields: 'serial_no' };
  const found = async (filter: string, term: string) => {
    const { result } = await ask('getFieldAutocomplete', { ...fields, filter, term });
    return Array.isArray(result) ? result.map((one) => Object(one)['crmid']) : result;
  };
  assert.deepEqual(await found('startswith', '100%'), ['14x1']);
  assert.deepEqual(await found('contains', 'bolt'), ['14x1', '14x2']);
  assert.deepEqual(await found('endswith', 'bolts'), ['14x2']);
  assert.deepEqual(await found('eq', "it's"), ['14x1']);
  assert.deepEqual(await found('eq', 'a\\b'), ['14x2']);
  assert.deepEqual(await found('', ''), ['14x1', '14x2']);
  const whole = await ask('getFieldAutocomplete', { ...fields, filter: 'eq', term: "it's" });
  assert.deepEqual(whole.result, [{ crmid: '14x1', crmfields: { serial_no: "it's" } }]);
  const named = await ask('getReferenceAutocomplete', {
    term: 'bolt',
    filter: 'contains',
    searchinmodules: 'Products,Vendors',
    limit: '2',
  });
  assert.deepEqual(named.result, [
    { crmid: '14x1', crmname: '100% Bolt :: Products', crmmodule: 'Products' },
    { crmid: '14x2', crmname: '100 Bolts :: Products', crmmodule: 'Products' },
  ]);
  assert.equal((await ask('getFieldAutocomplete', { ...fields, limit: 'x' })).code, 'INVALID_PARAMETER');
  assert.deepEqual((await ask('getFieldAutocomplete', { searchinmodule: 'Nope', fields: 'a' })).result, []);
});

test('a related list holds what is linked and what refers, also through a module between', async (t) => {
  const { ask, create } = await openAs(t);
  await create('Vendors', { vendorname: 'ACME' });
  await create('Products', { productname: 'Bolt', vendor_id: '18x1' });
  await create('Products', { productname: 'Nut' });
  await create('Vendors', { vendorname: 'Other' });
  await ask('SetRelation', { relate_this_id: '18x1', with_these_ids: '["14x3"]' });
  await ask('SetRelation', { relate_this_id: '14x3', with_these_ids: '18x4' });
  const direct = await ask('getRelatedRecords', { id: '18x1', module: 'Vendors', relatedModule: 'Products' });
  assert.deepEqual(direct.moreinfo, { totalrows: '2' });
  const through = await ask('getRelatedRecordsThroughModule', {
    id: '18x1',
    module: 'Vendors',
    relatedModule: 'Vendors',
    bridgeModule: 'Products',
    queryParameters: '{"columns":"vendorname"}',
  });
  assert.deepEqual(through.result, { records: [{ vendorname: 'Other', id: '18x4' }] });
});

test('a list through a module between is in order as a whole, each record once, page by page', async (t) => {
  const { ask, create } = await openAs(t);
  await create('Vendors', { vendorname: 'Own' });
  for (const name of ['Bolt', 'Nut', 'Pin']) await create('Products', { productname: name, vendor_id: '18x1' });
  for (const name of ['E', 'B', 'D', 'A', 'C']) await create('Vendors', { vendorname: name });
  const links = { '14x2': '["18x5","18x6","18x1"]', '14x3': '["18x7","18x8","18x5"]', '14x4': '["18x9"]' };
  for (const [id, ids] of Object.entries(links)) {
    assert.equal((await ask('SetRelation', { relate_this_id: id, with_these_ids: ids })).result, true);
  }
  const page = async (asked: object) => {
    const { result, moreinfo } = await ask('getRelatedRecordsThroughModule', {
      id: '18x1',
      module: 'Vendors',
      relatedModule: 'Vendors',
      bridgeModule: 'Products',
      queryParameters: JSON.stringify({ columns: 'vendorname', ...asked }),
    });
    assert.deepEqual(moreinfo, { totalrows: '5' });
    const records: unknown = Object(result)['records'];
    return Array.isArray(records) ? records.map((record) => Object(record)['vendorname']).join('') : '';
  };
  assert.equal(await page({ orderby: 'vendorname' }), 'ABCDE');
  assert.equal(await page({ orderby: 'vendorname desc', limit: 2, offset: 1 }), 'DC');
  assert.equal(await page({ limit: 2, offset: 4 }), 'C');
});

test('rules and mappings answer by their names', async (t) => {
  const rules: BusinessRules = {
    evaluate: async ({ name, values, user }) => {
      if (name === 'broken') throw new MapwrightError('EXPRESSION_SYNTAX', 'a bracket is missing');
      return name === 'known' ? { ...values, user } : undefined;
    },
    process: async ({ name, values }) => (name === 'known' ? { made: values['record_id'] ?? '' } : undefined),
  };
  const { ask } = await openAs(t, 'admin', { rules });
  const rule = (conditionid: string, context: string) => ask('cbRule', { conditionid, context });
  assert.deepEqual((await rule('known', '14x1')).result, { record_id: '14x1', user: '19x1' });
  assert.deepEqual((await rule('known', '{"a":1}')).result, { a: 1, user: '19x1' });
  assert.equal((await rule('other', '14x1')).code, 'INVALID_BUSINESSMAP');
  assert.equal((await rule('broken', '14x1')).code, 'INVALID_BUSINESSMAP');
  assert.equal((await rule('known', '')).code, 'INVALID_PARAMETER');
  const parameters = '{"infields":{"record_id":"14x1"},"outfields":{"kept":"yes"}}';
  assert.deepEqual((await ask('ProcessMap', { mapid: 'known', parameters })).result, { kept: 'yes', made: '14x1' });
  assert.equal((await ask('ProcessMap', { mapid: 'other', parameters })).code, 'INVALID_BUSINESSMAP');
});

test('what is known of fields, ids and limits', async (t) => {
  const { ask, create } = await openAs(t, 'admin', { limits: { maxBodyBytes: 5_000 } });
  await create('Products', { productname: 'Bolt' });
  const types = Object((await ask('getUItype', { module: 'Products' })).result);
  assert.deepEqual([types['productname'], types['vendor_id']], ['2', '10']);
  const named = await ask('getReferenceValue', { id: '["14x1","14x9"]' });
  assert.deepEqual(named.result, { '14x1': { module: 'Products', reference: 'Bolt', cbuuid: '' } });
  assert.equal((await ask('getMaxLoadSize')).result, 5_000);
  const emails = Object((await ask('listtypes', { fieldTypeList: 'email' })).result);
  assert.deepEqual(emails['types'], ['Products', 'Users']);
  const json = Object((await ask('listtypes', { fieldTypeList: '["multipicklist"]' })).result);
  assert.deepEqual(json['types'], ['Vendors']);
});

test('known operations that are not there are told from unknown ones', async (t) => {
  const { ask, app } = await openAs(t);
  assert.equal((await ask('getPDFData')).code, 'OPERATION_NOT_SUPPORTED');
  assert.equal((await ask('loginPortal')).code, 'OPERATION_NOT_SUPPORTED');
  assert.equal((await ask('cbRule', { conditionid: 'x', context: '14x1' })).code, 'OPERATION_NOT_SUPPORTED');
  assert.equal((await ask('nonsense')).code, 'UNKNOWN_OPERATION');
  assert.equal((await post(app, { operation: 'getPDFData' })).code, 'AUTHENTICATION_REQUIRED');
});
