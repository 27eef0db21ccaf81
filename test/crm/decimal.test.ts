import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDecimal, plainText } from '../../src/crm/decimal.ts';

const CASES: readonly (readonly [text: string, decimals: number, plain: string])[] = [
  ['12.5', 6, '12.500000'],
  ['0', 6, '0.000000'],
  ['-0.000001', 6, '-0.000001'],
  ['.5', 0, '0.5'],
  ['5.', 0, '5'],
  ['007', 0, '7'],
  ['1e3', 0, '1000'],
  ['1.5E-7', 0, '0.00000015'],
  ['+123456789012345', 6, '123456789012345.000000'],
  ['100.00', 0, '100'],
  ['-0', 2, '0.00'],
];

for (const [text, decimals, plain] of CASES) {
  test(`${text} with ${decimals} decimals is ${plain}`, () => {
    const decimal = parseDecimal(text);
    assert.equal(decimal && plainText(decimal, decimals), plain);
  });
}

test('text that is no decimal number is not read', () => {
  for (const text of ['', '.', '-', '1,5', '1e', '0x10', 'NaN', 'Infinity', '1 2', '٣', '1'.repeat(101)]) {
    assert.equal(parseDecimal(text), undefined, text);
  }
});

test('every finite number is written as text that reads back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const decimal = parseDecimal(String(number));
      assert.ok(decimal);
      assert.equal(Number(plainText(decimal)), number + 0 === 0 ? 0 : number);
    }),
  );
});
