import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const BIN = join(import.meta.dirname, '../../bin/mapwright.js');
const run = promisify(execFile);

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-bin-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('the command', () => {
  it('tells its version', async () => {
    assert.match((await run(process.execPath, [BIN, '--version'])).stdout, /^[0-9]+\.[0-9]+\.[0-9]+\S*\n$/u);
  });

  it('says in one line which Node it needs', async () => {
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.9' } })`;
    const old = run(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(older)}`,
      BIN,
      '--version',
    ]);
    await assert.rejects(old, {
      code: 1,
      stdout: '',
      stderr: 'mapwright needs Node.js 22.19 or newer; this is Node.js 22.18.9\n',
    });
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [BIN, '--help']);
    child.stdout.destroy();
    const errors = text(child.stderr);
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, await errors], [0, '']);
  });

  it('takes a secret from a pipe into a real install', async (context) => {
    const folder = await temporaryFolder(context);
    const child = spawn(process.execPath, [BIN, 'secret', 'set', 'key', '--dir', join(folder, 'data'), '--json']);
    child.stdin.end('s3cret\n');
    const output = text(child.stdout);
    const errors = text(child.stderr);
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, JSON.parse(await output)], [0, { name: 'key', set: true }]);
    assert.match(await errors, /access key {3}\S{8,}/u);
    assert.doesNotMatch(await errors, /s3cret/u);
  });

  it('serves until it is told to stop, and is reached by other commands meanwhile', async (context) => {
    const folder = join(await temporaryFolder(context), 'data');
    const server = spawn(process.execPath, [BIN, 'serve', '--dir', folder, '--port', '0', '--json']);
    const [first] = await once(server.stdout, 'data');
    const facts: { url: string; firstUser: { accessKey: string } } = JSON.parse(String(first));
    assert.match(facts.url, /^http:\/\/127\.0\.0\.1:[0-9]+$/u);
    assert.ok(facts.firstUser.accessKey.length >= 8);
    const listed = await run(process.execPath, [BIN, 'user', 'list', '--dir', folder, '--json']);
    assert.equal(JSON.parse(listed.stdout).users[0].name, 'admin');
    const stopped = once(server, 'exit');
    server.kill('SIGTERM');
    assert.deepEqual(await stopped, [0, null]);
  });
});
