import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { atOnce } from '../../src/core/in-slices.ts';
import { type KeptMembers, readJsonInPieces } from '../../src/core/json-in-pieces.ts';
import { DEEPEST_JSON, type JsonReviver, readJson } from '../../src/core/json-text.ts';

const inPieces = (text: string, pieceLength: number, reviver?: JsonReviver): unknown =>
  atOnce(readJsonInPieces(text, { reviverFor: () => reviver, pieceLength }));

const PIECES = fc.integer({ min: 1, max: 60 });
const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom('', ' ', '\n\t  ')).map(([value, indent]) => {
  return `${indent}${JSON.stringify(value, undefined, indent)}${indent}`;
});

it('any JSON is read in pieces of any length as it is read at once', () => {
  fc.assert(
    fc.property(spaced, PIECES, (text, pieceLength) => {
      assert.deepEqual(inPieces(text, pieceLength), readJson(text));
    }),
    { numRuns: 1_000 },
  );
});

it('what is no JSON is none in pieces either', () => {
  const broken = fc.tuple(spaced, fc.nat(), fc.constantFrom('', ',', ']', '}', '"', ':', '1', '\u00a0', '{', '\\'));
  fc.assert(
    fc.property(broken, PIECES, ([text, place, sign], pieceLength) => {
      const at = place % (text.length + 1);
      for (const end of [at, at + 1]) {
        const changed = text.slice(0, at) + sign + text.slice(end);
        assert.deepEqual(inPieces(changed, pieceLength), readJson(changed), changed);
      }
    }),
    { numRuns: 1_000 },
  );
});

it('members of every name are kept, and the last of one name counts', () => {
  const text = '{"__proto__":{"a":1},"b":[1,2],"constructor":3,"b":"later","__proto__":[9]}';
  for (let length = 1; length < text.length; length++) assert.deepEqual(inPieces(text, length), readJson(text));
  assert.equal(Object.hasOwn(inPieces(text, 8) as object, '__proto__'), true);
});

it('the deepest level that is read is the same', () => {
  for (const levels of [DEEPEST_JSON, DEEPEST_JSON + 1]) {
    for (const [open, close] of [
      ['[1,', ',2]'],
      ['{"a":', ',"b":0}'],
      ['[', ']'],
    ] as const) {
      const text = `${open.repeat(levels)}1${close.repeat(levels)}`;
      for (const length of [5, 700, 2_000]) {
        assert.equal(inPieces(text, length) === undefined, levels > DEEPEST_JSON, `${open} ${levels} ${length}`);
      }
    }
  }
});

it('members that are not kept are left out, wherever a piece ends, and must be JSON all the same', () => {
  const text = '{"a":[1,{"a":2}],"b":{"a":3,"c":[4,5,6,7]},"a2":"x","c":null}';
  for (let pieceLength = 1; pieceLength < text.length; pieceLength++) {
    const read = (given: string, keeps: KeptMembers): unknown =>
      atOnce(readJsonInPieces(given, { keeps, pieceLength }));
    assert.deepEqual(
      read(text, (name) => name === 'b' || name === 'c'),
      { b: { a: 3, c: [4, 5, 6, 7] }, c: null },
    );
    assert.deepEqual(
      read(`[${text},[2],"three"]`, (index) => Number(index) < 2),
      [readJson(text), [2]],
    );
    assert.equal(
      read(text.replace('[4,5', '[4,,5'), () => false),
      undefined,
    );
  }
});

it('every number goes through the reviver with its source', () => {
  const numbers = fc.array(
    fc.oneof(fc.integer(), fc.record({ a: fc.double({ noNaN: true, noDefaultInfinity: true }) })),
  );
  const asText: JsonReviver = (_name, value, context) => (typeof value === 'number' ? `n${context?.source}` : value);
  fc.assert(
    fc.property(numbers, PIECES, (values, pieceLength) => {
      const text = JSON.stringify({ values });
      assert.deepEqual(inPieces(text, pieceLength, asText), readJson(text, asText));
    }),
  );
});
