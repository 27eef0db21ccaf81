import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '../../src/core/in-slices.ts';
import { readExactJson } from '../../src/core/json-text.ts';
import { parseLegacyBody } from '../../src/engine/answer/read-body.ts';

// JSON has no Infinity: such a number would be stored as null.
const OUT_OF_RANGE = ['1e400', '-1e400', '10E+309', `${'9'.repeat(400)}`, `${'9'.repeat(250)}e99`, '1.5e0400'];

test('a number that JavaScript does not have stays the text that was sent', () => {
  for (const number of OUT_OF_RANGE) {
    assert.deepEqual(readExactJson(`{"id":[${number}]}`), { id: [number] });
    assert.deepEqual(atOnce(parseLegacyBody(`{"id":[${number}]}`)), { id: [number] });
  }
});

test('other numbers stay numbers', () => {
  const numbers = [0, 1.5, -7, 1e300, 1e-7, 123456789012345, 1e100];
  assert.deepEqual(readExactJson(JSON.stringify(numbers)), numbers);
  assert.deepEqual(atOnce(parseLegacyBody(JSON.stringify(numbers))), numbers);
});
