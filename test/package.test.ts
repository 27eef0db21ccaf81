import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** The Node that runs the tests comes first: `npm` and the installed command must not find another one. */
const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

describe('the published package', () => {
  let folder = '';

  const command = async (cwd: string, file: string, ...parameters: string[]): Promise<string> => {
    const { stdout } = await run(file, parameters, {
      cwd,
      env: { ...process.env, PATH, MAPWRIGHT_DIR: '', NODE_OPTIONS: '' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mapwright-package-'));
    await command(ROOT, process.execPath, 'tools/build.mjs');
    await command(ROOT, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    assert.ok(tarball, 'npm pack left no tarball');
    await command(folder, 'npm', 'init', '--yes');
    await command(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('holds what is built and no sources or tests', async () => {
    const held = await readdir(join(folder, 'node_modules/mapwright'));
    assert.ok(
      ['bin', 'dist', 'maps', 'schema', 'package.json'].every((name) => held.includes(name)),
      held.join(' '),
    );
    assert.ok(!held.includes('src') && !held.includes('test'), held.join(' '));
  });

  it('has a command that tells its version', async () => {
    assert.match(await command(folder, 'npx', 'mapwright', '--version'), /^[0-9]+\.[0-9]+\.[0-9]+\S*\n$/u);
  });

  it('checks every folder of documents that comes with it', async () => {
    const folders = await readdir(join(folder, 'node_modules/mapwright/maps'));
    assert.ok(folders.length > 0);
    for (const name of folders) {
      const report = await command(
        folder,
        'npx',
        'mapwright',
        'check',
        '--json',
        `node_modules/mapwright/maps/${name}`,
      );
      assert.ok(JSON.parse(report).counts.map > 0, name);
    }
  });

  it('runs the demo', async () => {
    const facts: unknown = JSON.parse(await command(folder, 'npx', 'mapwright', 'demo', '--json'));
    assert.ok(typeof facts === 'object' && facts !== null);
  });

  it('can be imported as a library', async () => {
    const script = `console.log(Object.keys(await import('mapwright')).length)`;
    const exported = Number(await command(folder, process.execPath, '--input-type=module', '--eval', script));
    assert.ok(exported > 0);
  });
});
