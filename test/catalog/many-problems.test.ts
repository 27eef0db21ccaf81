import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

/** One file with so many maps, each for a module and a service that there are not. */
function brokenMaps(file: string, count: number) {
  const maps = Array.from(
    { length: count },
    (_, index) => `<map name="m${index}" module="Nope" service="nope"><call method="GET"/></map>`,
  );
  const text = `<documents xmlns="urn:mapwright:1">${maps.join('')}</documents>`;
  const read = readDocuments({ file, text });
  assert.deepEqual([read.documents.length, read.diagnostics], [count, []]);
  return read.documents;
}

test('of the problems of one file the first hundred are told, and that there are more', () => {
  const { catalog, diagnostics } = compileCatalog([...brokenMaps('a.xml', 150), ...brokenMaps('b.xml', 3)], 1);
  const ofFile = (file: string) => diagnostics.filter((diagnostic) => diagnostic.file === file);
  assert.equal(ofFile('a.xml').length, 101);
  assert.deepEqual(
    ofFile('a.xml')
      .filter(({ code }) => code === 'DOCUMENT_TOO_MANY_PROBLEMS')
      .map(({ severity }) => severity),
    ['error'],
  );
  assert.ok(ofFile('b.xml').every(({ code }) => code !== 'DOCUMENT_TOO_MANY_PROBLEMS'));
  // A map whose errors were only counted has them all the same.
  assert.deepEqual([...catalog.maps.keys()], []);
});

test('a message repeats no more than the start of what was written', () => {
  const text = `<map xmlns="urn:mapwright:1" name="m" module="${'x'.repeat(100_000)}"><call method="GET" url="http://b"/></map>`;
  const { diagnostics } = compileCatalog(readDocuments({ file: 'a.xml', text }).documents, 1);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['MODULE_UNKNOWN'],
  );
  assert.ok(diagnostics.every(({ message, hint = '' }) => message.length < 600 && hint.length < 600));
});

test('problems are in the order of the text', () => {
  const { diagnostics } = compileCatalog(brokenMaps('a.xml', 40), 1);
  const offsets = diagnostics.map(({ range }) => range.start.offset);
  assert.deepEqual(
    offsets,
    offsets.toSorted((a, b) => a - b),
  );
});
