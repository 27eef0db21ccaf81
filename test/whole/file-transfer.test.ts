import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileIn, type FileReference } from '../../src/core/file-store.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import { TestInstall } from './install-fixture.ts';
import { mapwright, refused } from './command-here.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { ServedTest } from './served-install.ts';

const PAPERS = nativeDocument(
  'module',
  'name="Papers" prefix="62" title="name"',
  '<field name="name" type="string" length="60"/><field name="copy" type="file"/>',
);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('files over the REST API', () => {
  async function opened(t: TestContext) {
    const test = await ServedTest.open(t, [PAPERS]);
    const { url, install } = test.served;
    const made = await install.administration.createToken({ name: 'a', grants: ['administrator'], by: 'test' });
    const headers = { authorization: `Bearer ${made.secret}` };
    const call = (path: string, init: RequestInit = {}) =>
      fetch(`${url}/api/v1${path}`, { ...init, headers: { ...headers, ...init.headers } });
    return { test, call };
  }

  it('are stored as they come, held by a record, and read whole or in part', async (t) => {
    const { test, call } = await opened(t);
    const bytes = randomBytes(3_000_001);
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 2_000_000), bytes.subarray(2_000_000)];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
    const stored = await call('/files?name=a%2F%22%C3%BC%22.pdf', {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body,
      duplex: 'half',
    });
    assert.equal(stored.status, 201);
    const file = (await stored.json()) as FileReference;
    assert.deepEqual(
      [file.name, file.type, file.size, file.sha256],
      ['"ü".pdf', 'application/pdf', bytes.length, sha256(bytes)],
    );
    const created = await test.record('create', {
      elementType: 'Papers',
      element: JSON.stringify({ name: 'p', copy: file.id, assigned_user_id: '19x1' }),
    });
    assert.deepEqual(fileIn(created['copy']), file, 'a client of the web service sees the reference');
    // What a client was given it may send back.
    const again = await test.record('update', { element: JSON.stringify({ ...created, name: 'q' }) });
    assert.deepEqual(fileIn(again['copy']), file);

    const whole = await call(`/files/${file.id}`);
    assert.equal(sha256(Buffer.from(await whole.arrayBuffer())), file.sha256);
    assert.equal(
      whole.headers.get('content-disposition'),
      `attachment; filename="___.pdf"; filename*=UTF-8''%22%C3%BC%22.pdf`,
    );
    assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/u);
    const part = await call(`/files/${file.id}`, { headers: { range: 'bytes=5-9' } });
    assert.equal(part.status, 206);
    assert.ok(bytes.subarray(5, 10).equals(Buffer.from(await part.arrayBuffer())));
    const end = await call(`/files/${file.id}`, { headers: { range: 'bytes=-3' } });
    assert.ok(bytes.subarray(-3).equals(Buffer.from(await end.arrayBuffer())));
    const behind = await call(`/files/${file.id}`, { headers: { range: `bytes=${bytes.length}-` } });
    assert.deepEqual([behind.status, ((await behind.json()) as { code: string }).code], [416, 'API_RANGE']);
    const nothing = await call('/files/00000000-0000');
    assert.deepEqual([nothing.status, ((await nothing.json()) as { code: string }).code], [404, 'FILE_GONE']);
  });

  it('are refused in records when they are not there, and taken away with them', async (t) => {
    const { test } = await opened(t);
    const element = { name: 'p', copy: 'not-there-at-all', assigned_user_id: '19x1' };
    const { code } = await test.call('create', { elementType: 'Papers', element: JSON.stringify(element) });
    assert.equal(code, 'RECORD_INVALID');
  });
});

describe('files at the command line', () => {
  async function opened(t: TestContext) {
    const folder = await temporaryFolder(t);
    const install = join(folder, 'install');
    const bytes = randomBytes(1_234_567);
    await writeFile(join(folder, 'a b.pdf'), bytes);
    await writeFile(join(folder, PAPERS.file), PAPERS.text);
    const applied = await mapwright(['apply', PAPERS.file, '--dir', install], { cwd: folder });
    assert.equal(applied.exitCode, 0, applied.errors);
    return { folder, install, bytes };
  }

  async function roundTrip(folder: string, where: readonly string[], bytes: Buffer, env: Record<string, string> = {}) {
    const at = { cwd: folder, env };
    const made = await mapwright(
      ['record', 'create', 'Papers', 'name=x', '--file', 'copy=a b.pdf', '--json', ...where],
      at,
    );
    assert.equal(made.exitCode, 0, made.errors);
    const { record } = JSON.parse(made.output) as { record: { id: string } };
    const got = await mapwright(['record', 'file', 'get', record.id, 'copy', 'got.pdf', '--replace', ...where], at);
    assert.equal(got.exitCode, 0, got.errors);
    assert.ok(bytes.equals(await readFile(join(folder, 'got.pdf'))));
    return record.id;
  }

  it('go to an install in a folder and come back', async (t) => {
    const { folder, install, bytes } = await opened(t);
    const id = await roundTrip(folder, ['--dir', install], bytes);
    const at = { cwd: folder };
    const shown = await mapwright(['record', 'show', id, '--dir', install], at);
    assert.match(shown.output, /a b\.pdf \(application\/pdf, 1234567 bytes\)/u);
    const named = await mapwright(['record', 'file', 'get', id, 'copy', '--dir', install], { cwd: install });
    assert.equal(named.exitCode, 0, named.errors);
    assert.ok(bytes.equals(await readFile(join(install, 'a b.pdf'))));
    await refused('CLI_USAGE', ['record', 'file', 'get', id, 'copy', 'got.pdf', '--dir', install], at);
    await refused('CLI_USAGE', ['record', 'file', 'get', id, 'name', '--dir', install], at);
    await refused('CLI_FILE_MISSING', ['record', 'change', id, '--file', 'copy=b.pdf', '--dir', install], at);
    await refused('CLI_USAGE', ['record', 'change', id, '--dir', install], at);
  });

  it('go to a server through its socket, and to one somewhere else', async (t) => {
    const { folder, install, bytes } = await opened(t);
    const server = await serve(t, install);
    await roundTrip(folder, ['--dir', install], bytes);
    const token = await mapwright(['token', 'create', 'x', '--role', 'administrator', '--dir', install, '--json']);
    const { secret } = JSON.parse(token.output) as { secret: string };
    await roundTrip(folder, [], bytes, { MAPWRIGHT_URL: server.url, MAPWRIGHT_TOKEN: secret });
  });
});

describe('files in an application', () => {
  it('are put and read as streams, and what breaks off is not there', async () => {
    await using runtime = await createRuntime({ folder: ':memory:', documents: [PAPERS] });
    const bytes = randomBytes(700_000);
    async function* pieces() {
      yield bytes.subarray(0, 300_000);
      yield bytes.subarray(300_000);
    }
    const file = await runtime.files.put(pieces(), { name: 'a.bin' });
    assert.equal(file.sha256, sha256(bytes));
    const record = await runtime.records.create('Papers', { name: 'p', copy: { ...file } });
    assert.deepEqual(fileIn(record.values['copy']), file);
    const back: Uint8Array[] = [];
    for await (const piece of runtime.files.read(file.id)) back.push(piece);
    assert.ok(bytes.equals(Buffer.concat(back)));
    async function* broken() {
      yield bytes;
      throw new Error('cut');
    }
    await assert.rejects(runtime.files.put(broken(), { name: 'b.bin' }), /cut/u);
    await assert.rejects(runtime.records.create('Papers', { copy: { id: 'nobody-knows-it' } }), {
      code: 'RECORD_INVALID',
    });
  });
});

describe('files that nobody needs', () => {
  it('go a day later with the other housekeeping, those of records stay', async (t) => {
    let now = Date.UTC(2026, 0, 31);
    const test = await TestInstall.open(t, { documents: [PAPERS], worker: false, clock: { now: () => now } });
    const { files, housekeeping, administration } = test.install;
    const store = async (name: string): Promise<FileReference> => {
      const { id } = await administration.beginFile({ name });
      await administration.appendFile({ id, offset: 0, base64: Buffer.from(name).toString('base64') });
      return administration.finishFile({ id });
    };
    const [held, left] = [await store('held'), await store('left')];
    const { id } = await administration.beginFile({ name: 'unfinished' });
    const record = await test.create({ name: 'p', copy: held.id }, 'Papers');
    assert.equal(await housekeeping.round(), true);
    assert.deepEqual([await files.find(held.id), await files.find(left.id)], [held, left]);
    now += 25 * 3_600_000;
    await housekeeping.round();
    assert.deepEqual([await files.find(held.id), await files.find(left.id)], [held, undefined]);
    await assert.rejects(administration.finishFile({ id }), { code: 'FILE_GONE' });
    await test.revise({ id: record.id, copy: '' });
    now += 25 * 3_600_000;
    await housekeeping.round();
    assert.equal(await files.find(held.id), undefined);
  });

  it('are refused by pieces that do not follow each other', async (t) => {
    const { install } = await TestInstall.open(t, { documents: [PAPERS], worker: false });
    const { administration } = install;
    const { id } = await administration.beginFile({ name: 'a' });
    const piece = { id, offset: 0, base64: Buffer.from('abc').toString('base64') };
    await administration.appendFile(piece);
    await administration.appendFile(piece);
    await assert.rejects(administration.appendFile({ ...piece, offset: 2 }), { code: 'FILE_UPLOAD_OFFSET' });
    await assert.rejects(administration.appendFile({ ...piece, id: 'nobody' }), { code: 'FILE_UPLOAD_UNKNOWN' });
    assert.equal((await administration.finishFile({ id })).size, 3);
    await assert.rejects(administration.file({ id: 'nobody-knows' }), { code: 'FILE_GONE' });
  });
});
