import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { loadKeys } from '../../src/store/encryption-key.ts';
import { addKey, keepOneKey } from '../../src/store/key/key-file.ts';
import { KeyRing } from '../../src/store/key/key-ring.ts';
import { temporaryFolder } from './sqlite-install.ts';

/** The id by which a key of 32 such bytes is known. */
const idOf = (byte: number): string => new KeyRing([new Uint8Array(32).fill(byte)]).currentId;
const hexOf = (byte: number): string => Buffer.alloc(32, byte).toString('hex');

describe('encryption key', () => {
  it('comes from the environment, in hex or base64', async (context) => {
    const folder = await ownFolder(context);
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
    const expected = new KeyRing([bytes]).ids;
    for (const text of [bytes.toString('hex'), bytes.toString('base64'), ` ${bytes.toString('base64url')}\n`]) {
      const ring = await loadKeys({ folder, env: { MAPWRIGHT_KEY: text } });
      assert.deepEqual([ring.ids, ring.source.kind], [expected, 'given']);
    }
    assert.deepEqual(await readdir(folder), []);
  });

  it('is refused when it is none', async (context) => {
    const folder = await ownFolder(context);
    for (const text of ['secret', 'ab'.repeat(31), 'x'.repeat(64), 'A'.repeat(44), `${hexOf(1)} secret`, ' , ']) {
      await assert.rejects(loadKeys({ folder, env: { MAPWRIGHT_KEY: text } }), { code: 'KEY_INVALID' });
    }
    await writeFile(join(folder, 'mapwright.key'), '');
    await assert.rejects(loadKeys({ folder, env: {} }), { code: 'KEY_INVALID' });
  });

  it('is told by its number among others when it is none, and never shown', async (context) => {
    const folder = await ownFolder(context);
    const almost = `${hexOf(2)}0`;
    await assert.rejects(loadKeys({ folder, env: { MAPWRIGHT_KEY: `${hexOf(1)} ${almost}` } }), (error: Error) => {
      assert.ok('code' in error && error.code === 'KEY_INVALID');
      return error.message.includes('number 2') && !error.message.includes(almost.slice(0, 8));
    });
  });

  it('is made once, however many ask at once, for its owner alone', async (context) => {
    const folder = join(await ownFolder(context), 'new');
    const rings = await Promise.all(Array.from({ length: 5 }, () => loadKeys({ folder, env: { MAPWRIGHT_KEY: '' } })));
    assert.equal(new Set(rings.map(({ currentId }) => currentId)).size, 1);
    assert.deepEqual(await readdir(folder), ['mapwright.key']);
    assert.equal((await stat(join(folder, 'mapwright.key'))).mode & 0o777, 0o600);
    assert.deepEqual((await loadKeys({ folder, env: {} })).ids, rings[0]?.ids);
  });

  it('is not made anew for an install that had one', async (context) => {
    const folder = await ownFolder(context);
    await writeFile(join(folder, 'mapwright.db'), '');
    await assert.rejects(loadKeys({ folder, env: {} }), { code: 'KEY_MISSING' });
  });
});

describe('several keys', () => {
  it('are given with blanks, commas or lines between, the new one first, each once', async (context) => {
    const folder = await ownFolder(context);
    for (const between of [' ', ',', '\n', ' ,\r\n']) {
      const ring = await loadKeys({ folder, env: { MAPWRIGHT_KEY: [hexOf(2), hexOf(1), hexOf(2)].join(between) } });
      assert.deepEqual(ring.ids, [idOf(2), idOf(1)]);
    }
    await writeFile(join(folder, 'mapwright.key'), `${hexOf(3)}\n${hexOf(1)}\n`);
    assert.deepEqual((await loadKeys({ folder, env: {} })).ids, [idOf(3), idOf(1)]);
  });

  it('open what each of them sealed; what another sealed tells which one is missing', () => {
    const [old, next] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const before = new KeyRing([old]).seal('p', 'text');
    const ring = new KeyRing([next, old]);
    assert.equal(ring.open('p', before), 'text');
    assert.deepEqual([ring.isCurrent(before), ring.isCurrent(ring.seal('p', 'x'))], [false, true]);
    ring.follow(idOf(1));
    assert.equal(ring.isCurrent(before), true);
    ring.give([next]);
    assert.deepEqual([ring.ids, ring.open('p', before)], [[idOf(2)], 'text']);
    const without = new KeyRing([next]);
    assert.throws(
      () => without.open('p', before),
      (error: Error) => {
        assert.ok('code' in error && error.code === 'SECRET_UNREADABLE');
        return error.message.includes(idOf(1)) && error.message.includes(idOf(2));
      },
    );
  });

  it('are put into the file and taken out of it, none of them lost', async (context) => {
    const folder = await ownFolder(context);
    const file = join(folder, 'mapwright.key');
    await writeFile(file, `${hexOf(1)}\n`, { mode: 0o600 });
    await addKey(file);
    const [next = '', ...others] = (await loadKeys({ folder, env: {} })).ids;
    assert.deepEqual([others, next === idOf(1)], [[idOf(1)], false]);
    const kept = await keepOneKey(file, next);
    assert.deepEqual(kept, [`${file}.old-${idOf(1)}`]);
    assert.deepEqual((await loadKeys({ folder, env: {} })).ids, [next]);
    assert.equal(await readFile(kept[0] ?? '', 'utf8'), `${hexOf(1)}\n`);
    for (const name of [file, ...kept]) assert.equal((await stat(name)).mode & 0o777, 0o600);
    assert.deepEqual(await keepOneKey(file, next), []);
    assert.deepEqual(await keepOneKey(file, idOf(1)), [], 'a key that is not there is not kept alone');
    assert.deepEqual((await readdir(folder)).length, 2);
  });

  it('that stand in the file twice are kept once, and the one in force is not among the old ones', async (context) => {
    const folder = await ownFolder(context);
    const file = join(folder, 'mapwright.key');
    await writeFile(file, [2, 1, 2, 1].map(hexOf).join('\n'));
    assert.deepEqual(await keepOneKey(file, idOf(2)), [`${file}.old-${idOf(1)}`]);
    assert.equal(await readFile(file, 'utf8'), `${hexOf(2)}\n`);
    assert.equal((await readdir(folder)).length, 2);
  });

  it('stay where a link to the file leads', async (context) => {
    const folder = await ownFolder(context);
    const target = join(folder, 'key-of-the-machine');
    await writeFile(target, `${hexOf(1)}\n`);
    await symlink(target, join(folder, 'mapwright.key'));
    await addKey(join(folder, 'mapwright.key'));
    assert.equal((await readFile(target, 'utf8')).trim().split('\n').length, 2);
  });

  it('are not written where the file has become a folder', async (context) => {
    const folder = await ownFolder(context);
    const file = join(folder, 'mapwright.key');
    await writeFile(file, `${hexOf(2)}\n${hexOf(1)}\n`);
    await mkdir(`${file}.old-${idOf(1)}`);
    await assert.rejects(keepOneKey(file, idOf(2)), { code: 'KEY_FILE_UNWRITABLE' });
    assert.deepEqual((await loadKeys({ folder, env: {} })).ids, [idOf(2), idOf(1)]);
    assert.equal((await readdir(folder)).length, 2);
  });
});

async function ownFolder(context: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
