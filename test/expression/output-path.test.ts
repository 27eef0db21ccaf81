import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { compilePath } from '../../src/expression/output-path.ts';

const BODY: Json = {
  result: [{ id: '14x1', 'a.b': 1 }, null],
  'error-code': 0,
  'first name': 'x',
  links: { 'self.href': '/me', "it's": 2, '': 3 },
  '@id': 5,
  nothing: null,
};

const FOUND: readonly (readonly [string, Json])[] = [
  ['result.0.id', '14x1'],
  ['result[0].id', '14x1'],
  ["result[0]['a.b']", 1],
  ['error-code', 0],
  ['first name', 'x'],
  ["links['self.href']", '/me'],
  ['links["self.href"]', '/me'],
  ["links['it\\'s']", 2],
  ["links['']", 3],
  ["['error-code']", 0],
  ['@id', 5],
  ['nothing', null],
  ['result.1', null],
];

for (const [path, value] of FOUND) {
  test(`path ${path}`, () => {
    const result = compilePath(path);
    assert.deepEqual(result.ok && result.value.read(BODY), { found: true, value });
  });
}

const MISSING: readonly (readonly [string, string])[] = [
  ['result.7.id', 'result.7'],
  ['result.00.id', 'result.00'],
  ['result.length', 'result.length'],
  ['nosuch.message', 'nosuch'],
  ['nothing.x.y', 'nothing.x'],
  ['error-code.x', 'error-code.x'],
  ['links.constructor.name', 'links.constructor'],
  ["links['no.way'].x", "links['no.way']"],
];

for (const [path, missingAt] of MISSING) {
  test(`path ${path} stops`, () => {
    const result = compilePath(path);
    assert.deepEqual(result.ok && result.value.read(BODY), { found: false, missingAt });
  });
}

const BAD: readonly (readonly [string, number])[] = [
  ['', 0],
  ['.', 0],
  ['.a', 0],
  ['a..b', 1],
  ['a.', 1],
  ['a[', 1],
  ['a[x]', 1],
  ["a['b]", 1],
  ["a['b']c", 6],
  ['a .b', 1],
];

for (const [path, offset] of BAD) {
  test(`path ${JSON.stringify(path)} is refused`, () => {
    const result = compilePath(path);
    assert.deepEqual(!result.ok && [result.problem.code, result.problem.offset], ['PATH_SYNTAX', offset]);
  });
}

test('a root list can be read, and the parts be asked for', () => {
  const result = compilePath("0['x y'].z");
  assert.ok(result.ok);
  assert.deepEqual(result.value.segments, ['0', 'x y', 'z']);
  assert.deepEqual(result.value.read([{ 'x y': { z: 1 } }]), { found: true, value: 1 });
});
