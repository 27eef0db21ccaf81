import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { displayWidth } from '../../src/cli/text-layout.ts';
import { ACCOUNTS, mapText } from '../convert/conversion-fixture.ts';
import { fakeAdministration } from './fake-administration.ts';
import { type CommandResult, runCommand } from './fake-shell.ts';

const MAP = mapText({
  fields: [
    { name: 'n', parts: [['employees']] },
    { name: 'u', parts: [['uppercase(note)', 'EXPRESSION']] },
  ],
});

interface Folder {
  readonly folder: string;
  convert(...words: string[]): Promise<CommandResult>;
}

/** A folder with two maps, a list of days off, which stays, and the module. */
async function open(context: TestContext): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-convert-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'in/maps'), { recursive: true });
  await writeFile(join(folder, 'in/maps/FS Create.xml'), MAP);
  await writeFile(join(folder, 'in/maps/Other.xml'), MAP);
  const days = '<map><information><infotype>Holidays</infotype><value>2026-12-25</value></information></map>';
  await writeFile(join(folder, 'in/Days.xml'), days);
  await writeFile(join(folder, 'in/Accounts.xml'), ACCOUNTS);
  return {
    folder,
    convert: (...words) =>
      runCommand(['convert', ...words], { administration: fakeAdministration(), workingFolder: folder }),
  };
}

describe('convert', () => {
  it('counts documents where not all of them are maps', async (context) => {
    const { folder, convert } = await open(context);
    await writeFile(join(folder, 'in/Size.xml'), '<map><expression>1</expression></map>');
    const { output } = await convert('in', '--out', 'out');
    assert.match(output, /^converted {2}rule Size {3}in\/Size\.xml$/mu);
    assert.match(output, /^3 documents converted, 1 kept, 1 native already, 0 unreadable; all in out$/mu);
  });

  it('prints the document of a single map, and what changes beside it', async (context) => {
    const { convert } = await open(context);
    const { output, errors, exitCode } = await convert('in/maps/Other.xml');
    assert.equal(exitCode, 0);
    assert.match(output, /^<map xmlns="urn:mapwright:1" name="Other">/u);
    assert.match(errors, /nothing written: name a folder with --out/u);
  });

  it('writes every document, tells what changes, and does nothing twice', async (context) => {
    const { folder, convert } = await open(context);
    const { output, exitCode } = await convert('in', '--out', 'out');
    assert.equal(exitCode, 0);
    const files = (await readdir(join(folder, 'out'), { recursive: true })).filter((file) => file.endsWith('.xml'));
    assert.deepEqual(files.toSorted(), ['Accounts.xml', 'Days.xml', 'maps/FS-Create.xml', 'maps/Other.xml']);
    assert.equal(await readFile(join(folder, 'out/Accounts.xml'), 'utf8'), ACCOUNTS);
    assert.match(output, /type\s+parameter n: employees is a number/u);
    assert.match(output, /^2 maps converted, 1 kept, 1 native already, 0 unreadable; all in out$/mu);
    for (const line of output.split('\n')) assert.ok(displayWidth(line) <= 110, line);
    const again = await convert('out', '--out', 'out', '--json');
    assert.deepEqual((JSON.parse(again.output) as { counts: unknown }).counts, {
      converted: 0,
      kept: 1,
      native: 3,
      unreadable: 0,
    });
    assert.equal(again.exitCode, 0);
  });

  it('shows what differs and writes nothing, unless it may overwrite', async (context) => {
    const { folder, convert } = await open(context);
    await convert('in', '--out', 'out');
    const target = join(folder, 'out/maps/Other.xml');
    await writeFile(target, '<mine/>\n');
    await rm(join(folder, 'out/Days.xml'));
    const refused = await convert('in', '--out', 'out');
    assert.equal(refused.exitCode, 1);
    assert.match(refused.output, /^ {4}- <mine\/>$/mu);
    assert.equal(await readFile(target, 'utf8'), '<mine/>\n');
    assert.ok(!(await readdir(join(folder, 'out'))).includes('Days.xml'));
    assert.equal((await convert('in', '--out', 'out', '--overwrite')).exitCode, 0);
    assert.match(await readFile(target, 'utf8'), /^<map xmlns=/u);
  });

  it('keeps types, and writes a report', async (context) => {
    const { folder, convert } = await open(context);
    await convert('in', '--out', 'out', '--keep-types', '--report', 'report.json');
    assert.match(await readFile(join(folder, 'out/maps/Other.xml'), 'utf8'), /serialization="php"/u);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
      files: { path?: string; notes: { kind: string }[] }[];
    };
    assert.deepEqual(report.files.map(({ path }) => path).toSorted(), [
      'Accounts.xml',
      'Days.xml',
      'maps/FS-Create.xml',
      'maps/Other.xml',
    ]);
    assert.ok(report.files.every(({ notes }) => notes.every(({ kind }) => kind !== 'type')));
    await convert('in', '--report', 'report.txt');
    assert.match(await readFile(join(folder, 'report.txt'), 'utf8'), /in several maps/u);
  });

  it('says what cannot be read, and leaves it as it is', async (context) => {
    const { folder, convert } = await open(context);
    await writeFile(join(folder, 'in/broken.xml'), '<map>');
    const { output, exitCode } = await convert('in', '--out', 'out');
    assert.equal(exitCode, 1);
    assert.match(output, /unreadable .*broken\.xml: XML_/u);
    assert.equal(await readFile(join(folder, 'out/broken.xml'), 'utf8'), '<map>');
    const missing = await convert('nowhere.xml');
    assert.equal(missing.exitCode, 1);
    assert.match(missing.errors, /CLI_FILE_MISSING/u);
    assert.match((await convert('in', '--report', 'no/such/folder/r.json')).errors, /CLI_FILE_UNWRITABLE/u);
  });
});
