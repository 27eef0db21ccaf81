import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maskXmlText } from '../../src/connector/masked-xml.ts';
import { isSensitiveName } from '../../src/connector/sensitive-name.ts';

const DOTS = '••••';
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** What is masked, said by two patterns: first elements, then attributes. */
const ELEMENT = /<([^\s<>/!?]+)(\s[^<>]*)?>([^<]+)(?=<\/)/gu;
const ATTRIBUTE = /(?<![^\s<>"'=])([^\s<>"'=]+)\s*=\s*(?:"[^"<]+"|'[^'<]+')/gu;

function maskedByPattern(text: string): string {
  return text
    .replaceAll(ELEMENT, (whole, name: string, attributes: string | undefined, content: string) =>
      isSensitiveName(localName(name)) && content.trim() !== '' ? `<${name}${attributes ?? ''}>${DOTS}` : whole,
    )
    .replaceAll(ATTRIBUTE, (whole, name: string) => (isSensitiveName(localName(name)) ? `${name}="${DOTS}"` : whole));
}

/** Parts of XML, put together rightly and wrongly. */
const PARTS = [
  '<',
  '>',
  '/',
  '=',
  '"',
  "'",
  ' ',
  '\n',
  '\u00a0',
  '\ufeff',
  '!',
  '?',
  ':',
  '&amp;',
  '\ud83d\udd29',
  '\ud83d',
  'a',
  'token',
  'w:Password',
  'key',
  '<token>',
  '</token>',
  '<a token="x">',
  'secret = "y"',
  "pin='",
  'x="1"',
  '</',
];

describe('XML masked by name', () => {
  it('is what two patterns say, whatever the text', () => {
    const texts = fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => assert.equal(maskXmlText(text), maskedByPattern(text))),
      { numRuns: 3_000 },
    );
  });

  it('keeps everything that is not sensitive as it was written', () => {
    const page = '<!DOCTYPE html><p class = \'a\' id="b">1 < 2 <br/>x</p><!-- token="shown as dots" --><pin>12</pin>';
    assert.equal(
      maskXmlText(page),
      `<!DOCTYPE html><p class = 'a' id="b">1 < 2 <br/>x</p><!-- token="${DOTS}" --><pin>${DOTS}</pin>`,
    );
  });

  /** Each of these, repeated, has a pattern that goes back over the text again and again. */
  for (const part of [
    '<',
    '<a ',
    '<a>',
    '=',
    '="',
    "='",
    'a=',
    'token',
    'token ',
    ' ',
    'token="',
    '<token>x',
    '>',
    'a="<',
  ]) {
    it(`is read once: ${part}`, () => {
      const text = part.repeat(200_000 / part.length);
      assert.ok(maskXmlText(text).length <= text.length);
    });
  }
});
