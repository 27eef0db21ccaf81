import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { typeHidden } from '../../src/cli/hidden-prompt.ts';

describe('typeHidden', () => {
  const lines: readonly (readonly [before: string, keys: string, text: string, done: boolean])[] = [
    ['', 'abc', 'abc', false],
    ['ab', 'c\r', 'abc', true],
    ['ab', '\n', 'ab', true],
    ['abc', '\u007f\u007f', 'a', false],
    ['', '\b', '', false],
    ['螺🔩', '\u007f', '螺', false],
    ['wrong', '\u0015right\r', 'right', true],
    ['', 'first\nsecond\n', 'first', true],
    ['ab', '\u0004', 'ab', true],
  ];
  for (const [before, keys, text, done] of lines) {
    it(`${JSON.stringify(before)} and ${JSON.stringify(keys)}`, () => {
      assert.deepEqual(typeHidden(before, keys), { text, done });
    });
  }

  it('gives up at Ctrl-C', () => {
    assert.throws(() => typeHidden('ab', 'c\u0003'), { code: 'CLI_INTERRUPTED' });
  });
});
