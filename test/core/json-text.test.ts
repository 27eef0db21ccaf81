import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { DEEPEST_JSON, isTooDeep, readJson } from '../../src/core/json-text.ts';

const nested = (levels: number, inside = '1'): string => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;

it('JSON is read as far as its levels are 512, whatever stands in its texts', () => {
  const brackets = JSON.stringify('"[{\\'.repeat(400));
  assert.notEqual(readJson(nested(DEEPEST_JSON, brackets)), undefined);
  assert.equal(readJson(nested(DEEPEST_JSON + 1, brackets)), undefined);
  assert.equal(readJson(`{"a":${nested(DEEPEST_JSON)}}`), undefined);
  assert.notEqual(readJson(`[${nested(511)},${nested(511)}]`), undefined);
  assert.equal(readJson('{"a":'), undefined);
  assert.equal(readJson(`"${'['.repeat(5_000)}`), undefined);
});

it('any value is read as JSON.parse reads it, wrapped up to the deepest level, and not one level more', () => {
  const wrapped = fc.tuple(fc.jsonValue(), fc.array(fc.boolean(), { minLength: 600, maxLength: 700 }), fc.string());
  fc.assert(
    fc.property(wrapped, ([value, lists, name]) => {
      let text = JSON.stringify(value);
      let levels = depthOf(value);
      for (const isList of lists) {
        text = isList ? `[${text}]` : `{${JSON.stringify(name)}:${text}}`;
        levels += 1;
        if (levels < DEEPEST_JSON || levels > DEEPEST_JSON + 1) continue;
        assert.equal(isTooDeep(text), levels > DEEPEST_JSON);
        assert.deepEqual(readJson(text), levels > DEEPEST_JSON ? undefined : JSON.parse(text));
      }
    }),
    { numRuns: 30 },
  );
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
