import assert from 'node:assert/strict';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { loadKey } from '../../src/store/encryption-key.ts';
import { temporaryFolder } from './sqlite-install.ts';

describe('encryption key', () => {
  it('comes from the environment, in hex or base64', async (context) => {
    const folder = await ownFolder(context);
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
    for (const text of [bytes.toString('hex'), bytes.toString('base64'), ` ${bytes.toString('base64url')}\n`]) {
      assert.deepEqual(await loadKey({ folder, env: { MAPWRIGHT_KEY: text } }), new Uint8Array(bytes));
    }
    assert.deepEqual(await readdir(folder), []);
  });

  it('is refused when it is none', async (context) => {
    const folder = await ownFolder(context);
    for (const text of ['secret', 'ab'.repeat(31), 'x'.repeat(64), `${'A'.repeat(44)}`]) {
      await assert.rejects(loadKey({ folder, env: { MAPWRIGHT_KEY: text } }), { code: 'KEY_INVALID' });
    }
    await writeFile(join(folder, 'mapwright.key'), '');
    await assert.rejects(loadKey({ folder, env: {} }), { code: 'KEY_INVALID' });
  });

  it('is made once, however many ask at once, for its owner alone', async (context) => {
    const folder = join(await ownFolder(context), 'new');
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadKey({ folder, env: { MAPWRIGHT_KEY: '' } })));
    assert.equal(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size, 1);
    assert.deepEqual(await readdir(folder), ['mapwright.key']);
    assert.equal((await stat(join(folder, 'mapwright.key'))).mode & 0o777, 0o600);
    assert.deepEqual(await loadKey({ folder, env: {} }), keys[0]);
  });

  it('is not made anew for an install that had one', async (context) => {
    const folder = await ownFolder(context);
    await writeFile(join(folder, 'mapwright.db'), '');
    await assert.rejects(loadKey({ folder, env: {} }), { code: 'KEY_MISSING' });
  });
});

async function ownFolder(context: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
