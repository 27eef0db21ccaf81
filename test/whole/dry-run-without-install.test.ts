import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mapwright, refused } from './command-here.ts';
import { temporaryFolder } from './command-line.ts';

const SYNC = join(import.meta.dirname, '../../maps/product-sync');

describe('run --dry-run where there is no install', () => {
  it('shows the request of a document, with stand-ins that are told, and makes nothing', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'context.json'), '{"peer_token": "t-1"}');
    const words = ['run', 'peer-login', '--documents', SYNC, '--context', 'context.json', '--dry-run', '--json'];
    const { exitCode, output, errors } = await mapwright(words, { cwd: folder });
    assert.deepEqual([exitCode, errors], [0, '']);
    const report = JSON.parse(output);
    assert.equal(report.request.url, 'https://head-office-url.example/webservice.php');
    assert.match(report.warnings[0], /head_office_key, head_office_url, head_office_user/u);
    assert.equal(output.includes('secret-head_office_key'), false);
    assert.deepEqual(await readdir(folder), ['context.json']);
  });

  it('tells a map that is in no document, and what was not given', async (t) => {
    const cwd = await temporaryFolder(t);
    await refused('MAP_UNKNOWN', ['run', 'peer-logni', '--documents', SYNC, '--dry-run'], { cwd });
    const { exitCode, output } = await mapwright(['run', 'peer-login', '--documents', SYNC, '--dry-run'], { cwd });
    assert.equal(exitCode, 1);
    assert.match(output, /PARAMETER_SOURCE_MISSING[^]+--context FILE/u);
  });

  it('is not enough for sending, nor for a map or a record that is only in an install', async (t) => {
    const cwd = await temporaryFolder(t);
    await refused('CLI_NO_INSTALL', ['run', 'peer-login', '--documents', SYNC], { cwd });
    await refused('CLI_NO_INSTALL', ['run', 'peer-login', '--dry-run'], { cwd });
    const ofStored = ['run', 'product-create', '--documents', SYNC, '--record', '14x1', '--dry-run'];
    await refused('CLI_NO_INSTALL', ofStored, { cwd });
  });
});
