import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { DocumentsInvalidError, type Runtime, createRuntime } from '../../src/index.ts';
import { ORDERS, makeFolder, openPeer, openRuntime } from './runtime-fixture.ts';

const run = promisify(execFile);
const INDEX = new URL('../../src/index.ts', import.meta.url).href;

/** The folder of a runtime, gone or not. */
async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

async function folderOf(runtime: Runtime): Promise<string> {
  return (await runtime.administration.status()).folder;
}

describe('createRuntime', () => {
  it('has a folder to itself, until it is closed', async (t) => {
    const folder = await makeFolder(t);
    const first = await createRuntime({ folder });
    await assert.rejects(createRuntime({ folder }), { code: 'STORE_LOCKED' });
    // The one that was refused has not let go of what the first one holds.
    await assert.rejects(createRuntime({ folder }), { code: 'STORE_LOCKED' });
    await first.close();
    const second = await createRuntime({ folder });
    await second.close();
  });

  it('keeps documents, settings, secrets and records in its folder', async (t) => {
    const peer = await openPeer(t);
    const folder = await makeFolder(t);
    const first = await openRuntime(t, peer, { folder });
    const order = await first.records.create('Orders', { number: 'SO-1' });
    await first.run(1).finished({ timeoutMs: 20_000 });
    await first.close();
    const second = await createRuntime({ folder });
    t.after(() => second.close());
    assert.equal((await second.records.read(order.id))?.values['number'], 'SO-1');
    assert.equal((await second.runMap('send', { record: order.id })).fields['remote'], 'R-3');
  });

  it('removes what it kept nowhere at the close, and closes once however often it is asked', async () => {
    const runtime = await createRuntime({ folder: ':memory:', documents: ORDERS });
    const folder = await folderOf(runtime);
    assert.equal(await isThere(folder), true);
    await Promise.all([runtime.close(), runtime.close()]);
    await runtime.close({ graceMs: 0 });
    assert.equal(await isThere(folder), false);
  });

  it('is closed by `await using`', async () => {
    let folder = '';
    {
      await using runtime = await createRuntime({ folder: ':memory:' });
      folder = await folderOf(runtime);
    }
    assert.notEqual(folder, '');
    assert.equal(await isThere(folder), false);
  });

  it('refuses everything after the close', async () => {
    const runtime = await createRuntime({ folder: ':memory:', documents: ORDERS });
    await runtime.close();
    const closed = { code: 'RUNTIME_CLOSED' };
    await assert.rejects(runtime.runMap('send'), closed);
    await assert.rejects(runtime.start('order-sent-by-hand'), closed);
    await assert.rejects(runtime.changed({ kind: 'create', module: 'Orders', id: '1', after: {}, key: 'k' }), closed);
    await assert.rejects(runtime.records.create('Orders', {}), closed);
    await assert.rejects(runtime.records.read('50x1'), closed);
    await assert.rejects(runtime.records.query('select * from Orders;'), closed);
    await assert.rejects(runtime.run(1).finished(), closed);
  });

  it('refuses documents with errors whole, with their places', async (t) => {
    const folder = await makeFolder(t);
    const wrong = { file: 'wrong.xml', text: '<map xmlns="urn:mapwright:1" name="x" servce="peer">\n</map>' };
    await assert.rejects(createRuntime({ folder, documents: [...ORDERS, wrong] }), (error: DocumentsInvalidError) => {
      assert.ok(error instanceof DocumentsInvalidError);
      assert.equal(error.code, 'DOCUMENTS_INVALID');
      assert.ok(error.diagnostics.some(({ file, severity }) => file === 'wrong.xml' && severity === 'error'));
      assert.match(error.message, /wrong\.xml:1:/u);
      return true;
    });
    const runtime = await createRuntime({ folder });
    t.after(() => runtime.close());
    assert.equal((await runtime.administration.status()).revision, 0);
  });

  it('takes the documents for the whole set: one that is left out is gone', async (t) => {
    const folder = await makeFolder(t);
    const extra = {
      file: 'extra.xml',
      text: '<map xmlns="urn:mapwright:1" name="extra" service="peer"><call method="GET" path="/x"/></map>',
    };
    await (await createRuntime({ folder, documents: [...ORDERS, extra] })).close();
    const runtime = await createRuntime({ folder, documents: ORDERS });
    t.after(() => runtime.close());
    await assert.rejects(runtime.runMap('extra'), { code: 'MAP_UNKNOWN' });
    assert.ok(
      runtime.warnings.some(({ severity }) => severity === 'warning'),
      'a setting that is not set is warned of',
    );
  });

  it('reads documents from a folder and the folders in it', async (t) => {
    const folder = await makeFolder(t);
    const documents = join(folder, 'documents');
    await mkdir(join(documents, 'orders', '.hidden'), { recursive: true });
    await writeFile(join(documents, 'orders', 'orders.XML'), ORDERS[0]?.text ?? '');
    await writeFile(join(documents, 'orders', '.hidden', 'broken.xml'), '<');
    await writeFile(join(documents, 'README.md'), 'no document');
    const runtime = await createRuntime({ folder: join(folder, 'data'), documents });
    t.after(() => runtime.close());
    assert.equal((await runtime.administration.status()).revision, 1);
  });

  it('refuses a folder without documents, and leaves nothing behind', async (t) => {
    const folder = await makeFolder(t);
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    const usual = process.env['TMPDIR'];
    process.env['TMPDIR'] = temporary;
    t.after(() => {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    });
    for (const documents of [folder, join(folder, 'missing')]) {
      await assert.rejects(createRuntime({ folder: ':memory:', documents }), { code: 'DOCUMENTS_MISSING' });
    }
    await writeFile(join(folder, 'bytes.xml'), Buffer.from([0x3c, 0xff, 0xfe]));
    await assert.rejects(createRuntime({ folder: ':memory:', documents: folder }), { code: 'DOCUMENTS_INVALID' });
    assert.deepEqual(await readdir(temporary), []);
  });

  it('refuses a setting that cannot be read', async () => {
    const settings = { 'egress.allow': 'everything' };
    await assert.rejects(createRuntime({ folder: ':memory:', settings }), { code: 'SETTING_INVALID' });
  });

  it('keeps its process alive until it is closed, and no longer', async () => {
    const script = (end: string): string => `
      const { createRuntime } = await import(${JSON.stringify(INDEX)});
      const runtime = await createRuntime({ folder: ':memory:' });
      process.on('exit', () => console.log('gone'));
      ${end}`;
    const closed = script(`await runtime.close(); console.log('closed');`);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', closed], { timeout: 60_000 });
    assert.equal(stdout, 'closed\ngone\n');
    // A timer that does not hold the process fires all the same: the runtime holds it.
    const held = script(`setTimeout(() => { console.log('held'); void runtime.close(); }, 500).unref();`);
    const second = await run(process.execPath, ['--input-type=module', '--eval', held], { timeout: 60_000 });
    assert.equal(second.stdout, 'held\ngone\n');
  });
});
