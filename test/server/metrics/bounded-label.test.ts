import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedLabel } from '../../../src/server/metrics/bounded-label.ts';

test('a label has an end to its values: later ones are others, known ones stay themselves', () => {
  const label = new BoundedLabel(2);
  assert.deepEqual(
    ['a', 'b', 'c', 'a', 'd', 'b'].map((value) => label.of(value)),
    ['a', 'b', 'other', 'a', 'other', 'b'],
  );
});

test('a long value is cut', () => {
  assert.equal(new BoundedLabel().of('x'.repeat(1_000)).length, 120);
});
