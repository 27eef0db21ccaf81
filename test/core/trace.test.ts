import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTraceparent, traceparentOf } from '../../src/core/trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

for (const [text, sampled] of [
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [`  00-${TRACE}-${SPAN}-03 `, true],
  [`01-${TRACE}-${SPAN}-01-and-more`, true],
] as const) {
  test(`"${text}" is read`, () => {
    assert.deepEqual(readTraceparent(text), { traceId: TRACE, spanId: SPAN, sampled });
  });
}

for (const text of [
  undefined,
  null,
  '',
  `00-${TRACE}-${SPAN}`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-01x`,
  `00-${TRACE}-${SPAN}-01-${'x'.repeat(600)}`,
]) {
  test(`${JSON.stringify(text)} is no place in a trace`, () => {
    assert.equal(readTraceparent(text), undefined);
  });
}

test('what is written is read as it was', () => {
  const id = (length: number) =>
    fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`, 'u')).filter((text) => /[1-9a-f]/u.test(text));
  fc.assert(
    fc.property(id(32), id(16), fc.boolean(), (traceId, spanId, sampled) => {
      const context = { traceId, spanId, sampled };
      assert.deepEqual(readTraceparent(traceparentOf(context)), context);
    }),
  );
});

test('any text is read or not, and throws nothing', () => {
  fc.assert(fc.property(fc.string(), (text) => void readTraceparent(text)));
});
