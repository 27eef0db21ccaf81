import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  escapeFormValue,
  escapeJsonString,
  escapePathSegment,
  escapeQueryValue,
  escapeXmlText,
  noEscape,
  refuseLineBreaks,
} from '../../src/expression/escape.ts';
import { toPlainText } from '../../src/expression/plain-text.ts';

const anyText = fc.string({ unit: 'grapheme' });

test('a value survives its place', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      assert.equal(decodeURIComponent(escapeQueryValue(value)), value);
      assert.equal(new URLSearchParams(`a=${escapeFormValue(value)}`).get('a'), value);
      assert.equal(new URLSearchParams({ a: value }).toString(), `a=${escapeFormValue(value)}`);
      assert.equal(JSON.parse(`"${escapeJsonString(value)}"`), value);
      assert.equal(noEscape(value), value);
      assert.match(escapeQueryValue(value), /^[A-Za-z0-9\-._~%]*$/u);
    }),
  );
});

test('a path segment stays one segment', () => {
  assert.equal(escapePathSegment('a/b?c#d é'), 'a%2Fb%3Fc%23d%20%C3%A9');
  for (const value of ['.', '..']) assert.throws(() => escapePathSegment(value), { code: 'PARAMETER_INVALID' });
  assert.equal(escapePathSegment('\uD800'), '%EF%BF%BD');
});

test('XML text', () => {
  assert.equal(escapeXmlText(`<a b='"'>&\r\n`), '&lt;a b=&apos;&quot;&apos;&gt;&amp;&#13;&#10;');
  for (const value of ['\u0000', '\u001f', '\uffff', '\ud800']) {
    assert.throws(() => escapeXmlText(value), { code: 'PARAMETER_INVALID' });
  }
});

test('headers take no line breaks', () => {
  assert.equal(refuseLineBreaks('Bearer é'), 'Bearer é');
  for (const value of ['a\r\nX: y', 'a\nb', 'a\u0000']) {
    assert.throws(() => refuseLineBreaks(value), { code: 'PARAMETER_INVALID' });
  }
});

const TEXTS: readonly (readonly [Parameters<typeof toPlainText>[0], string])[] = [
  [undefined, ''],
  [null, ''],
  ['x', 'x'],
  [true, 'true'],
  [0.1, '0.1'],
  [-0, '0'],
  [1e-7, '0.0000001'],
  [-1.25e-9, '-0.00000000125'],
  [1e20, '100000000000000000000'],
  [1e21, '1e+21'],
  [{ a: [1, null] }, '{"a":[1,null]}'],
];

for (const [value, expected] of TEXTS) {
  test(`the text of ${JSON.stringify(value)}`, () => assert.equal(toPlainText(value), expected));
}

test('the text of a number reads back as that number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => Number(toPlainText(value)) === value),
  );
});
