import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../src/core/error.ts';
import { parseJsonObject } from '../../src/cli/json-file.ts';
import { jsonErrorOffset } from '../../src/cli/json-scanner.ts';

describe('jsonErrorOffset', () => {
  const offsets: readonly (readonly [text: string, offset: number])[] = [
    ['', 0],
    ['   ', 3],
    ['{', 1],
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a":1 "b":2}', 7],
    ["{'a':1}", 1],
    ['{a:1}', 1],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['[1,2', 4],
    ['{"a":tru}', 5],
    ['{"a":01}', 5],
    ['{"a":"x\n"}', 5],
    ['{"a":"\\q"}', 5],
    ['{} {}', 3],
    ['[}', 1],
    [',', 0],
  ];
  for (const [text, offset] of offsets) {
    it(`${JSON.stringify(text)} at ${offset}`, () => assert.equal(jsonErrorOffset(text), offset));
  }

  it('goes through every JSON text to its end', () => {
    fc.assert(fc.property(fc.json(), (text) => assert.equal(jsonErrorOffset(text), text.length)));
  });

  it('ends for any text', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.ok(jsonErrorOffset(text) <= text.length)));
  });
});

describe('parseJsonObject', () => {
  it('reads an object, a byte order mark before it too', () => {
    assert.deepEqual(parseJsonObject('\ufeff{"a":[1]}', 'r.json'), { a: [1] });
  });

  const places: readonly (readonly [text: string, place: string])[] = [
    ['{\n  "a": 1,\n  "b": x\n}', 'r.json:3:8'],
    ['{\r\n"a":1,\r\n}', 'r.json:3:1'],
    ['[1]', 'r.json:1:1'],
    ['', 'r.json:1:1'],
  ];
  for (const [text, place] of places) {
    it(`refuses ${JSON.stringify(text)} at ${place}`, () => {
      assert.throws(
        () => parseJsonObject(text, 'r.json'),
        (error) =>
          error instanceof MapwrightError && error.code === 'CLI_JSON_INVALID' && error.message.startsWith(`${place} `),
      );
    });
  }
});
