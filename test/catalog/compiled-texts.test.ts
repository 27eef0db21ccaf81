import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

const XMLNS = 'xmlns="urn:mapwright:1"';

function service(name: string, when: string): string {
  return `<service ${XMLNS} name="${name}" url="https://example.com/api"><expect when="${when}"/></service>`;
}

function compile(...texts: readonly string[]) {
  return compileCatalog(
    texts.flatMap((text, index) => readDocuments({ file: `${index}.xml`, text }).documents),
    1,
  );
}

test('a text that several documents hold is compiled once', () => {
  const { catalog } = compile(
    service('a', 'response.status = 200'),
    service('b', 'response.status = 200'),
    service('c', 'response.status = 201'),
  );
  const [a, b, c] = ['a', 'b', 'c'].map((name) => catalog.services.get(name));
  assert.ok(a?.expectations[0]?.when);
  assert.equal(a.expectations[0].when, b?.expectations[0]?.when);
  assert.notEqual(a.expectations[0].when, c?.expectations[0]?.when);
  assert.equal(a.url, b?.url);
});

test('what is wrong with such a text is told of each document that holds it, at its place', () => {
  const { diagnostics } = compile(service('a', 'response.status ='), `\n${service('b', 'response.status =')}`);
  assert.deepEqual(
    diagnostics.map(({ code, file, range }) => [code, file, range.start.line]),
    [
      ['EXPRESSION_SYNTAX', '0.xml', 1],
      ['EXPRESSION_SYNTAX', '1.xml', 2],
    ],
  );
});

test('one text means another template where it says which host is called', () => {
  const url = 'https://{record.host}/x';
  const { diagnostics } = compile(
    `<service ${XMLNS} name="a" url="https://example.com"><expect when="true" message="${url}"/></service>`,
    `<service ${XMLNS} name="b" url="${url}"/>`,
  );
  assert.deepEqual(
    diagnostics.map(({ code, file }) => [code, file]),
    [['TEMPLATE_ORIGIN', '1.xml']],
  );
});
