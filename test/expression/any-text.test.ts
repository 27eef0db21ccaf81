import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CompileResult } from '../../src/expression/compiled.ts';
import { compileJsonata } from '../../src/expression/jsonata.ts';
import { decodeEntities, encodeEntities } from '../../src/expression/legacy/entities.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import { compilePath } from '../../src/expression/output-path.ts';
import { compileTemplate } from '../../src/expression/template.ts';

const COMPILERS: Readonly<Record<string, (text: string) => CompileResult<unknown>>> = {
  jsonata: compileJsonata,
  template: compileTemplate,
  path: compilePath,
  legacy: compileLegacy,
};

const PIECES = [
  '{=',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  "'",
  '"',
  '`',
  '\\',
  '/',
  '/*',
  '*/',
  '.',
  ',',
  '$',
  'record',
  'if',
  'then',
  'else',
  'end',
  'concat(',
  '&lt;',
  '&#',
  '1',
  '+',
  '-',
  ' ',
  'é',
  '🔩',
  '\uD800',
  '|',
  '~>',
  '?',
  ':',
  ':=',
  '%',
  '@',
  '#',
  '^',
];
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((parts) => parts.join('')),
);

for (const [name, compile] of Object.entries(COMPILERS)) {
  test(`any text gives a ${name} or a problem with a place`, () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = compile(text);
        const places = result.ok ? result.warnings : [result.problem];
        for (const { offset, length, code } of places) {
          assert.match(code, /^(?:EXPRESSION|TEMPLATE|PATH)_[A-Z_]+$/u);
          assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, `${code} ${offset}+${length}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test(`a megabyte of anything gives a ${name} or a problem`, () => {
    for (const piece of PIECES)
      assert.equal(typeof compile(piece.repeat(Math.ceil(1_000_000 / piece.length))).ok, 'boolean');
  });
}

test('entities survive the way there and back', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeEntities(encodeEntities(text)) === text));
});
