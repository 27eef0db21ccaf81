import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cut, displayWidth, fold, oneLine, padEnd, padStart, printable } from '../../src/cli/text-layout.ts';

describe('displayWidth', () => {
  const widths: readonly (readonly [text: string, width: number])[] = [
    ['', 0],
    ['abc', 3],
    ['Söhne', 5],
    ['So\u0308hne', 5],
    ['螺栓', 4],
    ['한글', 4],
    ['\u1112\u1161\u11ab', 2],
    ['ｱ', 1],
    ['Ａ', 2],
    ['、', 2],
    ['🔩', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    ['❤️', 2],
    ['❤', 1],
    ['©', 1],
    ['••••', 4],
    ['…', 1],
    ['\u200b', 0],
    ['a\u0000b', 2],
    ['مرحبا', 5],
    ['𠀀', 2],
    ['Bolt "M8" C:\\new & Söhne 螺栓 🔩', 32],
  ];
  for (const [text, width] of widths) {
    it(`${JSON.stringify(text)} takes ${width}`, () => assert.equal(displayWidth(text), width));
  }
});

describe('cut', () => {
  const cuts: readonly (readonly [text: string, width: number, cut: string])[] = [
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['螺栓螺栓', 8, '螺栓螺栓'],
    ['螺栓螺栓', 7, '螺栓螺…'],
    ['螺栓螺栓', 6, '螺栓…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['', 0, ''],
  ];
  for (const [text, width, expected] of cuts) {
    it(`${text} to ${width}`, () => assert.equal(cut(text, width), expected));
  }

  it('is never wider than asked, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
        assert.ok(displayWidth(cut(text, width)) <= width);
      }),
    );
  });
});

describe('padding', () => {
  it('fills up to columns, not characters', () => {
    assert.equal(padEnd('螺栓', 6), '螺栓  ');
    assert.equal(padStart('🔩', 4), '  🔩');
  });

  it('leaves a wider text alone', () => {
    assert.equal(padEnd('abcdef', 3), 'abcdef');
    assert.equal(padStart('abcdef', 3), 'abcdef');
  });
});

describe('fold', () => {
  it('breaks at blanks', () => assert.deepEqual(fold('the quick brown fox', 10), ['the quick', 'brown fox']));
  it('breaks a word that is too long', () => assert.deepEqual(fold('abcdefghij', 4), ['abcd', 'efgh', 'ij']));
  it('keeps line breaks and empty lines', () => assert.deepEqual(fold('a\n\r\nb', 9), ['a', '', 'b']));
  it('gives one line for nothing', () => assert.deepEqual(fold('', 9), ['']));
  it('counts wide characters twice', () => assert.deepEqual(fold('螺栓螺栓', 5), ['螺栓', '螺栓']));
  it('ends at the blank that stands just past the width', () =>
    assert.deepEqual(fold('abcd efgh', 4), ['abcd', 'efgh']));

  it('loses no character but blanks and breaks, and fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = fold(text, width);
        assert.ok(lines.every((line) => displayWidth(line) <= width));
        assert.equal(lines.join('').replaceAll(/\s/gu, ''), text.replaceAll(/\s/gu, ''));
      }),
    );
  });
});

describe('texts from outside', () => {
  it('cannot move the cursor or colour the screen', () => {
    assert.equal(oneLine('a\nb\r\tc\u001b[31m\u0007\u009b'), 'a\\nb\\r\\tc\\x1b[31m\\x07\\x9b');
  });
  it('cannot turn the direction of writing', () => assert.equal(oneLine('a\u202eb'), 'a\\u202eb'));
  it('of several lines keep their lines', () => assert.equal(printable('a\r\n\tb\u001b'), 'a\n    b\\x1b'));
});
