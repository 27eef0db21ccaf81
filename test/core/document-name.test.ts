import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { documentName, freeName } from '../../src/core/document-name.ts';

describe('the name of a document', () => {
  const names: readonly (readonly [text: string, name: string])[] = [
    ['Send accounts', 'send-accounts'],
    ['FS:Create Accounts', 'fs-create-accounts'],
    ['  Größe & Maße (új) ', 'grosse-masse-uj'],
    ['order_no.v2', 'order_no.v2'],
    ['2nd run', 'x-2nd-run'],
    ['商品', 'x'],
    ['-._', 'x'],
    ['', 'x'],
  ];
  for (const [text, name] of names) it(`of "${text}" is ${name}`, () => assert.equal(documentName(text, 'x'), name));

  it('is one for any text, and is its own name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const name = documentName(text, 'x');
        assert.match(name, /^[A-Za-z][A-Za-z0-9._-]{0,102}$/u);
        assert.equal(documentName(name, 'x'), name);
      }),
    );
  });

  it('gets a number where it is taken', () => {
    const taken = new Set(['a']);
    assert.deepEqual([freeName('a', taken), freeName('a', taken), freeName('b', taken)], ['a-2', 'a-3', 'b']);
  });
});
