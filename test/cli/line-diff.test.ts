import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DiffHunk } from '../../src/cli/line-diff.ts';
import { diffLines } from '../../src/cli/line-diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 24 });
const text = lines.map((all) => all.map((line) => `${line}\n`).join(''));

function split(whole: string): string[] {
  return whole.split('\n').slice(0, -1);
}

/** The new text, made of the old one and its differences. */
function patched(before: string, hunks: readonly DiffHunk[]): string {
  const old = split(before);
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    result.push(...old.slice(at, hunk.oldStart - 1));
    at = hunk.oldStart - 1;
    assert.equal(result.length, hunk.newStart - 1);
    for (const { kind, text: line } of hunk.lines) {
      if (kind !== 'removed') result.push(line);
      if (kind === 'added') continue;
      assert.equal(old[at], line);
      at++;
    }
  }
  return [...result, ...old.slice(at)].map((line) => `${line}\n`).join('');
}

describe('the differences of two texts', () => {
  it('make the new text of the old one', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffLines(before, after);
        if (before === after) return assert.deepEqual(diff, { kind: 'equal' });
        assert.equal(diff.kind, 'hunks');
        assert.equal(diff.kind === 'hunks' && patched(before, diff.hunks), after);
      }),
      { numRuns: 500 },
    );
  });

  it('are the fewest: a line that moved nowhere is in neither list', () => {
    const diff = diffLines('1\n2\n3\n4\n5\n', '1\n2\nx\n4\n5\n6\n');
    const changed = diff.kind === 'hunks' ? diff.hunks.flatMap((hunk) => hunk.lines) : [];
    assert.deepEqual(
      changed.filter(({ kind }) => kind !== 'same').map(({ kind, text: line }) => `${kind} ${line}`),
      ['removed 3', 'added x', 'added 6'],
    );
  });

  it('show three lines around, and two places that are far apart as two', () => {
    const old = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
    const diff = diffLines(old.join(''), old.with(4, 'five\n').with(24, 'twenty-five\n').join(''));
    assert.ok(diff.kind === 'hunks');
    assert.deepEqual(
      diff.hunks.map((hunk) => [hunk.oldStart, hunk.newStart, hunk.lines.length]),
      [
        [2, 2, 8],
        [22, 22, 8],
      ],
    );
  });

  it('tell line ends apart from lines', () => {
    assert.equal(diffLines('a\r\nb\r\n', 'a\nb\n').kind, 'line-ends');
    assert.equal(diffLines('a\nb', 'a\nb\n').kind, 'line-ends');
  });

  it('are not looked for in texts that are too long, and stay bounded below that', () => {
    const numbered = (count: number, word: string): string =>
      Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join('');
    assert.deepEqual(diffLines(numbered(5001, 'a'), 'a\n'), { kind: 'too-long', before: 5001, after: 1 });
    const diff = diffLines(numbered(5000, 'a'), numbered(5000, 'b'));
    assert.ok(diff.kind === 'hunks');
    assert.equal(diff.hunks[0]?.lines.length, 10_000);
  });
});
