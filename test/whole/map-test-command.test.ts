import assert from 'node:assert/strict';
import { chmod, cp, lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import { mapwright, refused } from './command-here.ts';
import { assertClean, temporaryFolder } from './command-line.ts';

const MAPS = join(import.meta.dirname, '../../maps');

const CASE = '<record productname="Bolt"/><context peer_session="s1" peer_user="19x5"/>';

/** A folder as an author keeps it: the documents, and tests beside them. */
async function authorsFolder(t: TestContext, tests: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await temporaryFolder(t);
  await cp(join(MAPS, 'product-sync'), join(folder, 'documents'), {
    recursive: true,
    filter: (path) => !path.endsWith('tests'),
  });
  await mkdir(join(folder, 'tests'));
  for (const [name, text] of Object.entries(tests)) await writeFile(join(folder, 'tests', name), text);
  return folder;
}

function testOf(cases: string): string {
  return `<map-test xmlns="urn:mapwright:1" map="product-create">\n${cases}\n</map-test>\n`;
}

const PASSING = testOf(`<case name="right">${CASE}<sent method="POST"/></case>`);
const FAILING = testOf(`<case name="wrong">${CASE}<sent method="GET"/></case>`);

describe('mapwright test', () => {
  it('runs documents/ and tests/ of the working folder, without an install', async (t) => {
    const cwd = await authorsFolder(t, { 'a.xml': PASSING });
    const ended = await mapwright(['test'], { cwd });
    assert.equal(ended.exitCode, 0, ended.errors + ended.output);
    assert.match(ended.output, /✓ right\n\n1 case: 1 passed, 0 failed\n$/u);
    assert.deepEqual((await readdir(cwd)).toSorted(), ['documents', 'tests']);
  });

  it('fails with the place of what differs, and both values', async (t) => {
    const cwd = await authorsFolder(t, { 'a.xml': FAILING });
    const ended = await mapwright(['test', 'documents', 'tests'], { cwd });
    assert.equal(ended.exitCode, 1);
    assertClean(ended);
    assert.match(ended.output, /✗ wrong\n\s+tests\/a\.xml:2:\d+ method\n\s+expected {2}GET\n\s+sent {6}POST\n/u);
  });

  it('finds the map of a test named by its file, and of a folder named tests', async (t) => {
    const cwd = await authorsFolder(t, { 'a.xml': PASSING });
    for (const path of ['tests', 'tests/a.xml']) {
      const ended = await mapwright(['test', path], { cwd });
      assert.equal(ended.exitCode, 0, ended.output + ended.errors);
    }
    const beside = await mapwright(['test', 'tests/product-update.test.xml'], { cwd: join(MAPS, 'product-sync') });
    assert.equal(beside.exitCode, 0, beside.output + beside.errors);
  });

  it('gives facts as JSON, and JUnit XML that a reader of XML takes', async (t) => {
    const cwd = await authorsFolder(t, {
      'a.xml': testOf(`<case name="a &lt;&quot;]]&gt; &amp; b">${CASE}<sent method="GET"/></case>
        <case name="later"><skip reason="not &lt;yet&gt;"/></case><case name="right">${CASE}<sent method="POST"/></case>`),
      'b.xml': '<map-test xmlns="urn:mapwright:1" map="product-creat"><case name="x"/></map-test>',
    });
    const ended = await mapwright(['test', '--json', '--junit', 'out/junit.xml'], { cwd });
    assert.equal(ended.exitCode, 1);
    const facts = JSON.parse(ended.output);
    assert.deepEqual(facts.counts, { passed: 1, failed: 1, skipped: 1 });
    assert.deepEqual(facts.cases[0].differences[0].actual, 'POST');
    assert.deepEqual(
      facts.diagnostics.map((one: { code: string }) => one.code),
      ['MAP_UNKNOWN'],
    );
    const junit = XmlDocument.fromString(await readFile(join(cwd, 'out/junit.xml'), 'utf8'));
    try {
      const count = (path: string): number => junit.find(path).length;
      assert.equal(junit.get('/testsuites/@tests')?.content, '4');
      assert.equal(junit.get('//testcase[failure]/@name')?.content, 'a <"]]> & b');
      assert.deepEqual([count('//failure'), count('//skipped'), count('//error')], [1, 1, 1]);
      assert.match(junit.get('//failure')?.content ?? '', /tests\/a\.xml:2:/u);
    } finally {
      junit.dispose();
    }
  });

  it('runs the cases that --only names', async (t) => {
    const cwd = await authorsFolder(t, { 'a.xml': PASSING, 'b.xml': FAILING });
    const ended = await mapwright(['test', '--only', 'RIGHT'], { cwd });
    assert.equal(ended.exitCode, 0);
    assert.equal((await mapwright(['test', '--only', 'product-create'], { cwd })).exitCode, 1);
    await refused('CLI_USAGE', ['test', '--only', 'nothing like it'], { cwd });
  });

  it('says what to do where there are no tests', async (t) => {
    const cwd = await authorsFolder(t, {});
    await refused('CLI_USAGE', ['test', 'documents'], { cwd });
    await refused('CLI_FILE_MISSING', ['test', 'test'], { cwd });
  });

  it('prints a first test that passes', async (t) => {
    const cwd = await authorsFolder(t, {});
    const { output } = await mapwright(['test', '--new', 'product-create', 'documents'], { cwd });
    await writeFile(join(cwd, 'tests/new.xml'), output);
    assert.equal((await mapwright(['test'], { cwd })).exitCode, 0);
    await refused('MAP_UNKNOWN', ['test', '--new', 'product-creat', 'documents'], { cwd });
  });

  it('takes maps from the install that is named, which leaves tests out', async (t) => {
    const cwd = await authorsFolder(t, { 'a.xml': PASSING });
    const applied = await mapwright(['apply', '--json', '--dir', 'install', 'documents', 'tests'], { cwd });
    const report = JSON.parse(applied.output);
    assert.equal(report.stored, true, applied.output);
    assert.ok(report.changes.every((change: { kind: string }) => change.kind !== 'map-test'));
    assert.deepEqual(report.diagnostics.filter((one: { severity: string }) => one.severity === 'info').map(codeOf), [
      'MAP_TEST_NOT_APPLIED',
    ]);
    await mkdir(join(cwd, 'elsewhere'));
    await cp(join(cwd, 'tests/a.xml'), join(cwd, 'elsewhere/a.xml'));
    assert.equal((await mapwright(['test', 'elsewhere'], { cwd })).exitCode, 1);
    const ended = await mapwright(['test', 'elsewhere', '--dir', 'install'], { cwd });
    assert.equal(ended.exitCode, 0, ended.output + ended.errors);
  });
});

describe('mapwright test --update', () => {
  const encodings: readonly (readonly [about: string, mark: readonly number[], encode: (text: string) => Buffer])[] = [
    ['UTF-8', [], (text) => Buffer.from(text)],
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf], (text) => Buffer.from(text)],
    ['UTF-16', [0xff, 0xfe], (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 the other way round', [0xfe, 0xff], (text) => Buffer.from(text, 'utf16le').swap16()],
  ];
  for (const [about, mark, encode] of encodings) {
    it(`rewrites the file as it was: ${about}, line ends, comments, rights`, async (t) => {
      const text = FAILING.replaceAll('\n', '\r\n').replace('<case', '<!-- 螺栓 -->\r\n<case');
      const cwd = await authorsFolder(t, { 'a.xml': Buffer.concat([Buffer.from(mark), encode(text)]) });
      const file = join(cwd, 'tests/a.xml');
      await chmod(file, 0o640);
      const ended = await mapwright(['test', '--update'], { cwd });
      assert.equal(ended.exitCode, 0, ended.output + ended.errors);
      assert.match(ended.output, /~ tests\/a\.xml\n[^]*- .*method="GET"[^]*\+ .*method="POST"/u);
      const bytes = Buffer.concat([Buffer.from(mark), encode(text.replace('GET', 'POST'))]);
      assert.deepEqual(await readFile(file), bytes);
      assert.equal((await lstat(file)).mode & 0o777, 0o640);
      assert.deepEqual(await readdir(join(cwd, 'tests')), ['a.xml']);
    });
  }

  it('writes what a case expects that expects nothing yet', async (t) => {
    const cwd = await authorsFolder(t, {
      'a.xml': testOf(`<case name="new">${CASE}<answer>{"success":true,"result":{"id":"14x9"}}</answer></case>`),
    });
    const ended = await mapwright(['test', '--update'], { cwd });
    assert.equal(ended.exitCode, 0, ended.output + ended.errors);
    const text = await readFile(join(cwd, 'tests/a.xml'), 'utf8');
    assert.match(text, /<parameter name="element" path="productname" value="Bolt"\/>/u);
    assert.match(text, /<written field="remote_id" value="14x9"\/>/u);
  });

  it('changes nothing when a document has errors, and nothing that passes', async (t) => {
    const broken = testOf('<case name="x"><sent methot="GET"/></case>');
    const cwd = await authorsFolder(t, { 'a.xml': FAILING, 'b.xml': broken });
    const ended = await mapwright(['test', '--update'], { cwd });
    assert.equal(ended.exitCode, 1);
    assert.match(ended.output, /DOCUMENT_ATTRIBUTE_UNKNOWN[^]*nothing updated/u);
    assert.equal(await readFile(join(cwd, 'tests/a.xml'), 'utf8'), FAILING);
    await writeFile(join(cwd, 'tests/b.xml'), PASSING);
    const before = (await lstat(join(cwd, 'tests/b.xml'))).ino;
    assert.equal((await mapwright(['test', '--update'], { cwd })).exitCode, 0);
    assert.equal((await lstat(join(cwd, 'tests/b.xml'))).ino, before);
  });

  it('keeps a link and refuses standard input', async (t) => {
    const cwd = await authorsFolder(t, {});
    await writeFile(join(cwd, 'real.xml'), FAILING);
    await symlink('../real.xml', join(cwd, 'tests/a.xml'));
    assert.equal((await mapwright(['test', '--update', 'documents', 'tests/a.xml'], { cwd })).exitCode, 0);
    assert.ok((await lstat(join(cwd, 'tests/a.xml'))).isSymbolicLink());
    assert.match(await readFile(join(cwd, 'real.xml'), 'utf8'), /method="POST"/u);
    await refused('CLI_USAGE', ['test', '--update', 'documents', '-'], { cwd, input: FAILING });
  });
});

function codeOf(diagnostic: { readonly code: string }): string {
  return diagnostic.code;
}
