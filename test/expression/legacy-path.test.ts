import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '../../src/core/in-slices.ts';
import { parseLegacyBody } from '../../src/engine/answer/read-body.ts';
import { readLegacyPath } from '../../src/expression/legacy-path.ts';
import table from './legacy-paths.json' with { type: 'json' };

for (const { path, value, missing, skipped } of table.cases) {
  test(`legacy path ${JSON.stringify(path)}`, () => {
    assert.deepEqual(readLegacyPath(table.body, path), { value, found: missing !== true, skipped: skipped ?? [] });
  });
}

test('a root list can be read', () => {
  assert.equal(readLegacyPath([{ id: 7 }], '0.id').value, 7);
  assert.equal(readLegacyPath([{ id: 7 }], '0').value, '{"id":7}');
});

test('an answer that is no JSON has nothing to read', () => {
  const body = atOnce(parseLegacyBody('<html/>'));
  assert.equal(body, undefined);
  assert.deepEqual(readLegacyPath(body, 'a.b'), { value: '', found: false, skipped: ['a'] });
});

test('a JSON string that holds JSON is read twice', () => {
  assert.deepEqual(atOnce(parseLegacyBody('"[{\\"id\\":7}]"')), [{ id: 7 }]);
  assert.equal(atOnce(parseLegacyBody('"plain"')), 'plain');
  assert.equal(atOnce(parseLegacyBody('5')), 5);
});
