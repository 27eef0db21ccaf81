import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeJsonFault, findJsonFault } from '../../../src/server/webservice/json-fault.ts';

const FAULTS: readonly (readonly [text: string, line: number, column: number])[] = [
  ['', 1, 1],
  ['{"a":"C:\\new \\x"}', 1, 14],
  ['{"productname":"Bolt "M8""}', 1, 23],
  ['{"a":1,\n "b":nope}', 2, 6],
  ['{"a":"one\ntwo"}', 1, 10],
  ['{"a":1,}', 1, 8],
  ['[1,]', 1, 4],
  ['{a:1}', 1, 2],
  ['{"a" 1}', 1, 6],
  ['{"a":1', 1, 7],
  ['{"a":1}}', 1, 8],
  ['[1}', 1, 3],
  ['01', 1, 2],
  ['"abc', 1, 5],
  [`${'['.repeat(100_000)}!`, 1, 100_001],
];

for (const [text, line, column] of FAULTS) {
  test(`${JSON.stringify(text.slice(0, 30))} goes wrong at ${line}:${column}`, () => {
    const fault = findJsonFault(text);
    assert.deepEqual([fault.line, fault.column], [line, column]);
  });
}

test('the description names the place and what stands there', () => {
  const text = describeJsonFault(findJsonFault('{"productname":"Bolt "M8""}'));
  assert.match(text, /line 1, column 23/u);
  assert.match(text, /M8/u);
});

/** A fault inside a word or an escape is told where that begins. */
const LONGEST_ATOM = 6;

test('JSON is read to its end, and a character that spoils it is found where it stands', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, seed) => {
      assert.equal(findJsonFault(json).offset, json.length);
      const cut = seed % (json.length + 1);
      const { offset } = findJsonFault(`${json.slice(0, cut)}\u0001${json.slice(cut)}`);
      assert.ok(offset <= cut && offset >= cut - LONGEST_ATOM, `${offset} for ${cut}`);
    }),
    { numRuns: 1_000 },
  );
});
