import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import { get, logIn, member, openService, PATH, post, readEnvelope } from './client.ts';

const NASTY = 'Bolt "M8" C:\\n ü 螺🔩';

test('the sync: create, revise, retrieve, delete', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const element = JSON.stringify({ productname: NASTY, unit_price: '12.5', assigned_user_id: '19x2' });
  const created = await post(app, { operation: 'create', sessionName, elementType: 'Products', element });
  assert.equal(member(created.result, 'id'), '14x1');
  assert.equal(member(created.result, 'productname'), NASTY);
  assert.equal(member(created.result, 'unit_price'), '12.500000');
  assert.equal(created.moreinfo, null);
  const change = JSON.stringify({ id: '14x1', serial_no: 'SN-2' });
  const revised = await post(app, { operation: 'revise', sessionName, elementType: 'Products', element: change });
  assert.equal(member(revised.result, 'serial_no'), 'SN-2');
  const owner = { module: 'Users', reference: 'clerk', cbuuid: '' };
  assert.deepEqual(member(revised.result, 'assigned_user_idename'), owner);
  const retrieved = await get(app, { operation: 'retrieve', sessionName, id: '14x1' });
  assert.deepEqual(retrieved.result, revised.result);
  const deleted = await post(app, { operation: 'delete', sessionName, id: '14x1' });
  assert.deepEqual(deleted.result, { status: 'successful' });
  assert.equal((await get(app, { operation: 'retrieve', sessionName, id: '14x1' })).code, 'INVALID_ID_ATTRIBUTE');
});

test('the bytes on the wire are what PHP writes', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const query = "select productname from Products where productname = 'ü/'";
  await post(app, { operation: 'create', sessionName, elementType: 'Products', element: '{"productname":"ü/"}' });
  const response = await app.request(`${PATH}?${new URLSearchParams({ operation: 'query', sessionName, query })}`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(
    await response.text(),
    String.raw`{"success":true,"result":[{"productname":"\u00fc\/","id":"14x1"}],"moreinfo":{"totalrows":"1"}}`,
  );
  const failed = await app.request(PATH);
  assert.equal(failed.status, 200);
  assert.equal(
    await failed.text(),
    '{"success":false,"error":{"message":"Unknown operation requested","code":"UNKNOWN_OPERATION"},"moreinfo":null}',
  );
});

test('update replaces, and names of references are told', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const create = (elementType: string, element: object) =>
    post(app, { operation: 'create', sessionName, elementType, element: JSON.stringify(element) });
  await create('Vendors', { vendorname: 'ACME' });
  await create('Products', { productname: 'Bolt', serial_no: 'SN-1', vendor_id: '18x1' });
  const element = JSON.stringify({ id: '14x2', productname: 'Nut', vendor_id: '18x1' });
  const updated = await post(app, { operation: 'update', sessionName, element });
  assert.equal(member(updated.result, 'serial_no'), '');
  const { result } = await get(app, { operation: 'retrieve', sessionName, id: '14x2' });
  assert.deepEqual(member(result, 'vendor_idename'), { module: 'Vendors', reference: 'ACME', cbuuid: '' });
});

test('queries answer rows as text, and counts', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  for (const productname of ['A', 'B', 'C']) {
    const element = JSON.stringify({ productname });
    await post(app, { operation: 'create', sessionName, elementType: 'Products', element });
  }
  const ask = (query: string) => get(app, { operation: 'query', sessionName, query });
  const page = await ask('select productname from Products order by productname desc limit 2;');
  assert.deepEqual(page.result, [
    { productname: 'C', id: '14x3' },
    { productname: 'B', id: '14x2' },
  ]);
  assert.deepEqual(page.moreinfo, { totalrows: '3' });
  assert.deepEqual((await ask('select count(*) from Products;')).result, [{ count: '3' }]);
  assert.equal((await ask('select nonsense')).code, 'QUERY_SYNTAX_ERROR');
  assert.equal((await ask('select zzz from Products')).code, 'ACCESS_DENIED');
});

const BAD_ELEMENTS: readonly (readonly [element: string, message: RegExp])[] = [
  ['', /element is missing or empty/u],
  ['[]', /element is JSON, but not an object/u],
  ['"text"', /element is JSON, but not an object/u],
  ['{"productname":"Bolt "M8""}', /element is not valid JSON: line 1, column 23 \(character 23\), near /u],
  ['{"productname":"C:\\new\n"}', /line 1, column 23/u],
  ['{}', /^Product Name \(productname\) does not have a value$/u],
];

for (const [element, message] of BAD_ELEMENTS) {
  test(`the element ${JSON.stringify(element)} is refused, saying why`, async (t) => {
    const { app, units } = await openService(t);
    const sessionName = await logIn(app);
    const answer = await post(app, { operation: 'create', sessionName, elementType: 'Products', element });
    assert.equal(answer.code, 'MANDATORY_FIELDS_MISSING');
    assert.match(answer.message, message);
    assert.equal(units.length, 0);
  });
}

test('errors of the records come with their codes', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const code = async (elementType: string, element: object) =>
    (await post(app, { operation: 'create', sessionName, elementType, element: JSON.stringify(element) })).code;
  assert.equal(await code('Nope', {}), 'ACCESS_DENIED');
  assert.equal(await code('Users', { user_name: 'x' }), 'ACCESS_DENIED');
  assert.equal(await code('Products', { productname: 'Bolt', unit_price: 'abc' }), 'RECORD_INVALID');
  assert.equal(await code('Products', { productname: 'Bolt', vendor_id: '14x1' }), 'REFERENCE_INVALID');
  assert.equal(await code('Products', { productname: 'Bolt', assigned_user_id: '19x9' }), 'REFERENCE_INVALID');
  assert.equal((await post(app, { operation: 'revise', sessionName, element: '{}' })).code, 'INVALID_ID_ATTRIBUTE');
  assert.equal((await post(app, { operation: 'delete', sessionName, id: '14x9' })).code, 'ACCESS_DENIED');
});

test('a request with an identifier is carried out once', async (t) => {
  const { app, units } = await openService(t);
  const sessionName = await logIn(app);
  const create = (productname: string, cbwsOptions: string) =>
    post(app, {
      operation: 'create',
      sessionName,
      elementType: 'Products',
      element: JSON.stringify({ productname }),
      cbwsOptions,
    });
  const options = JSON.stringify({ ClientRequestIdentifier: 'run-1-create' });
  const [first, second] = await Promise.all([create('Bolt', options), create('Bolt', options)]);
  assert.deepEqual(first.result, second.result);
  assert.equal(units.length, 1);
  assert.equal((await create('Nut', options)).code, 'DUPLICATE_REQUEST_IDENTIFIER');
  assert.equal((await create('Nut', '{broken')).code, 'INVALID_PARAMETER');
  assert.equal((await create('Nut', '{"ClientRequestIdentifier":{}}')).code, 'INVALID_PARAMETER');
  assert.equal((await create('Nut', '{}')).success, true);
});

test('parameters come in a query string, a form of either kind or a JSON body, the element also nested', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const parameters = { operation: 'CREATE', sessionName, elementType: 'Products' };
  const element = { productname: 'Bolt' };
  const text = JSON.stringify(element);
  const asJson = (body: object, headers: Record<string, string>) =>
    app.request(PATH, { method: 'POST', body: JSON.stringify(body), headers });
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...parameters, element: text })) form.set(name, value);
  const json = { 'content-type': 'application/json' };
  const underForm = { 'content-type': 'application/x-www-form-urlencoded' };
  const responses = [
    await app.request(`${PATH}?${new URLSearchParams({ ...parameters, element: text })}`),
    await app.request(`${PATH}?${new URLSearchParams(parameters)}`, {
      method: 'POST',
      body: new URLSearchParams({ element: text }),
    }),
    await app.request(PATH, { method: 'POST', body: form }),
    await asJson({ ...parameters, element: text }, json),
    await asJson({ ...parameters, element }, json),
    await asJson({ ...parameters, element }, underForm),
  ];
  for (const [index, response] of responses.entries()) {
    assert.equal(member((await readEnvelope(response)).result, 'id'), `14x${index + 1}`);
  }
});

test('garbage is refused plainly', async (t) => {
  const { app } = await openService(t, { limits: { maxBodyBytes: 2_000 } });
  const status = async (init: RequestInit) => (await app.request(PATH, init)).status;
  const json = { 'content-type': 'application/json' };
  assert.equal(await status({ method: 'PUT', body: 'a=1' }), 405);
  assert.equal(await status({ method: 'HEAD' }), 405);
  assert.equal(await status({ method: 'OPTIONS' }), 200);
  assert.equal(await status({ method: 'POST', body: '{"a":', headers: json }), 400);
  assert.equal(await status({ method: 'POST', body: '[1]', headers: json }), 400);
  assert.equal(await status({ method: 'POST', body: new Uint8Array([0xff, 0xfe]) }), 400);
  assert.equal(await status({ method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }), 400);
  assert.equal((await app.request(`${PATH}?a=%FF`)).status, 400);
  const form = (body: string) =>
    status({ method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(await form('a=%C3'), 400);
  assert.equal(await form(`a=${'x'.repeat(1_998)}`), 200);
  assert.equal(await form(`a=${'x'.repeat(1_999)}`), 413);
  assert.equal(
    await form(
      Array.from({ length: 1_001 }, (_, index) => index)
        .join('&')
        .slice(0, 2_000),
    ),
    200,
  );
});

test('what nobody foresaw is told by an id that the log explains', async (t) => {
  const base = await openService(t);
  const crm = { ...base.crm, query: () => Promise.reject(new Error('secret path /var/lib')) };
  const { app, failures } = await openService(t, { crm });
  const sessionName = await logIn(app);
  const response = await app.request(`${PATH}?operation=query&sessionName=${sessionName}&query=x`);
  assert.equal(response.status, 500);
  const { code, message } = await readEnvelope(response);
  assert.equal(code, 'INTERNAL_SERVER_ERROR');
  assert.ok(!message.includes('secret'));
  assert.equal(failures.length, 1);
  assert.equal(failures[0]?.operation, 'query');
  assert.ok(message.includes(failures[0]?.id ?? '?'));
});

test('listtypes and describe tell the modules, users and groups included', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const { result } = await get(app, { operation: 'listtypes', sessionName });
  assert.deepEqual(member(result, 'types'), ['Products', 'Vendors', 'Users', 'Groups', 'cbMap', 'com_vtiger_workflow']);
  const { result: products } = await get(app, { operation: 'describe', sessionName, elementType: 'Products' });
  assert.equal(member(products, 'idPrefix'), '14');
  const fields = member(products, 'fields');
  assert.ok(Array.isArray(fields));
  const byName = (name: string) => fields.find((field) => isJsonObject(field) && field.name === name) ?? null;
  assert.equal(member(byName('productname'), 'mandatory'), true);
  assert.equal(member(byName('productname'), 'typeofdata'), 'V~M~LE~20');
  assert.deepEqual(member(byName('vendor_id'), 'type'), { name: 'reference', refersTo: ['Vendors'] });
  assert.deepEqual(member(byName('status'), 'type'), {
    name: 'picklist',
    defaultValue: '',
    picklistValues: [
      { label: 'New', value: 'New' },
      { label: 'Old', value: 'Old' },
    ],
    strict: true,
  });
  assert.equal(member(byName('remote_id'), 'editable'), false);
  assert.deepEqual(member(byName('id'), 'type'), { name: 'autogenerated' });
  const { result: two } = await get(app, { operation: 'describe', sessionName, elementType: 'Products,Users' });
  assert.deepEqual(member(two, 'Products'), products);
  assert.equal(member(member(two, 'Users') ?? null, 'createable'), false);
  assert.equal((await get(app, { operation: 'describe', sessionName, elementType: 'Nope' })).code, 'ACCESS_DENIED');
});
