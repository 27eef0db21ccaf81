import assert from 'node:assert/strict';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Administration, PackImportReport } from '../../src/runtime/administration.ts';
import { PACK_LIMITS } from '../../src/runtime/pack/pack-file.ts';
import { temporaryFolder } from '../whole/command-line.ts';
import { packArchive } from '../whole/pack-documents.ts';
import { fakeAdministration } from './fake-administration.ts';
import { runCommand } from './fake-shell.ts';

const IMPORT = { shipped: 'vies', overwrite: false, withValues: false, dryRun: true, by: 'anna' };

describe('pack import', () => {
  it('does what was shown, and gives values where the documents are there already', async () => {
    const asked: Parameters<Administration['importPack']>[0][] = [];
    const report: PackImportReport = {
      ...(await fakeAdministration().importPack(IMPORT)),
      changes: [{ kind: 'map', name: 'a', change: 'unchanged' }],
      values: [{ name: 'vies_url', value: 'https://vies.example.com/\u001b[2J' }],
      isOlder: true,
      before: '9.0.0',
    };
    const administration: Administration = {
      ...fakeAdministration(),
      importPack: (params) => {
        asked.push(params);
        return Promise.resolve(report);
      },
    };
    const { output, exitCode } = await runCommand(['pack', 'import', 'vies', '--yes', '--with-values'], {
      administration,
    });
    assert.equal(exitCode, 0);
    assert.deepEqual(
      asked.map(({ dryRun, basedOn }) => [dryRun, basedOn]),
      [
        [true, undefined],
        [false, report.revision],
      ],
    );
    assert.match(output, /older than 9\.0\.0/u);
    assert.match(output, /setting vies_url = https:\/\/vies\.example\.com\//u);
    assert.ok(!output.includes('\u001b'));
  });

  it('reads no file that cannot be a pack', async (t) => {
    const workingFolder = await temporaryFolder(t);
    await writeFile(join(workingFolder, 'large.zip'), '');
    await truncate(join(workingFolder, 'large.zip'), PACK_LIMITS.archive + 1);
    const administration = fakeAdministration();
    for (const file of ['large.zip', '/dev/null']) {
      const { exitCode, errors } = await runCommand(['pack', 'import', file], { administration, workingFolder });
      assert.equal(exitCode, 2, file);
      assert.match(errors, /CLI_USAGE/u);
    }
  });

  it('shows examples once', async () => {
    const { output } = await runCommand(['pack', 'import', '--help'], { administration: fakeAdministration() });
    assert.equal(output.split('Examples:').length, 2);
    const group = await runCommand(['map', 'copy', '--help'], { administration: fakeAdministration() });
    assert.equal(group.output.split('Examples:').length, 2);
  });
});

describe('pack export', () => {
  it('writes nowhere that the install on the other side chooses', async (t) => {
    const workingFolder = await temporaryFolder(t);
    const fake = fakeAdministration();
    for (const file of ['../x.zip', '/tmp/x.zip', '..', '.bashrc', 'a/b.zip', 'x.zip\n']) {
      const administration: Administration = {
        ...fake,
        exportPack: async (params) => ({ ...(await fake.exportPack(params)), file, archive: packArchive() }),
      };
      const { exitCode, errors } = await runCommand(['pack', 'export', 'vies'], { administration, workingFolder });
      assert.equal(exitCode, 2, file);
      assert.match(errors, /CLI_USAGE/u);
    }
    assert.deepEqual(await readdir(workingFolder), []);
  });
});

describe('documents', () => {
  it('of a kind that is none are told what kinds there are', async () => {
    for (const words of [
      ['document', 'list', '--kind', 'maps'],
      ['document', 'delete', 'mapp', 'x'],
    ]) {
      const { exitCode, errors } = await runCommand(words, { administration: fakeAdministration() });
      assert.equal(exitCode, 2);
      assert.match(errors, /CLI_USAGE[^]*map, workflow/u);
    }
  });
});
