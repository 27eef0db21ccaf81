import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDocuments } from '../../src/document/read-documents.ts';
import { readFixtures } from './fixtures.ts';

const NAMESPACE = 'xmlns="urn:mapwright:1"';

test('a hostile document gives at most a hundred problems and the word that there are more', () => {
  const text = `<service ${NAMESPACE} name="a" url="b">${'<nonsense/>'.repeat(1000)}</service>`;
  const { diagnostics } = readDocuments({ file: 'a.xml', text });
  assert.equal(diagnostics.length, 101);
  const last = diagnostics.at(-1);
  assert.deepEqual([last?.code, last?.severity], ['DOCUMENT_TOO_MANY_PROBLEMS', 'error']);
});

test('warnings beyond the limit do not make an error, an error beyond the limit does', () => {
  const header = (count: number): string => '<header name="a" value="{b}"/>'.repeat(count);
  const service = (content: string): string => `<service ${NAMESPACE} name="a" url="b">${content}</service>`;
  const lastOf = (text: string) => readDocuments({ file: 'a.xml', text }).diagnostics.at(-1);
  assert.equal(lastOf(service(header(100)))?.code, 'PARAMETER_VALUE_LITERAL');
  assert.equal(lastOf(service(header(101)))?.severity, 'warning');
  assert.equal(lastOf(service(`${header(101)}<header name="c"/>`))?.severity, 'error');
});

test('a module has as many fields as a table can have columns', () => {
  const field = (index: number): string => `<field name="f${index}" type="string"/>`;
  const codes = (count: number): string[] => {
    const fields = Array.from({ length: count }, (_, index) => field(index)).join('');
    const text = `<module ${NAMESPACE} name="M" prefix="71" title="f0">${fields}</module>`;
    return readDocuments({ file: 'a.xml', text }).diagnostics.map(({ code }) => code);
  };
  assert.deepEqual(codes(1000), []);
  assert.deepEqual(codes(1001), ['MODULE_TOO_MANY_FIELDS']);
});

test('a text that is no XML gives one problem', () => {
  for (const text of [
    '',
    '<',
    '<map',
    '<a>'.repeat(100_000),
    'x'.repeat(50_000_000),
    '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
  ]) {
    const { documents, diagnostics } = readDocuments({ file: 'a.xml', text });
    assert.deepEqual([documents.length, diagnostics.length, diagnostics[0]?.severity], [0, 1, 'error']);
  }
});

const fixtures = readFixtures().map(({ text }) => text);
const cut = fc
  .tuple(fc.constantFrom(...fixtures), fc.nat(5000), fc.nat(40), fc.string({ unit: 'binary', maxLength: 10 }))
  .map(([text, at, length, inserted]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + inserted + text.slice(start + length);
  });

test('any string gives documents and problems with places inside it, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(cut, fc.string({ unit: 'binary' })), (text) => {
      const { documents, diagnostics } = readDocuments({ file: 'any.xml', text });
      assert.ok(
        documents.length > 0 || diagnostics.some(({ severity }) => severity === 'error') || text.includes('<documents'),
      );
      for (const { range, file } of diagnostics) {
        assert.equal(file, 'any.xml');
        assert.ok(range.start.offset <= range.end.offset && range.end.offset <= text.length);
      }
    }),
    { numRuns: 2000 },
  );
});
