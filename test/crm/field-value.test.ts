import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import type { FieldType } from '../../src/core/module.ts';
import type { RecordValue } from '../../src/core/record.ts';
import { checkFieldValue, readFieldValue } from '../../src/crm/field-value.ts';
import { toWireValue } from '../../src/crm/wire.ts';
import { field } from './modules.ts';

const READ: readonly (readonly [type: FieldType, given: Json, value: RecordValue])[] = [
  ['string', 'x', 'x'],
  ['string', ' x ', ' x '],
  ['string', 7, '7'],
  ['string', true, '1'],
  ['string', '', null],
  ['string', null, null],
  ['integer', '42', 42],
  ['integer', '-42.0', -42],
  ['integer', 9007199254740991, 9007199254740991],
  ['number', '0.1', 0.1],
  ['number', 0.1 + 0.2, 0.3],
  ['currency', '12.50', 12.5],
  ['currency', '123456789.123456', 123456789.123456],
  ['currency', 10 / 3, 3.333333],
  ['boolean', 'on', true],
  ['boolean', 'No', false],
  ['boolean', 1, true],
  ['boolean', false, false],
  ['date', '2024-02-29', '2024-02-29'],
  ['datetime', '2024-02-29 23:59:59', '2024-02-29T23:59:59Z'],
  ['datetime', '2024-01-01T00:30+01:00', '2023-12-31T23:30:00Z'],
  ['time', '09:30', '09:30:00'],
];

const REFUSED: readonly (readonly [type: FieldType, given: Json])[] = [
  ['string', ['x']],
  ['string', { a: 1 }],
  ['string', 'a\u0000b'],
  ['string', '\ud83d'],
  ['integer', '1.5'],
  ['integer', '9007199254740993'],
  ['integer', 'abc'],
  ['integer', true],
  ['integer', '1e400'],
  ['number', '1234567890.1234567'],
  ['number', 1234567890123456],
  ['number', '1e40'],
  ['currency', '0.1234567'],
  ['currency', 'abc'],
  ['currency', '1e20'],
  ['boolean', 'maybe'],
  ['boolean', 2],
  ['date', 'notadate'],
  ['date', '2023-02-29'],
  ['date', '2024-1-1'],
  ['datetime', '2024-01-01'],
  ['datetime', '2024-01-01 24:00:00'],
  ['datetime', '2024-02-30 10:00:00'],
  ['time', '25:00'],
];

for (const [type, given, value] of READ) {
  test(`${type} reads ${JSON.stringify(given)} as ${JSON.stringify(value)}`, () => {
    assert.deepEqual(readFieldValue(type, given), { ok: true, value });
  });
}

for (const [type, given] of REFUSED) {
  test(`${type} refuses ${JSON.stringify(given)}`, () => {
    assert.equal(readFieldValue(type, given).ok, false);
  });
}

test('length counts characters, not UTF-16 units', () => {
  const short = field('name', 'string', { length: 2 });
  assert.equal(checkFieldValue(short, '🔩🔩'), undefined);
  assert.match(checkFieldValue(short, 'abc') ?? '', /3 characters.*at most 2/u);
});

test('e-mail and web addresses are checked by shape', () => {
  const wrong = (type: FieldType, value: string) => checkFieldValue(field('f', type), value) !== undefined;
  assert.equal(wrong('email', 'a.b+c@example.com'), false);
  assert.equal(wrong('email', 'a b@example.com'), true);
  assert.equal(wrong('email', 'example.com'), true);
  assert.equal(wrong('url', 'https://example.com/a?b=c'), false);
  assert.equal(wrong('url', 'www.example.com'), false);
  assert.equal(wrong('url', 'javascript:alert(1)'), true);
  assert.equal(wrong('url', 'two words.com'), true);
});

test('the wire text of a value reads back as the value', () => {
  const types: readonly FieldType[] = [
    'string',
    'integer',
    'number',
    'currency',
    'boolean',
    'date',
    'datetime',
    'time',
  ];
  const given = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), given, (type, from) => {
      const reading = readFieldValue(type, from);
      if (!reading.ok) return;
      assert.deepEqual(readFieldValue(type, toWireValue(type, reading.value)), reading);
    }),
    { numRuns: 500 },
  );
});
