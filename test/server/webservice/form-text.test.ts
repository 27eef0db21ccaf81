import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseFormText } from '../../../src/server/webservice/form-text.ts';

const CASES: readonly (readonly [text: string, values: Record<string, string>])[] = [
  ['', {}],
  ['a=1&b=2', { a: '1', b: '2' }],
  ['a=1&a=2', { a: '2' }],
  ['a', { a: '' }],
  ['a=b=c', { a: 'b=c' }],
  ['a=one+two%20three', { a: 'one two three' }],
  ['a=100%&b=%zz', { a: '100%', b: '%zz' }],
  ['a=S%C3%B6hne', { a: 'Söhne' }],
];

for (const [text, values] of CASES) {
  test(`${JSON.stringify(text)} is read`, () => {
    assert.deepEqual(Object.fromEntries(parseFormText(text) ?? []), values);
  });
}

test('bytes that are no UTF-8 are refused, not replaced', () => {
  assert.equal(parseFormText('a=%FF'), undefined);
  assert.equal(parseFormText('%C3=1'), undefined);
});

test('what a form encoder writes is read back', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (pairs) => {
      const read = parseFormText(new URLSearchParams(pairs).toString());
      assert.deepEqual([...(read ?? [])], pairs);
    }),
  );
});
