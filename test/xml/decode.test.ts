import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeXml } from '../../src/xml/decode.ts';

const TEXT = '<a>Söhne 螺栓 🔩</a>';

function utf16(text: string, order: 'le' | 'be'): Uint8Array {
  const bytes = Buffer.from(`\u{FEFF}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

test('UTF-8 with and without byte order mark and UTF-16 with one are read', () => {
  assert.equal(decodeXml(Buffer.from(TEXT)).text, TEXT);
  assert.equal(decodeXml(Buffer.from(`\u{FEFF}${TEXT}`)).text, TEXT);
  assert.equal(decodeXml(utf16(TEXT, 'le')).text, TEXT);
  assert.equal(decodeXml(utf16(TEXT, 'be')).text, TEXT);
});

test('an encoding declaration must be true', () => {
  const declared = (name: string): string => `<?xml version="1.0" encoding="${name}"?><a/>`;
  assert.equal(decodeXml(Buffer.from(declared('utf-8'))).problem, undefined);
  assert.equal(decodeXml(utf16(declared('UTF-16'), 'be')).problem, undefined);
  assert.equal(decodeXml(Buffer.from(declared('UTF-16'))).problem?.code, 'XML_ENCODING');
  assert.equal(decodeXml(Buffer.from(declared('ISO-8859-1'))).problem?.code, 'XML_ENCODING');
  assert.equal(decodeXml(utf16(declared('UTF-8'), 'le')).problem?.code, 'XML_ENCODING');
});

test('bytes that are no text are refused, at their place', () => {
  const { problem } = decodeXml(Buffer.concat([Buffer.from('<a>\n  x'), Buffer.from([0xe9]), Buffer.from('</a>')]));
  assert.equal(problem?.code, 'XML_ENCODING');
  assert.deepEqual(problem?.range.start, { line: 2, column: 4, offset: 7 });
});

test('a file over the limit is not decoded', () => {
  assert.equal(decodeXml(new Uint8Array(11), { maxBytes: 10 }).problem?.code, 'XML_TOO_LARGE');
});

test('any bytes give a text or a problem', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const { text, problem } = decodeXml(bytes);
      assert.equal(text === undefined, problem !== undefined);
    }),
  );
});
