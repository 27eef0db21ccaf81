import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readDocuments } from '../../../src/document/read-documents.ts';
import { digestOf, withDigests } from '../../../src/runtime/pack/pack-digests.ts';

const OLD = '0'.repeat(64);
const TEXTS = new Map([
  ['map a', '<a/>'],
  ['map b', '<b/>'],
]);

/** The pack document with these lines, and what is read of it. */
function entries(lines: string): unknown[] {
  const text = `<pack xmlns="urn:mapwright:1" name="p" version="1">\n${lines}\n</pack>`;
  const { documents, diagnostics } = readDocuments({ file: 'pack.xml', text: withDigests(text, TEXTS) });
  assert.deepEqual(diagnostics, []);
  const [pack] = documents;
  return pack?.kind === 'pack' ? pack.documents.map(({ name, sha256 }) => [name, sha256]) : [];
}

const [A, B] = [digestOf('<a/>'), digestOf('<b/>')];
const FORMS: Readonly<Record<string, string>> = {
  'without digests': '<document kind="map" name="a"/><document name="b" kind="map"></document>',
  'with old ones behind': `<document kind="map" name="a" sha256="${OLD}"/><document kind="map" name="b" sha256="${OLD}" />`,
  'with old ones before and between': `<document sha256="${OLD}" kind="map" name="a"/><document kind='map' sha256='${OLD}'\n name='b'/>`,
  'on many lines': `<document\n  kind = "map"\n  name = "a"\n/><document\n  sha256 = "${OLD}"\n  kind="map" name="b">\n</document>`,
};

for (const [form, lines] of Object.entries(FORMS)) {
  it(`a pack document ${form} gets the digests of what it brings`, () => {
    assert.deepEqual(entries(lines), [
      ['a', A],
      ['b', B],
    ]);
  });
}

it('what it says of a document that it does not bring is taken away', () => {
  assert.deepEqual(entries(`<document kind="map" name="c" sha256="${OLD}"/>`), [['c', undefined]]);
});
