import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mapwright, refused } from './command-here.ts';
import { assertClean, BIN, temporaryFolder } from './command-line.ts';

const FIXTURES = join(import.meta.dirname, 'bad-input');
const HERE = { cwd: FIXTURES };

describe('the command line', () => {
  for (const [words, hint] of [
    [['chekc', 'x.xml'], /did you mean check\?/iu],
    [['frobnicate'], /mapwright --help/u],
    [['check', '--strct', 'x.xml'], /did you mean --strict\?/iu],
    [['runs', 'list', '--limit', 'many'], /mapwright runs list --help/u],
    [['serve', '--port', '70000'], /mapwright serve --help/u],
    [['check'], /mapwright check --help/u],
    [['record', 'update', '30x1'], /record has create, change, show/u],
  ] as const) {
    it(`refuses "${words.join(' ')}" as wrong usage`, async () => {
      assert.match((await refused('CLI_USAGE', words)).errors, hint);
    });
  }

  it('tells what an old Node is, in one line, when it is run by one', async (t) => {
    // The system's own Node where it is old enough to tell; else one that says that it is.
    const system = ['/usr/bin/node', '/usr/local/bin/node'].filter((file) => existsSync(file));
    const old = (await Promise.all(system.map(isTooOld))).indexOf(true);
    const pretend = join(await temporaryFolder(t), 'pretend.cjs');
    await writeFile(
      pretend,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } });",
    );
    const file = system[old];
    const program =
      file === undefined ? ([process.execPath, '--require', pretend, BIN] as const) : ([file, BIN] as const);
    const ended = await mapwright(['--version'], { program });
    assert.deepEqual([ended.exitCode, ended.output], [1, '']);
    assert.match(ended.errors, /^mapwright needs Node\.js 22\.19 or newer; this is Node\.js \d+\.\d+\.\d+\n$/u);
  });
});

async function isTooOld(file: string): Promise<boolean> {
  const { output } = await mapwright(['-p', 'process.versions.node'], { program: [file] });
  const [major = 0, minor = 0] = output.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

describe('a file that is no document', () => {
  it('is missing: the nearest name is told', async () => {
    assert.match(
      (await refused('CLI_FILE_MISSING', ['check', 'brocken.xml'], HERE)).errors,
      /did you mean broken\.xml\?/u,
    );
  });

  it('is an empty folder, or a folder that is called like a file', async (t) => {
    const folder = await temporaryFolder(t);
    await mkdir(join(folder, 'folder.xml'));
    for (const path of ['.', 'folder.xml']) await refused('CLI_NO_DOCUMENTS', ['check', path], { cwd: folder });
  });

  it('is empty, huge or binary: the file, a place, a code and what to do', async (t) => {
    const folder = await temporaryFolder(t);
    const files = [
      ['empty.xml', '', 'XML_EMPTY'],
      ['huge.xml', `<map><description>${'x'.repeat(5 * 1024 * 1024)}</description></map>`, 'XML_TOO_LARGE'],
      ['binary.xml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00, 0x80]), 'XML_ENCODING'],
    ] as const;
    for (const [file, content] of files) await writeFile(join(folder, file), content);
    const ended = await mapwright(['check', ...files.map(([file]) => file)], { cwd: folder });
    assert.equal(ended.exitCode, 1);
    for (const [file, , code] of files) {
      assert.match(ended.output, new RegExp(`^${file.replace('.', '\\.')}:1:\\d+ error ${code} .+`, 'mu'));
    }
    assert.equal(ended.output.match(/^ {2}hint: /gmu)?.length, files.length);
    assertClean(ended);
  });
});

/** Every error of a document: `line:column code`, and its hint. */
async function problemsOf(file: string): Promise<readonly (readonly [string, string | undefined])[]> {
  const ended = await mapwright(['check', '--json', file], HERE);
  assert.equal(ended.exitCode, 1);
  assert.equal(ended.errors, '');
  const report = JSON.parse(ended.output) as { diagnostics: readonly Problem[] };
  return report.diagnostics.map(({ code, hint, range: { start } }) => [`${start.line}:${start.column} ${code}`, hint]);
}

interface Problem {
  readonly code: string;
  readonly hint?: string;
  readonly range: { readonly start: { readonly line: number; readonly column: number } };
}

describe('a document with errors', () => {
  it('is broken XML: line and column are those of the tag that does not fit', async () => {
    const ended = await mapwright(['check', 'broken.xml'], HERE);
    assert.equal(ended.exitCode, 1);
    assert.match(ended.output, /^broken\.xml:3:1 error XML_NOT_WELL_FORMED .+\n {2}\| <\/map>\n {2}\| \^+\n/u);
    assertClean(ended);
  });

  it('has an unknown attribute and element: each at its place, with the nearest name', async () => {
    assert.deepEqual(await problemsOf('misspelt.xml'), [
      ['1:46 DOCUMENT_ATTRIBUTE_UNKNOWN', 'did you mean "service"?'],
      ['3:4 DOCUMENT_ELEMENT_UNKNOWN', 'did you mean "parameters"?'],
    ]);
  });

  it('names a field, a module, a service and a map that there are not', async () => {
    assert.deepEqual(await problemsOf('unknown-names.xml'), [
      ['6:48 FIELD_UNKNOWN', 'did you mean "subject"?'],
      ['8:29 MODULE_UNKNOWN', 'did you mean "Tickets"?'],
      ['8:46 SERVICE_UNKNOWN', 'did you mean "desk"?'],
      ['11:39 MAP_UNKNOWN', 'did you mean "send"?'],
    ]);
  });

  it('is not applied: nothing at all is in force afterwards', async (t) => {
    const dir = join(await temporaryFolder(t), 'data');
    const ended = await mapwright(['apply', '--dir', dir, '--json', 'unknown-names.xml'], HERE);
    assert.deepEqual([ended.exitCode, JSON.parse(ended.output).stored], [1, false]);
    const again = await mapwright(['apply', '--dir', dir, 'unknown-names.xml'], HERE);
    assert.match(again.output, /^nothing applied: 4 errors, 0 warnings; revision 0 stays in force$/mu);
  });
});

describe('a command for an install', () => {
  it('makes none where it only looks, and leaves a folder of other files alone', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const looking = [
      ['runs', 'list'],
      ['setting', 'list'],
      ['secret', 'list'],
      ['user', 'list'],
      ['run', 'x'],
    ];
    const changing = [
      ['setting', 'remove', 'x'],
      ['secret', 'remove', 'x'],
      ['user', 'key', 'x'],
      ['runs', 'retry', '1'],
    ];
    for (const words of [...looking, ...changing]) {
      assert.match((await refused('CLI_NO_INSTALL', [...words, '--dir', folder])).errors, /mapwright apply/u);
    }
    assert.deepEqual(readdirSync(folder), ['notes.txt']);
  });

  it('says what is wrong with a record file, a list of addresses, a run and a map', async (t) => {
    const dir = join(await temporaryFolder(t), 'data');
    await mapwright(['setting', 'set', 'a', 'b', '--dir', dir]);
    const at = { ...HERE, env: { MAPWRIGHT_DIR: dir } };
    const json = await refused('CLI_JSON_INVALID', ['run', 'send', '--record', 'record-broken.txt'], at);
    assert.match(json.errors, /record-broken\.txt:3:11 /u);
    await refused('CLI_FILE_UNREADABLE', ['run', 'send', '--record', '.'], at);
    const egress = await refused('SETTING_INVALID', ['setting', 'set', 'egress.allow', '127.0.0.1:80 nonsense'], at);
    assert.match(egress.errors, /cannot read nonsense\n/u);
    await refused('RUN_UNKNOWN', ['runs', 'show', '7'], at);
    await refused('MAP_UNKNOWN', ['run', 'nothing'], at);
    await refused('USER_UNKNOWN', ['user', 'key', 'nobody'], at);
    await refused('NAME_INVALID', ['setting', 'set', '../x', 'y'], at);
    const listed = await mapwright(['setting', 'list', '--json'], at);
    assert.deepEqual(JSON.parse(listed.output), { settings: { a: 'b' } });
  });
});
