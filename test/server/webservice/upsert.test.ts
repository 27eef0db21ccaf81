import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import { get, logIn, member, openService, PATH, post, readEnvelope } from './client.ts';

const ELEMENT = { productname: 'Bolt "M8" ü 螺🔩', serial_no: "SN'1", quantity: '1', assigned_user_id: '19x2' };

test('creates, then changes the fields named, and tells the names of references', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const upsert = (element: object, updatedfields: string) =>
    post(app, {
      operation: 'Upsert',
      sessionName,
      elementType: 'Products',
      element: JSON.stringify(element),
      searchOn: ' serial_no , productname',
      updatedfields,
    });
  const created = await upsert(ELEMENT, '');
  assert.equal(member(created.result, 'id'), '14x1');
  assert.deepEqual(member(created.result, 'assigned_user_idename'), {
    module: 'Users',
    reference: 'clerk',
    cbuuid: '',
  });
  const changed = await upsert({ ...ELEMENT, id: '14x999', quantity: '2', weight: '5' }, 'quantity,');
  assert.deepEqual(
    ['id', 'quantity', 'weight'].map((name) => member(changed.result, name)),
    ['14x1', '2', ''],
  );
  const { result } = await get(app, { operation: 'retrieve', sessionName, id: '14x1' });
  assert.deepEqual(result, changed.result);
});

test('is answered alike by GET, a form and JSON, with the element nested too', async (t) => {
  const { app, units } = await openService(t);
  const sessionName = await logIn(app);
  const rest = { operation: 'upsert', sessionName, elementType: 'Products', searchOn: 'serial_no' };
  const element = JSON.stringify(ELEMENT);
  const json = (body: object) =>
    app.request(PATH, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  const answers = [
    await get(app, { ...rest, element }),
    await post(app, { ...rest, element }),
    await readEnvelope(await json({ ...rest, element })),
    await readEnvelope(await json({ ...rest, element: ELEMENT })),
  ];
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(units.filter(({ records }) => records.length > 0).length, 1);
});

const REFUSED: readonly (readonly [what: string, change: Record<string, string>, code: string])[] = [
  ['no session', { sessionName: '' }, 'AUTHENTICATION_REQUIRED'],
  ['no element', { element: '' }, 'MANDATORY_FIELDS_MISSING'],
  ['an element that is no object', { element: '[]' }, 'MANDATORY_FIELDS_MISSING'],
  ['broken JSON', { element: '{"serial_no":' }, 'MANDATORY_FIELDS_MISSING'],
  ['no searchOn', { searchOn: '' }, 'SEARCH_VALUE_NOT_PROVIDED'],
  ['commas only', { searchOn: ' , ,' }, 'SEARCH_VALUE_NOT_PROVIDED'],
  ['a field without a value', { searchOn: 'vendor_id' }, 'SEARCH_VALUE_NOT_PROVIDED'],
  ['an unknown field', { searchOn: 'zzz' }, 'ACCESS_DENIED'],
  ['an unknown module', { elementType: 'Nope' }, 'ACCESS_DENIED'],
  ['the module of users', { elementType: 'Users' }, 'ACCESS_DENIED'],
  ['no module', { elementType: '' }, 'ACCESS_DENIED'],
  ['an identifier that is no text', { cbwsOptions: '{"ClientRequestIdentifier":[1]}' }, 'INVALID_PARAMETER'],
];

for (const [what, change, code] of REFUSED) {
  test(`with ${what} is refused with ${code}`, async (t) => {
    const { app, units } = await openService(t);
    const good = {
      operation: 'upsert',
      sessionName: await logIn(app),
      elementType: 'Products',
      element: JSON.stringify(ELEMENT),
      searchOn: 'serial_no',
    };
    assert.equal((await post(app, { ...good, ...change })).code, code);
    assert.equal(units.length, 0);
    assert.equal((await post(app, good)).success, true);
  });
}

test('an ambiguous key is told to the client, with both ids', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const parameters = { sessionName, elementType: 'Products', element: JSON.stringify(ELEMENT) };
  for (const operation of ['create', 'create']) await post(app, { operation, ...parameters });
  const answer = await post(app, { operation: 'upsert', ...parameters, searchOn: 'serial_no' });
  assert.equal(answer.code, 'RECORD_AMBIGUOUS');
  assert.match(answer.message, /14x1 and 14x2/u);
});

test('an identifier makes repetitions harmless', async (t) => {
  const { app, units } = await openService(t);
  const sessionName = await logIn(app);
  const upsert = (element: object) =>
    post(app, {
      operation: 'upsert',
      sessionName,
      elementType: 'Products',
      element: JSON.stringify(element),
      searchOn: 'serial_no',
      cbwsOptions: JSON.stringify({ ClientRequestIdentifier: 'run-1-upsert' }),
    });
  const answers = await Promise.all([upsert(ELEMENT), upsert(ELEMENT), upsert(ELEMENT)]);
  for (const { result } of answers) assert.deepEqual(result, answers[0]?.result);
  assert.ok(isJsonObject(answers[0]?.result));
  assert.equal(units.length, 1);
  assert.equal((await upsert({ ...ELEMENT, quantity: '7' })).code, 'DUPLICATE_REQUEST_IDENTIFIER');
});

test('an element of megabytes is refused as too long for its field, and a larger request plainly', async (t) => {
  const { app, units } = await openService(t);
  const sessionName = await logIn(app);
  const upsert = (length: number) => {
    const element = JSON.stringify({ productname: 'x'.repeat(length), serial_no: 'SN-1' });
    const parameters = { operation: 'upsert', sessionName, elementType: 'Products', element, searchOn: 'serial_no' };
    return app.request(PATH, { method: 'POST', body: new URLSearchParams(parameters) });
  };
  assert.equal((await readEnvelope(await upsert(5_000_000))).code, 'RECORD_INVALID');
  assert.equal((await upsert(17_000_000)).status, 413);
  assert.equal(units.length, 0);
});
