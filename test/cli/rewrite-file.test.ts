import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, describe, it } from 'node:test';
import { rewriteFile } from '../../src/cli/rewrite-file.ts';

async function fileWith(t: TestContext, text: string): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-rewrite-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'a.xml');
  await writeFile(file, text);
  return { folder, file };
}

describe('rewriteFile', () => {
  it('leaves a file that somebody else changed, and nothing beside it', async (t) => {
    const { folder, file } = await fileWith(t, 'theirs');
    await assert.rejects(rewriteFile(file, Buffer.from('read before'), 'mine'), { code: 'CLI_FILE_CHANGED' });
    assert.equal(await readFile(file, 'utf8'), 'theirs');
    assert.deepEqual(await readdir(folder), ['a.xml']);
  });

  it('lets one of two at once win whole', async (t) => {
    const { folder, file } = await fileWith(t, 'old');
    const texts = ['one', 'two'].map((text) => text.repeat(100_000));
    const before = Buffer.from('old');
    const results = await Promise.allSettled(texts.map((text) => rewriteFile(file, before, text)));
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    assert.ok(texts.includes(await readFile(file, 'utf8')));
    assert.deepEqual(await readdir(folder), ['a.xml']);
  });

  it('says that a file cannot be written', async (t) => {
    const { folder } = await fileWith(t, 'old');
    const file = join(folder, 'gone/b.xml');
    await assert.rejects(rewriteFile(file, Buffer.from('old'), 'new'), { code: 'CLI_FILE_UNWRITABLE' });
  });
});
