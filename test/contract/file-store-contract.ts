import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { CHUNK_BYTES, type FileReference, type FileStore, fileText } from '../../src/core/file-store.ts';
import type { ModuleDefinition } from '../../src/core/module.ts';
import type { RecordWrite } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import { endedRun, ending } from './ended-runs.ts';
import { commitRecords, field } from './sample-records.ts';
import { acceptOne, claimOne, settled, settlement } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const papers: ModuleDefinition = {
  name: 'Papers',
  label: 'Papers',
  prefix: '15',
  title: 'title',
  fields: [field('title', 'string'), field('copy', 'file'), field('draft', 'file')],
};

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function stored(
  files: FileStore,
  bytes: Uint8Array,
  more: { readonly at?: number; readonly run?: number } = {},
): Promise<FileReference> {
  const writer = await files.create({ id: randomUUID(), name: 'a.bin', type: 'text/plain', at: 10, ...more });
  for (let at = 0; at < bytes.length; at += 100_000) await writer.write(bytes.subarray(at, at + 100_000));
  return writer.finish();
}

async function wholeOf(files: FileStore, id: string, range?: { from: number; to: number }): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.read(id, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Clears up to the end; gives how many rows went. */
async function cleared(files: FileStore, before: number, limit = 500): Promise<number> {
  for (let rows = 0; ;) {
    const gone = await files.clear({ before, limit });
    if (gone === 0) return rows;
    rows += gone;
  }
}

/** Makes a paper, or changes or deletes the one of that number. */
async function paper(
  store: Store,
  at: number,
  change: Pick<RecordWrite, 'kind' | 'basedOn'> & { readonly copy?: FileReference; readonly draft?: FileReference },
): Promise<void> {
  const { kind, basedOn, copy, draft } = change;
  const values = { title: 'p', copy: copy ? fileText(copy) : null, draft: draft ? fileText(draft) : null };
  await commitRecords(store, at, {
    kind,
    module: 'Papers',
    id: '15x1',
    basedOn,
    values,
    changed: ['copy', 'draft'],
    actor: { user: '19x1' },
  });
}

async function storeWithPapers(...given: Parameters<typeof freshStore>): Promise<Store> {
  const store = await freshStore(...given);
  await store.records.prepareModules([papers]);
  return store;
}

/** What every store of files does. */
export function fileStoreContract(name: string, factory: InstallFactory): void {
  describe(`files: ${name}`, () => {
    describe('bytes', () => bytes(factory));
    describe('a file that is needed', () => needed(factory));
    describe('what is cleared away', () => clearedAway(factory));
  });
}

function bytes(factory: InstallFactory): void {
  it('come back as they were, whatever their number, and their hash is right', async (context) => {
    const { files } = await freshStore(context, factory);
    for (const size of [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 17]) {
      const content = randomBytes(size);
      const file = await stored(files, content);
      assert.equal(file.size, size);
      assert.equal(file.sha256, sha256(content));
      assert.deepEqual(await files.find(file.id), file);
      assert.ok(content.equals(await wholeOf(files, file.id)), `${size} bytes`);
    }
  });

  it('are read from any place to any other', async (context) => {
    const { files } = await freshStore(context, factory);
    const content = randomBytes(2 * CHUNK_BYTES + 100);
    const { id } = await stored(files, content);
    for (const [from, to] of [
      [0, 5],
      [CHUNK_BYTES - 3, CHUNK_BYTES + 3],
      [CHUNK_BYTES, 2 * CHUNK_BYTES],
      [content.length - 1, content.length + 99],
      [7, 7],
    ] as const) {
      assert.ok(content.subarray(from, to).equals(await wholeOf(files, id, { from, to })), `${from} to ${to}`);
    }
  });

  it('of many files at once do not mix', async (context) => {
    const { files } = await freshStore(context, factory);
    const contents = Array.from({ length: 8 }, () => randomBytes(CHUNK_BYTES + 1_000));
    const made = await Promise.all(contents.map((content) => stored(files, content)));
    const back = await Promise.all(made.map(({ id }) => wholeOf(files, id)));
    assert.deepEqual(back.map(sha256), contents.map(sha256));
  });

  it('of a file that is not whole are seen by nobody', async (context) => {
    const { files } = await freshStore(context, factory);
    const id = randomUUID();
    const writer = await files.create({ id, name: 'a', type: 'text/plain', at: 10 });
    await writer.write(randomBytes(CHUNK_BYTES));
    assert.equal(await files.find(id), undefined);
    assert.equal(await files.hold(id, 11), undefined);
    await assert.rejects(wholeOf(files, id), { code: 'FILE_GONE' });
    await writer.abandon();
    assert.ok((await cleared(files, 0)) > 0, 'what was given up goes whatever its age');
    await assert.rejects(writer.finish(), { code: 'FILE_GONE' });
  });
}

function needed(factory: InstallFactory): void {
  it('stays as long as a record holds it, and goes when none does any more', async (context) => {
    const store = await storeWithPapers(context, factory);
    const { files } = store;
    const [copy, draft] = [await stored(files, randomBytes(9)), await stored(files, randomBytes(9))];
    await paper(store, 20, { kind: 'create', basedOn: 0, copy, draft });
    assert.equal(await cleared(files, 1_000), 0);
    // The same file in the other field is still held.
    await paper(store, 30, { kind: 'update', basedOn: 1, copy: draft });
    assert.equal(await cleared(files, 30), 0, 'it has not been unused for long enough');
    assert.ok((await cleared(files, 31)) > 0);
    assert.deepEqual([await files.find(copy.id), await files.find(draft.id)], [undefined, draft]);
    await paper(store, 40, { kind: 'delete', basedOn: 2 });
    assert.ok((await cleared(files, 41)) > 0);
    assert.equal(await files.find(draft.id), undefined);
    await assert.rejects(wholeOf(files, draft.id), { code: 'FILE_GONE' });
  });

  it('stays while a run about a record that held it has not ended', async (context) => {
    const store = await storeWithPapers(context, factory);
    const copy = await stored(store.files, randomBytes(9));
    await paper(store, 20, { kind: 'create', basedOn: 0, copy });
    const run = await acceptOne(store, 25, { module: 'Papers', recordId: '15x1', lane: '15x1' });
    await paper(store, 30, { kind: 'update', basedOn: 1 });
    assert.equal(await cleared(store.files, 1_000), 0);
    settled(await store.journal.settle(await claimOne(store, 40, run), settlement(40, { then: ending('completed') })));
    assert.ok((await cleared(store.files, 1_000)) > 0);
  });

  it('stays while the run that made it, or one that came of it, has not ended', async (context) => {
    const store = await freshStore(context, factory);
    const root = await endedRun(store, { at: 10 });
    const child = await acceptOne(store, 11, { rootRun: root, workflow: 'other', lane: '' });
    const file = await stored(store.files, randomBytes(9), { run: root });
    assert.equal(await cleared(store.files, 1_000), 0);
    settled(await store.journal.settle(await claimOne(store, 40, child), settlement(40, { then: ending('failed') })));
    assert.ok((await cleared(store.files, 1_000)) > 0);
    assert.equal(await store.files.find(file.id), undefined);
  });

  it('stays for a while when somebody is about to refer to it', async (context) => {
    const { files } = await freshStore(context, factory);
    const dayMs = 86_400_000;
    const file = await stored(files, randomBytes(9), { at: 0 });
    assert.deepEqual(await files.hold(file.id, 10 * dayMs), file);
    assert.equal(await cleared(files, 10 * dayMs), 0);
    assert.ok((await cleared(files, 10 * dayMs + 1)) > 0);
    assert.equal(await files.hold(file.id, 10 * dayMs), undefined);
  });
}

function clearedAway(factory: InstallFactory): void {
  it('goes in small pieces, and a file that goes is there for nobody', async (context) => {
    const { files } = await freshStore(context, factory);
    const gone = await stored(files, randomBytes(5 * CHUNK_BYTES));
    const kept = await stored(files, randomBytes(5), { at: 500 });
    assert.equal(await files.clear({ before: 400, limit: 2 }), 3, 'one file taken, two of its chunks');
    assert.equal(await files.find(gone.id), undefined);
    await assert.rejects(wholeOf(files, gone.id), { code: 'FILE_GONE' });
    assert.equal(await cleared(files, 400, 2), 4, 'the other chunks, and the file');
    assert.deepEqual(await files.find(kept.id), kept);
  });

  it('is what was not whole, a day after it was begun', async (context) => {
    const { files } = await freshStore(context, factory);
    const writer = await files.create({ id: randomUUID(), name: 'a', type: 'text/plain', at: 10 });
    await writer.write(randomBytes(CHUNK_BYTES));
    assert.equal(await cleared(files, 10), 0);
    assert.equal(await cleared(files, 11), 3);
  });
}
