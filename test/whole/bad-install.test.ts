import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { openInstall } from '../../src/runtime/install.ts';
import { BIN, mapwright, refused, serve, temporaryFolder } from './command-line.ts';

const OTHER_KEY = '07'.repeat(32);

/** An install with one setting. */
async function madeInstall(t: TestContext): Promise<string> {
  const folder = join(await temporaryFolder(t), 'data');
  const install = await openInstall({ folder, env: {} });
  await install.administration.setSetting({ name: 'a', value: 'b' });
  await install.close();
  return folder;
}

describe('a port in use', () => {
  it('is told by its number, and the install is free again', async (t) => {
    const folder = await madeInstall(t);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const ended = await refused('SERVER_PORT_IN_USE', ['serve', '--dir', folder, '--port', String(port)]);
    assert.match(ended.errors, new RegExp(`\\b${port}\\b`, 'u'));
    await (await openInstall({ folder, env: {} })).close();
  });
});

describe('an install that another process owns', () => {
  it('is not served twice: the process to stop is told', async (t) => {
    const folder = await madeInstall(t);
    const owner = await serve(t, folder);
    const second = await refused('STORE_LOCKED', ['serve', '--dir', folder, '--port', '0']);
    assert.match(second.errors, new RegExp(`\\b${owner.child.pid}\\b`, 'u'));
    assert.equal((await fetch(`${owner.url}/health`)).status, 200);
  });

  it('is free as soon as that process was killed, whatever it left behind', async (t) => {
    const folder = await madeInstall(t);
    const owner = await serve(t, folder);
    await owner.end('SIGKILL');
    assert.equal(Number(await readFile(join(folder, 'mapwright.pid'), 'utf8')), owner.child.pid, 'it left its number');
    const listed = await mapwright(['setting', 'list', '--json', '--dir', folder]);
    assert.deepEqual([listed.exitCode, JSON.parse(listed.output)], [0, { settings: { a: 'b' } }]);
    const next = await serve(t, folder);
    assert.deepEqual(await next.end('SIGTERM'), [0, null]);
  });

  it('may be a database browser in the middle of a change: that is told apart from a server', async (t) => {
    const folder = await madeInstall(t);
    const browser = new Database(join(folder, 'mapwright.db'));
    browser.exec('BEGIN EXCLUSIVE');
    t.after(() => browser.close());
    await refused('STORE_UNAVAILABLE', ['setting', 'set', 'a', 'c', '--dir', folder]);
    browser.exec('ROLLBACK');
    assert.equal((await mapwright(['setting', 'set', 'a', 'c', '--dir', folder])).exitCode, 0);
  });
});

describe('a database that cannot be used', () => {
  it('is garbage, or cut short: it is refused and left as it is', async (t) => {
    const folder = await madeInstall(t);
    const file = join(folder, 'mapwright.db');
    const whole = await readFile(file);
    for (const content of [Buffer.alloc(9000, 'garbage '), whole.subarray(0, 5000)]) {
      await writeFile(file, content);
      await refused('STORE_UNAVAILABLE', ['setting', 'list', '--dir', folder]);
      assert.deepEqual(await readFile(file), content);
    }
  });

  it('has no room to grow: the command fails, and what was there stays', async (t) => {
    const folder = await madeInstall(t);
    // A limit on the size of files stands in for a full disk, which takes the right to mount one.
    const program = ['/bin/sh', '-c', 'ulimit -f 16; exec "$@"', 'sh', process.execPath, BIN] as const;
    const value = 'x'.repeat(100_000);
    await refused('STORE_UNAVAILABLE', ['setting', 'set', 'a', value, '--dir', folder], { program });
    const listed = await mapwright(['setting', 'list', '--json', '--dir', folder]);
    assert.deepEqual(JSON.parse(listed.output), { settings: { a: 'b' } });
  });

  // Root writes into read-only folders: their refusal cannot be provoked where tests may run as root.
  it('has a file for its folder', async (t) => {
    const file = join(await temporaryFolder(t), 'file');
    await writeFile(file, '');
    await refused('STORE_UNAVAILABLE', ['setting', 'set', 'a', 'b', '--dir', file]);
    await refused('STORE_UNAVAILABLE', ['serve', '--port', '0', '--dir', file]);
  });
});

describe('an encryption key', () => {
  it('that is missing, no key or unreadable stops every command', async (t) => {
    const folder = await madeInstall(t);
    const file = join(folder, 'mapwright.key');
    await copyFile(file, `${file}.kept`);
    await writeFile(file, 'not a key');
    await refused('KEY_INVALID', ['secret', 'list', '--dir', folder]);
    await refused('KEY_INVALID', ['secret', 'list', '--dir', folder], { env: { MAPWRIGHT_KEY: 'abc' } });
    await rm(file);
    await refused('KEY_MISSING', ['secret', 'list', '--dir', folder]);
    await mkdir(file);
    await refused('KEY_MISSING', ['secret', 'list', '--dir', folder]);
    await rm(file, { recursive: true });
    await copyFile(`${file}.kept`, file);
    assert.equal((await mapwright(['secret', 'list', '--dir', folder])).exitCode, 0);
  });

  it('of another install does not serve this one; where the right one is lost, a user gets a new access key', async (t) => {
    const folder = await madeInstall(t);
    const env = { MAPWRIGHT_KEY: OTHER_KEY };
    await refused('SECRET_UNREADABLE', ['serve', '--port', '0', '--dir', folder], { env });
    const renewed = await mapwright(['user', 'key', 'admin', '--dir', folder], { env });
    assert.equal(renewed.exitCode, 0);
    const server = await serve(t, folder, { env });
    assert.deepEqual(await server.end('SIGTERM'), [0, null]);
  });
});
