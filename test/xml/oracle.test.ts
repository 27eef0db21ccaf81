import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { parseXml } from '../../src/xml/parse.ts';

function libxml2Reads(text: string): boolean {
  try {
    XmlDocument.fromString(text).dispose();
    return true;
  } catch {
    return false;
  }
}

const PIECES = [
  '<',
  '>',
  '/',
  '<a>',
  '</a>',
  '<b/>',
  '<a ',
  ' b="',
  ' c=',
  '"',
  "'",
  '&amp;',
  '&',
  ';',
  '&lt;',
  '&x;',
  '&#x41;',
  '&#1;',
  '<![CDATA[',
  ']]>',
  ']]',
  '<!--',
  '-->',
  '--',
  '-',
  '<?x',
  '<?x ',
  '?>',
  '=',
  '\r\n',
  '\r',
  ' ',
  'é',
  '1',
  'text',
];
const pieces = fc.constantFrom(...PIECES);

test('what libxml2 reads is read, what it refuses is refused', () => {
  const inside = fc.array(pieces, { maxLength: 6 }).map((parts) => `<a>${parts.join('')}</a>`);
  const inTag = fc.array(pieces, { maxLength: 5 }).map((parts) => `<a${parts.join('')}/>`);
  const around = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(inside, inTag, around), (text) => {
      assert.equal(parseXml(text).problem === undefined, libxml2Reads(text), JSON.stringify(text));
    }),
    { numRuns: 20000 },
  );
});
