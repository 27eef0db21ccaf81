import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exportFiles } from '../../src/runtime/document-export.ts';
import { safePath } from '../../src/runtime/export-path.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

const FIELD = '<field name="a" type="string"/>';
const module = (name: string, prefix: number): string =>
  `<module name="${name}" label="${name}" prefix="${prefix}" title="a">${FIELD}</module>`;
const BOTH = `<documents xmlns="urn:mapwright:1">\r\n  <!-- two -->\r\n  ${module('A', 1)}\r\n  ${module('B', 2)}\r\n</documents>\r\n`;

function stored(name: string, file: string, text: string) {
  return { kind: 'module', name, file, text };
}

function pathsOf(...files: string[]): string[] {
  const documents = files.map((file, index) => stored(`M${index}`, file, `<m${index}/>`));
  return exportFiles(documents).map(({ path }) => path);
}

describe('exported files', () => {
  it('hold the text as it was applied, several documents of one file as that file', () => {
    const files = exportFiles([stored('A', 'maps/both.xml', BOTH), stored('B', 'maps/both.xml', BOTH)]);
    assert.deepEqual(
      files.map(({ path, bytes, documents }) => [path, Buffer.from(bytes).toString(), documents]),
      [['both.xml', BOTH, ['module A', 'module B']]],
    );
  });

  it('are none where nothing is in force', () => {
    assert.deepEqual(exportFiles([]), []);
  });

  it('keep a description where the documents look for it, folders above them included', () => {
    const files = exportFiles([
      { kind: 'map', name: 'send', file: 'send.xml', text: '<m/>' },
      { kind: 'wsdl', name: '../wsdl/orders.wsdl', file: '../wsdl/orders.wsdl', text: '<w/>' },
    ]);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['documents/send.xml', 'wsdl/orders.wsdl'],
    );
  });

  it('leave out what is no longer in force from a file, and nothing else', () => {
    const newer = `<documents xmlns="urn:mapwright:1">${module('B', 3)}</documents>`;
    const files = exportFiles([stored('A', 'both.xml', BOTH), stored('B', 'both.xml', newer)]);
    assert.deepEqual(
      files.map(({ path, leftOut }) => [path, leftOut]),
      [
        ['both.xml', []],
        ['module-A.xml', ['module B']],
      ],
    );
    const rest = files[1]?.text ?? '';
    assert.ok(rest.includes('<!-- two -->') && !rest.includes('"B"'));
    assert.deepEqual(
      readDocuments({ file: 'x.xml', text: rest }).documents.map(({ name }) => name),
      ['A'],
    );
  });

  it('are in the folders they were in, those that all have in common left out', () => {
    assert.deepEqual(pathsOf('documents/a.xml', 'documents/deep/b.xml'), ['a.xml', 'deep/b.xml']);
    assert.deepEqual(pathsOf('/srv/one/a.xml', '/srv/two/a.xml'), ['one/a.xml', 'two/a.xml']);
    assert.deepEqual(pathsOf('C:\\maps\\a.xml'), ['a.xml']);
  });

  it('have names that differ by more than letter case', () => {
    assert.deepEqual(pathsOf('a.xml', 'A.xml', './a.xml'), ['a.xml', 'module-M1.xml', 'module-M2.xml']);
  });

  it('are named after their document when they came from standard input', () => {
    assert.deepEqual(pathsOf('-'), ['M0.xml']);
  });

  it('are encoded as the text says', () => {
    const encoded = (encoding: string): Uint8Array | undefined =>
      exportFiles([stored('A', 'a.xml', `<?xml version="1.0" encoding="${encoding}"?><ä/>`)])[0]?.bytes;
    assert.deepEqual([...(encoded('UTF-8') ?? [])].slice(0, 5), [...Buffer.from('<?xml')]);
    assert.deepEqual([...(encoded('utf-16') ?? [])].slice(0, 4), [0xff, 0xfe, 0x3c, 0]);
    assert.deepEqual([...(encoded('UTF-16BE') ?? [])].slice(0, 4), [0xfe, 0xff, 0, 0x3c]);
  });
});

describe('a stored file name', () => {
  const names: readonly (readonly [file: string, path: string])[] = [
    ['../../etc/passwd', 'etc/passwd.xml'],
    ['/etc/cron.d/job', 'etc/cron.d/job.xml'],
    ['..\\..\\windows\\a.xml', 'windows/a.xml'],
    ['a/../../b.xml', 'a/b.xml'],
    ['.bashrc', '_bashrc.xml'],
    ['.git/hooks/x.xml', '_git/hooks/x.xml'],
    ['con.xml', '_con.xml'],
    ['a\u0000b\n.xml', 'a_b_.xml'],
    ['a:b?.xml', 'a_b_.xml'],
    ['..', 'document.xml'],
    ['', 'document.xml'],
    ['Söhne 螺栓.xml', 'Söhne 螺栓.xml'],
  ];
  for (const [file, path] of names) {
    it(`${JSON.stringify(file)} becomes ${path}`, () => assert.equal(safePath(file).join('/'), path));
  }

  it('stays inside and short enough, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme', minLength: 80 })), (file) => {
        for (const part of safePath(file)) {
          assert.ok(part !== '' && !part.startsWith('.') && !/[\\/]/u.test(part), part);
          assert.ok(Buffer.byteLength(part) <= 200);
        }
        assert.match(safePath(file).at(-1) ?? '', /\.xml$/iu);
      }),
    );
  });
});
