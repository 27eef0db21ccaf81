import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../src/core/error.ts';
import type { PhpValue } from '../../src/import/php/php-value.ts';
import { readPhp } from '../../src/import/php/read-php.ts';
import { type PhpInput, phpSerialize } from './php-serialize.ts';

/** Maps and objects as entries, which compare member by member. */
function plain(value: PhpValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'array') return { array: [...value.entries].map(([key, one]) => [key, plain(one)]) };
  return { of: value.className, has: [...value.properties].map(([name, one]) => [name, plain(one)]) };
}

const READ: readonly (readonly [text: string, value: unknown])[] = [
  ['N;', null],
  ['b:0;', false],
  ['b:1;', true],
  ['i:0;', 0],
  ['i:-17;', -17],
  ['i:9007199254740993;', '9007199254740993'],
  ['d:0.5;', 0.5],
  ['d:-1.0E-25;', -1e-25],
  ['d:1.0E+25;', 1e25],
  ['d:INF;', 'INF'],
  ['d:-INF;', '-INF'],
  ['d:NAN;', 'NAN'],
  ['s:0:"";', ''],
  ['s:3:"új";', 'új'],
  ['s:4:"🔩";', '🔩'],
  ['s:5:"a"b;c";', 'a"b;c'],
  ['s:2:"\u0000\n";', '\u0000\n'],
  ['a:0:{}', { array: [] }],
  [
    'a:2:{i:0;s:1:"a";s:1:"k";i:-1;}',
    {
      array: [
        ['0', 'a'],
        ['k', -1],
      ],
    },
  ],
  ['a:2:{s:1:"k";i:1;s:1:"k";i:2;}', { array: [['k', 2]] }],
  ['O:8:"stdClass":0:{}', { of: 'stdClass', has: [] }],
  [
    'O:6:"VTTask":3:{s:4:"open";i:1;s:7:"\u0000*\u0000kept";i:2;s:14:"\u0000VTTask\u0000secret";i:3;}',
    {
      of: 'VTTask',
      has: [
        ['open', 1],
        ['kept', 2],
        ['secret', 3],
      ],
    },
  ],
  ['O:11:"App\\Tasks\\A":0:{}', { of: 'App\\Tasks\\A', has: [] }],
  // Value 1 is the array, 2 the text, which R takes again without a number of its own.
  [
    'a:3:{i:0;s:1:"x";i:1;R:2;i:2;R:2;}',
    {
      array: [
        ['0', 'x'],
        ['1', 'x'],
        ['2', 'x'],
      ],
    },
  ],
  // r does take one: the text behind it is number 4.
  [
    'a:4:{i:0;O:1:"A":0:{}i:1;r:2;i:2;s:1:"x";i:3;R:4;}',
    {
      array: [
        ['0', { of: 'A', has: [] }],
        ['1', { of: 'A', has: [] }],
        ['2', 'x'],
        ['3', 'x'],
      ],
    },
  ],
];

const INVALID: readonly string[] = [
  '',
  'N',
  'n;',
  'b:2;',
  'i:1.5;',
  'i:;',
  'd:0x10;',
  'd:1,5;',
  's:2:"a";',
  's:1:"ab";',
  's:-1:"";',
  's:1:a;',
  's:1:"ú";',
  'a:1:{}',
  'a:1:{i:0;i:1;i:2;}',
  'a:1:{b:1;i:1;}',
  'a:0:{};',
  'O:1:"":0:{}',
  'O:3:"a b":0:{}',
  'O:1:"A":1:{i:1;}',
  'R:1;',
  'R:0;',
  'a:1:{i:0;R:9;}',
  'a:2:{i:0;s:1:"x";i:1;r:2;}',
  'i:1;i:2;',
  'i:99999999999999999999999999999999999999999999;',
  's:1:"\ud800";',
];

describe('a value that PHP serialized', () => {
  for (const [text, value] of READ) {
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(plain(readPhp(text)), value));
  }

  for (const text of INVALID) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readPhp(text), { code: 'IMPORT_PHP_INVALID' });
    });
  }

  const refused = [
    'C:3:"Foo":2:{ab}',
    'E:11:"Suit:Hearts";',
    'S:1:"\\61";',
    'a:1:{i:0;R:1;}',
    'O:1:"A":1:{s:1:"a";r:1;}',
  ];
  for (const text of refused) {
    it(`never makes sense of ${text}`, () => assert.throws(() => readPhp(text), { code: 'IMPORT_PHP_REFUSED' }));
  }

  it('is bounded in size, in values and in depth', () => {
    const nested = (levels: number): string => 'a:1:{i:0;'.repeat(levels) + 'N;' + '}'.repeat(levels);
    assert.doesNotThrow(() => readPhp(nested(100)));
    const many = `a:100000:{${Array.from({ length: 100_000 }, (_, index) => `i:${index};N;`).join('')}}`;
    const long = `s:${4 * 1024 * 1024}:"${'x'.repeat(4 * 1024 * 1024)}";`;
    for (const text of [nested(101), nested(50_000), many, long]) {
      assert.throws(() => readPhp(text), { code: 'IMPORT_PHP_TOO_LARGE' });
    }
    // What is announced costs nothing before it is there.
    assert.throws(() => readPhp('a:999999999:{'), { code: 'IMPORT_PHP_INVALID' });
  });
});

const value = fc.letrec<{ value: PhpInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.record({
      className: fc.stringMatching(/^[A-Za-z_]\w{0,8}$/u),
      properties: fc.dictionary(fc.stringMatching(/^[a-z]\w{0,8}$/u), tie('value'), { maxKeys: 4 }),
    }),
  ),
})).value;

/** What must come back. */
function expected(given: PhpInput): unknown {
  if (given === null || typeof given !== 'object') return given;
  if (Array.isArray(given)) {
    return { array: (given as readonly PhpInput[]).map((one, index) => [String(index), expected(one)]) };
  }
  if (!('className' in given)) return assert.fail();
  return { of: given.className, has: Object.entries(given.properties).map(([name, one]) => [name, expected(one)]) };
}

describe('any value', () => {
  it('reads back as it was', () => {
    fc.assert(fc.property(value, (given) => assert.deepEqual(plain(readPhp(phpSerialize(given))), expected(given))));
  });

  it('that was damaged is read, or refused with a code', () => {
    const damage = fc.tuple(value, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(4));
    fc.assert(
      fc.property(damage, ([given, place, put, cut]) => {
        const text = phpSerialize(given);
        const at = place % (text.length + 1);
        try {
          readPhp(text.slice(0, at) + put + text.slice(at + cut));
        } catch (thrown) {
          assert.ok(thrown instanceof MapwrightError);
          assert.match(thrown.code, /^IMPORT_PHP_/u);
        }
      }),
      { numRuns: 500 },
    );
  });
});
