import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

const ROOT = new URL('../../', import.meta.url);
const SCHEMAS = ['mapwright-1.xsd', 'corebos-map.xsd'];
const XS = { xs: 'http://www.w3.org/2001/XMLSchema' };
const page = readFileSync(new URL('docs/editors.md', ROOT), 'utf8');

function withXml<T>(text: string, use: (document: XmlDocument) => T): T {
  const document = XmlDocument.fromString(text);
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

/** The lines on which a document breaks the schema, by the path of the schema inside the package. */
function wrongLines(schema: string, text: string): number[] {
  const validator = withXml(readFileSync(new URL(schema, ROOT), 'utf8'), (document) => XsdValidator.fromDoc(document));
  try {
    withXml(text, (document) => validator.validate(document));
    return [];
  } catch (thrown) {
    if (!(thrown instanceof XmlValidateError)) throw thrown;
    return thrown.details.map(({ line }) => line);
  } finally {
    validator.dispose();
  }
}

/** The schema that a document's own hint names, as a path inside the package. */
function hintOf(text: string): string | undefined {
  const hint = /xsi:schemaLocation="urn:mapwright:1 ([^"]+)"|xsi:noNamespaceSchemaLocation="([^"]+)"/u.exec(text);
  return (hint?.[1] ?? hint?.[2])?.replace(/^node_modules\/mapwright\//u, '');
}

describe('the schemas', () => {
  for (const schema of SCHEMAS) {
    it(`say in ${schema} what every element and attribute means, in one sentence`, () => {
      const told = withXml(readFileSync(new URL(`schema/${schema}`, ROOT), 'utf8'), (document) => {
        const declared = document.find('//xs:element[@name] | //xs:attribute[@name]', XS);
        return declared.map((node) => ({
          place: `line ${node.line}: ${node.get('@name')?.content}`,
          text: node.get('xs:annotation/xs:documentation', XS)?.content.replaceAll(/\s+/gu, ' ').trim() ?? '',
        }));
      });
      assert.ok(told.length > (schema === 'mapwright-1.xsd' ? 250 : 7), `only ${told.length}`);
      const bad = told.filter(({ text }) => text.length < 8 || text.length > 300 || !/[.?]$/u.test(text));
      assert.deepEqual(bad, []);
    });
  }

  it('are part of the package', () => {
    const { files } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { files: string[] };
    assert.ok(files.includes('schema'));
  });
});

describe('docs/editors.md', () => {
  const blocks = [...page.matchAll(/```xml\n([\s\S]*?)```/gu)].map((match) => match[1] ?? '');
  const hinted = blocks.filter((text) => hintOf(text) !== undefined);

  it('names schemas that are in the package', () => {
    const named = [...page.matchAll(/schema\/[a-z0-9-]+\.xsd/gu)].map(([path]) => path);
    assert.deepEqual([...new Set(named)].toSorted(), SCHEMAS.map((name) => `schema/${name}`).toSorted());
    for (const path of named) assert.ok(readFileSync(new URL(path, ROOT), 'utf8').includes('xs:schema'));
    assert.ok(withXml(readFileSync(new URL('schema/mapwright-1.xsd', ROOT), 'utf8'), isNative));
  });

  it('shows settings that are JSON, and a catalog that names the namespace', () => {
    const [settings = ''] = [...page.matchAll(/```json\n([\s\S]*?)```/gu)].map((match) => match[1] ?? '');
    const { 'xml.fileAssociations': associations } = JSON.parse(settings) as Record<string, { systemId: string }[]>;
    const schemas = new Set(
      associations?.map(({ systemId }) => systemId.replace('node_modules/mapwright/schema/', '')),
    );
    assert.deepEqual([...schemas].toSorted(), SCHEMAS.toSorted());
    const catalog = blocks.find((text) => text.includes('<catalog')) ?? '';
    assert.match(catalog, /name="urn:mapwright:1" uri="node_modules\/mapwright\/schema\/mapwright-1\.xsd"/u);
  });

  it('shows hints with which documents validate, and mistakes in them are found on their lines', () => {
    assert.equal(hinted.length, 2);
    for (const text of hinted) {
      const schema = hintOf(text) ?? '';
      assert.deepEqual(wrongLines(schema, text), []);
      assert.ok(!hasErrors(readDocuments({ file: 'hinted.xml', text }).diagnostics), text);
    }
    const [native = '', corebos = ''] = hinted;
    const misspelt = native.replace('url="', 'uri="');
    // Told where the start tag ends.
    assert.deepEqual([...new Set(wrongLines(hintOf(native) ?? '', misspelt))], [4]);
    const method = corebos.replace('>GET<', '>G E T<');
    assert.deepEqual([...new Set(wrongLines(hintOf(corebos) ?? '', method))], [5]);
  });

  it('is right about the documents that come with the package: they validate', () => {
    for (const file of [
      'tests/product-create.test.xml',
      'tests/session.test.xml',
      'product-create.xml',
      'Products.xml',
    ]) {
      const text = readFileSync(new URL(`maps/product-sync/${file}`, ROOT), 'utf8');
      assert.deepEqual(wrongLines('schema/mapwright-1.xsd', text), [], file);
    }
    const wrong = readFileSync(new URL('maps/product-sync/tests/product-create.test.xml', ROOT), 'utf8');
    const line = wrong.slice(0, wrong.indexOf('<written ')).split('\n').length;
    assert.deepEqual(wrongLines('schema/mapwright-1.xsd', wrong.replace('<written ', '<writen ')), [line]);
  });
});

function isNative(document: XmlDocument): boolean {
  return document.get('/xs:schema/@targetNamespace', XS)?.content === 'urn:mapwright:1';
}
