import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import { get, logIn, member, openService, post } from './client.ts';

test('getPicklistValues tells the values of every list of a module', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const ask = (module: string) => get(app, { operation: 'getPicklistValues', sessionName, module });
  assert.deepEqual((await ask('Products')).result, { status: ['New', 'Old'] });
  assert.deepEqual((await ask('Vendors')).result, { colours: ['red', 'dark blue'] });
  assert.deepEqual((await ask('Users')).result, { status: ['Active', 'Inactive'] });
  assert.deepEqual((await ask('Groups')).result, {});
  for (const module of ['Nope', '', '__proto__']) assert.equal((await ask(module)).code, 'ACCESS_DENIED');
});

test('describe tells the choices with what people see', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const { result } = await get(app, { operation: 'describe', sessionName, elementType: 'Vendors' });
  const fields = member(result, 'fields');
  assert.ok(Array.isArray(fields));
  const colours = fields.find((field) => isJsonObject(field) && field.name === 'colours') ?? null;
  assert.equal(member(colours, 'uitype'), '33');
  assert.deepEqual(member(colours, 'type'), {
    name: 'multipicklist',
    defaultValue: '',
    picklistValues: [
      { label: 'Red', value: 'red' },
      { label: 'Dark blue', value: 'dark blue' },
    ],
    strict: true,
  });
});

test('choices travel as text with the separator, and come in as a list too', async (t) => {
  const { app } = await openService(t);
  const sessionName = await logIn(app);
  const create = (colours: unknown) => {
    const element = JSON.stringify({ vendorname: 'ACME', colours });
    return post(app, { operation: 'create', sessionName, elementType: 'Vendors', element });
  };
  assert.equal(member((await create('red|##|dark blue')).result, 'colours'), 'red |##| dark blue');
  assert.equal(member((await create(['dark blue'])).result, 'colours'), 'dark blue');
  assert.equal(member((await create('')).result, 'colours'), '');
  const refused = await create('red |##| dark bleu');
  assert.equal(refused.code, 'RECORD_INVALID');
  for (const part of ['"dark bleu"', '"red", "dark blue"', 'did you mean "dark blue"?']) {
    assert.ok(refused.message.includes(part), refused.message);
  }
});
