import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordValue } from '../../src/core/record.ts';
import { requireChoices } from '../../src/crm/choice.ts';
import { readFieldValue } from '../../src/crm/field-value.ts';
import { openInstall } from './install.ts';
import { field } from './modules.ts';

const STATUS = field('status', 'picklist', { options: ['New', 'In work', 'Done'] });
const COLOURS = field('colours', 'multipicklist', { options: ['red', 'dark blue'] });

function problem(of: typeof STATUS, value: RecordValue, before?: RecordValue): string | undefined {
  try {
    requireChoices([of], { [of.name]: value }, before === undefined ? undefined : { [of.name]: before });
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof Error && 'code' in thrown && thrown.code === 'RECORD_INVALID');
    return thrown.message;
  }
}

test('a choice that there is, and none at all, are right', () => {
  for (const value of ['New', 'In work', null]) assert.equal(problem(STATUS, value), undefined);
  for (const value of ['red', 'red |##| dark blue', null]) assert.equal(problem(COLOURS, value), undefined);
});

test('a wrong choice is told with those there are, and with the nearest', () => {
  const told = problem(STATUS, 'in wrok') ?? '';
  for (const part of ['status', '"in wrok"', '"New", "In work", "Done"', 'did you mean "In work"?']) {
    assert.ok(told.includes(part), told);
  }
  assert.doesNotMatch(problem(STATUS, 'Quite another') ?? '', /did you mean/u);
  assert.match(problem(COLOURS, 'red |##| green') ?? '', /"green"/u);
  assert.notEqual(problem(STATUS, 'new'), undefined);
  assert.notEqual(problem(STATUS, '__proto__'), undefined);
});

test('a long list and a huge value give a message of bounded length', () => {
  const many = field('many', 'picklist', { options: Array.from({ length: 1_000 }, (_, index) => `option ${index}`) });
  const told = problem(many, 'x'.repeat(5_000_000)) ?? '';
  assert.match(told, /980 others/u);
  assert.ok(told.length < 2_000);
});

test('a list that is not strict lets others in', () => {
  assert.equal(problem({ ...STATUS, strict: false }, 'Anything'), undefined);
  assert.equal(problem({ ...COLOURS, strict: false }, 'red |##| green'), undefined);
});

test('what a record had before stays allowed, and nothing else', () => {
  assert.equal(problem(STATUS, 'Retired', 'Retired'), undefined);
  assert.notEqual(problem(STATUS, 'Retired', 'New'), undefined);
  assert.equal(problem(COLOURS, 'green |##| red', 'red |##| green |##| pink'), undefined);
  assert.notEqual(problem(COLOURS, 'green |##| black', 'green'), undefined);
});

const READINGS: readonly (readonly [given: Parameters<typeof readFieldValue>[1], value: string | null])[] = [
  ['red', 'red'],
  ['red|##|dark blue', 'red |##| dark blue'],
  [' red |##|  |##| red |##| x ', 'red |##| x'],
  [['red', 'dark blue', 'red'], 'red |##| dark blue'],
  [['red |##| x'], 'red |##| x'],
  [[], null],
  ['', null],
  [' |##| ', null],
  [[null, 'red', ''], 'red'],
  [7, '7'],
];

for (const [given, value] of READINGS) {
  test(`a multipicklist reads ${JSON.stringify(given)}`, () => {
    assert.deepEqual(readFieldValue('multipicklist', given), { ok: true, value });
  });
}

test('a multipicklist takes lists of texts only', () => {
  for (const given of [[['red']], [{ value: 'red' }], { red: true }, ['a\u0000']]) {
    assert.equal(readFieldValue('multipicklist', given).ok, false, JSON.stringify(given));
  }
  assert.equal(readFieldValue('picklist', ['red']).ok, false);
});

test('records keep to the choices: when created, when changed, and when a run writes', async (t) => {
  const { crm, units } = await openInstall(t);
  const actor = { user: '19x1' };
  const invalid = { code: 'RECORD_INVALID' };
  const vendor = (colours: string) => ({ vendorname: 'ACME', colours });
  await assert.rejects(crm.create({ module: 'Vendors', element: vendor('green'), actor }), invalid);
  const image = await crm.create({ module: 'Vendors', element: vendor('red |##| dark blue'), actor });
  assert.equal(image.values['colours'], 'red |##| dark blue');
  await assert.rejects(crm.revise({ element: { id: image.id, colours: ['red', 'green'] }, actor }), invalid);
  await assert.rejects(crm.decideUpdate({ image, fields: { colours: 'green' }, actor }), invalid);
  assert.equal(units.length, 1);
  const found = await crm.query("select id from Vendors where colours like '%dark blue%'");
  assert.equal(found.total, 1);
});
