import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceText } from '../../src/core/diagnostic.ts';
import { parseXml } from '../../src/xml/parse.ts';
import { joinSources, sliceSource, trimSource } from '../../src/xml/source-text.ts';

function sourceOf(text: string): SourceText {
  const { root } = parseXml(text);
  assert.ok(root);
  return root.text();
}

test('a slice keeps the places of its characters and stays inside itself', () => {
  const slice = sliceSource(sourceOf('<a>&lt;one&gt; two</a>'), 1, 4);
  assert.equal(slice.value, 'one');
  assert.deepEqual([slice.range.start.offset, slice.range.end.offset], [7, 10]);
  assert.equal(slice.positionAt(2).offset, 9);
  assert.equal(slice.positionAt(50).offset, 10);
  assert.equal(slice.positionAt(-5).offset, 7);
});

test('trimming keeps places, also of a text of blanks only', () => {
  const trimmed = trimSource(sourceOf('<a>\n  x y\n</a>'));
  assert.equal(trimmed.value, 'x y');
  assert.deepEqual(trimmed.range.start, { line: 2, column: 3, offset: 6 });
  assert.equal(trimSource(sourceOf('<a>  </a>')).value, '');
});

test('joined texts keep their places, the separator belongs to the text before it', () => {
  const text = '<a><b>ab</b><c>cd</c></a>';
  const { root } = parseXml(text);
  const [first, second] = root?.children.map((child) => child.text()) ?? [];
  assert.ok(first && second);
  const joined = joinSources(first, [second], ': ');
  assert.equal(joined.value, 'ab: cd');
  assert.equal(joined.positionAt(1).offset, text.indexOf('b</b>'));
  assert.equal(joined.positionAt(2).offset, text.indexOf('</b>'));
  assert.equal(joined.positionAt(4).offset, text.indexOf('cd'));
  assert.equal(joined.range.end.offset, text.indexOf('</c>'));
});
