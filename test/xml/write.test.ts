import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseXml } from '../../src/xml/parse.ts';
import { element, writeXml } from '../../src/xml/write.ts';

/** Any text of XML, with what is hard to write in it. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(']]>', '--', '-', '<', '&amp;', '"', "'", '\r\n', '\t', ']]'),
    ),
  )
  .map((parts) => parts.join(''))
  .filter((one) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(one));

describe('a document that is written', () => {
  it('reads back with the same attributes and texts, whatever its comments say', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom('text' as const, 'cdata' as const),
        (value, inside, comment, as) => {
          const xml = writeXml(
            element('a', { value, other: undefined }, [{ comment }, element('b', {}, { text: inside, as })]),
          );
          const { root, problem } = parseXml(xml);
          assert.equal(problem, undefined, xml);
          assert.equal(root?.attributes.get('value')?.value, value);
          assert.equal(root?.attributes.size, 1);
          assert.deepEqual(
            root?.children.map(({ name }) => name),
            ['b'],
          );
          assert.equal(root?.children[0]?.text().value, inside);
        },
      ),
    );
  });

  it('has a line for each element, and long attributes below each other', () => {
    const long = 'x'.repeat(70);
    const xml = writeXml(
      element('a', { n: '1' }, [element('b'), element('c', { one: long, two: long }, { text: 'é', as: 'text' })]),
    );
    assert.equal(xml, `<a n="1">\n  <b/>\n  <c\n      one="${long}"\n      two="${long}">é</c>\n</a>\n`);
  });

  it('replaces what XML does not allow', () => {
    const xml = writeXml(
      element('a', { v: '\u0001' }, [{ comment: '\u0000' }, element('b', {}, { text: '\ufffe', as: 'cdata' })]),
    );
    assert.equal(parseXml(xml).problem, undefined);
    assert.equal(parseXml(xml).root?.attributes.get('v')?.value, '\ufffd');
  });
});
