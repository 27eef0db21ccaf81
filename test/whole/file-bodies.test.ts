import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { fileIn, type FileReference } from '../../src/core/file-store.ts';
import { nativeDocument } from './documents.ts';
import { FilePeer, status } from './file-peer.ts';
import { TestInstall } from './install-fixture.ts';
import { shop } from './scripted-peer.ts';

const CONTRACTS = nativeDocument(
  'module',
  'name="Contracts" prefix="61" title="contract_no"',
  `<field name="contract_no" type="string" length="60"/><field name="signed_copy" type="file"/>
   <field name="received" type="file"/><field name="remote" type="string" length="60"/>`,
);

/** A map of this name at the shop, and the workflow that runs it when a contract is created. */
function sending(name: string, inside: string) {
  return [
    nativeDocument('map', `name="${name}" module="Contracts" service="shop"`, inside),
    nativeDocument(
      'workflow',
      `name="${name}-flow" module="Contracts"`,
      `<trigger on="create"/><tasks><webservice id="call" map="${name}">
         <on-error><retry times="3" every="500ms"/></on-error></webservice></tasks>`,
    ),
  ];
}

async function opened(t: TestContext, inside: string): Promise<{ peer: FilePeer; test: TestInstall }> {
  const peer = await FilePeer.open(t);
  const documents = [shop(peer, '<timeout total="60s"/>'), CONTRACTS, ...sending('call', inside)];
  return { peer, test: await TestInstall.open(t, { documents }) };
}

/** A file of repeated random pieces, so that it need not be in memory whole. */
async function stored(test: TestInstall, pieces: number, name = 'scan.pdf'): Promise<FileReference> {
  const files = test.install.engine.files ?? assert.fail('files are stored');
  const writer = await files.create({ id: randomUUID(), name, type: 'application/pdf', at: Date.now() });
  const piece = randomBytes(1024 * 1024);
  for (let count = 0; count < pieces; count++) await writer.write(piece);
  return writer.finish();
}

const MULTIPART = `<call method="POST" path="/files" body="multipart" in-doubt="resend"/>
  <parameters>
    <parameter name="title" template="Contract {record.contract_no}"/>
    <parameter name="tags" jsonata="['a', 'b']"/>
    <parameter name="about" content-type="application/json"><parameter name="no" field="contract_no"/></parameter>
    <parameter name="file" file="signed_copy" filename="Vertrag {record.contract_no} 螺栓.pdf" content-type="application/x-scan"/>
  </parameters>
  <response><output path="id" field="remote"/></response>`;

describe('a multipart body', () => {
  it('carries 64 MiB from the store, texts and names in UTF-8, and history holds no byte of it', async (t) => {
    const { peer, test } = await opened(t, MULTIPART);
    const file = await stored(test, 64);
    const { id } = await test.create({ contract_no: 'Ä"1', signed_copy: file.id }, 'Contracts');
    const [run] = await test.allEnded(1);
    assert.equal(run?.status, 'completed');
    const [request] = peer.requests;
    const told = request?.parts.map(({ name, filename, type, text }) => [name, filename, type, text]) ?? [];
    assert.deepEqual(told.slice(0, 3), [
      ['title', undefined, 'text/plain', 'Contract Ä"1'],
      ['tags', undefined, 'text/plain', 'a'],
      ['tags', undefined, 'text/plain', 'b'],
    ]);
    const about = request?.parts.find(({ name }) => name === 'about');
    assert.deepEqual([about?.type, JSON.parse(about?.text ?? '')], ['application/json', { no: 'Ä"1' }]);
    const sent = request?.parts.find(({ name }) => name === 'file');
    assert.deepEqual(
      [sent?.filename, sent?.type, sent?.bytes, sent?.sha256],
      ['Vertrag Ä%221 螺栓.pdf', 'application/x-scan', file.size, file.sha256],
    );
    assert.ok(Number(request?.headers['content-length']) > file.size, 'its length is known beforehand');
    const [step] = await test.steps(run.id);
    const recorded = step?.attempts[0]?.request ?? assert.fail('the request is kept');
    assert.match(recorded.body?.text ?? '', /file: Vertrag .*\(application\/x-scan, 67,108,864 bytes\)/u);
    assert.ok(JSON.stringify(step).length < 10_000);
    assert.equal((await test.values(id))['remote'], 'r1');
  });

  it('is sent again from the store, the same to the byte, also after the field was emptied', async (t) => {
    const { peer, test } = await opened(t, MULTIPART);
    const gate = Promise.withResolvers<void>();
    peer.answer(
      (response) => void gate.promise.then(() => response.writeHead(503).end()),
      (response) => response.socket?.destroy(),
      status(201, { id: 'r2' }),
    );
    const file = await stored(test, 2);
    const { id } = await test.create({ contract_no: '1', signed_copy: file.id }, 'Contracts');
    await test.reached(1, 'runs', ({ status: now }) => now === 'running');
    await test.revise({ id, signed_copy: '' });
    gate.resolve();
    const [run] = await test.allEnded(1);
    assert.equal(run?.status, 'completed');
    assert.equal(peer.requests.length, 3);
    const hashes = peer.requests.map(({ parts }) => parts.find(({ name }) => name === 'file')?.sha256);
    assert.deepEqual(new Set(hashes), new Set([file.sha256]));
    assert.equal(new Set(peer.requests.map(({ headers }) => headers['content-type'])).size, 1);
  });

  it('leaves out a file that is empty, and fails where it is required', async (t) => {
    const { peer, test } = await opened(t, MULTIPART);
    await test.create({ contract_no: '1' }, 'Contracts');
    await test.allEnded(1);
    assert.ok(!peer.requests[0]?.parts.some(({ name }) => name === 'file'));
    const required = MULTIPART.replace('file="signed_copy"', 'file="signed_copy" required="true"');
    await test.apply(sending('call', required));
    await test.create({ contract_no: '2' }, 'Contracts');
    await test.waiting(2, 'person');
    assert.equal((await test.steps(2))[0]?.failure?.code, 'PARAMETER_EMPTY');
  });
});

describe('a body of bytes', () => {
  it('is a file with its own type', async (t) => {
    const inside = `<call method="PUT" path="/raw" body="raw"/>
      <parameters><parameter name="data" file="signed_copy"/></parameters>`;
    const { peer, test } = await opened(t, inside);
    const file = await stored(test, 3);
    await test.create({ contract_no: '1', signed_copy: file.id }, 'Contracts');
    const [run] = await test.allEnded(1);
    assert.equal(run?.status, 'completed');
    const [request] = peer.requests;
    assert.deepEqual(
      [request?.method, request?.headers['content-type'], request?.parts[0]?.sha256],
      ['PUT', 'application/pdf', file.sha256],
    );
    assert.equal(request?.headers['content-length'], String(file.size));
  });

  it('is what base64 stands for, and nothing else is taken for it', async (t) => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const inside = (value: string) => `<call method="POST" path="/raw" body="raw"/>
      <parameters><parameter name="data" value="${value}"/></parameters>`;
    const { peer, test } = await opened(t, inside(bytes.toString('base64')));
    await test.create({ contract_no: '1' }, 'Contracts');
    await test.allEnded(1);
    assert.equal(peer.requests[0]?.parts[0]?.sha256, createHash('sha256').update(bytes).digest('hex'));
    await test.apply(sending('call', inside('not base64!')));
    await test.create({ contract_no: '2' }, 'Contracts');
    await test.waiting(2, 'person');
    assert.equal((await test.steps(2))[0]?.failure?.code, 'PARAMETER_NOT_BASE64');
  });

  it('is a text in JSON where the file is encoded', async (t) => {
    const inside = `<call method="POST" path="/json"/>
      <parameters><parameter name="content" file="signed_copy" encode="base64"/>
        <parameter name="hash" file="signed_copy" encode="sha256"/><parameter name="name" template="{record.signed_copy.name}"/>
        <parameter name="size" jsonata="record.signed_copy.size"/></parameters>`;
    const { peer, test } = await opened(t, inside);
    const file = await stored(test, 1);
    await test.create({ contract_no: '1', signed_copy: file.id }, 'Contracts');
    const [run] = await test.allEnded(1);
    const told = run === undefined ? undefined : (await test.steps(run.id))[0]?.attempts[0]?.request;
    const shown = Object.fromEntries(told?.parameters.map(({ name, value }) => [name, value]) ?? []);
    assert.deepEqual([shown['hash'], shown['name'], shown['size']], [file.sha256, 'scan.pdf', String(file.size)]);
    assert.ok((shown['content'] ?? '').length < 300, 'a file is not kept with the parameters');
    assert.ok((peer.requests[0]?.parts[0]?.bytes ?? 0) > file.size);
  });
});

/** Answers with a body of this many MiB, in pieces. */
function giving(mebibytes: number, headers: Record<string, string> = {}) {
  const piece = randomBytes(1024 * 1024);
  const hash = createHash('sha256');
  for (let count = 0; count < mebibytes; count++) hash.update(piece);
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'image/tiff', ...headers });
    let left = mebibytes;
    const write = (): void => {
      while (left > 0) {
        left -= 1;
        if (!response.write(piece)) return void response.once('drain', write);
      }
      response.end();
    };
    write();
  };
  return { answer, sha256: hash.digest('hex'), bytes: mebibytes * piece.length };
}

const DOWNLOAD = `<call method="GET" path="/scans/7%20a.tif"/>
  <response><file field="received" context="scan" max-size="80MiB"/>
    <output jsonata="response.headers.'content-type'" field="remote"/></response>`;

describe('an answer that is a file', () => {
  it('of 64 MiB goes into the field, named as it says', async (t) => {
    const { peer, test } = await opened(t, DOWNLOAD);
    const given = giving(64, { 'content-disposition': `attachment; filename="x.tif"; filename*=UTF-8''B%C3%A4r.tif` });
    peer.answer(given.answer);
    const { id } = await test.create({ contract_no: '1' }, 'Contracts');
    const [run] = await test.allEnded(1);
    assert.equal(run?.status, 'completed');
    const values = await test.values(id);
    const file = fileIn(values['received']) ?? assert.fail('the field holds a file');
    assert.deepEqual(
      [file.name, file.type, file.size, file.sha256],
      ['Bär.tif', 'image/tiff', given.bytes, given.sha256],
    );
    assert.equal(values['remote'], 'image/tiff');
    const hash = createHash('sha256');
    for await (const chunk of test.install.engine.files?.read(file.id) ?? []) hash.update(chunk);
    assert.equal(hash.digest('hex'), given.sha256);
    const [step] = await test.steps(run.id);
    assert.match(step?.attempts[0]?.answer?.body?.text ?? '', /67,108,864 bytes/u);
  });

  it('is named as the map says, else as its address does', async (t) => {
    const { peer, test } = await opened(t, DOWNLOAD);
    peer.answer(giving(1).answer);
    const first = await test.create({ contract_no: '1' }, 'Contracts');
    await test.allEnded(1);
    assert.equal(fileIn((await test.values(first.id))['received'])?.name, '7 a.tif');
    const named = DOWNLOAD.replace('<file ', '<file filename="{record.contract_no}/../a.tif" content-type="image/x" ');
    await test.apply(sending('call', named));
    const second = await test.create({ contract_no: '2' }, 'Contracts');
    await test.allEnded(2);
    const file = fileIn((await test.values(second.id))['received']);
    assert.deepEqual([file?.name, file?.type], ['a.tif', 'image/x']);
  });

  it('that breaks off or is too large leaves nothing that anybody sees', async (t) => {
    const { peer, test } = await opened(t, DOWNLOAD.replace('80MiB', '2MiB'));
    const given = giving(1);
    peer.answer(
      (response) => {
        response.writeHead(200, { 'content-length': '900000' });
        response.write(randomBytes(300_000), () => response.socket?.destroy());
      },
      giving(3).answer,
      given.answer,
    );
    const { id } = await test.create({ contract_no: '1' }, 'Contracts');
    const run = await test.reached(
      1,
      'stops',
      ({ status: now, wait }) => now === 'completed' || wait?.for === 'person',
    );
    const [step] = await test.steps(run.id);
    const codes = step?.attempts.map(({ failure }) => failure?.code);
    assert.equal(codes?.[0], 'CALL_CUT_OFF');
    assert.equal(codes?.[1], 'CALL_TOO_LARGE');
    assert.equal((await test.values(id))['received'], null);
  });

  it('is decompressed on its way, and a bomb stops at the limit', async (t) => {
    const { gzipSync } = await import('node:zlib');
    const text = Buffer.from('a'.repeat(1_000_000));
    const { peer, test } = await opened(t, DOWNLOAD.replace('80MiB', '1MiB'));
    const zipped = (bytes: Buffer) => (response: ServerResponse) =>
      void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(gzipSync(bytes));
    peer.answer(zipped(text));
    const { id } = await test.create({ contract_no: '1' }, 'Contracts');
    await test.allEnded(1);
    assert.equal(fileIn((await test.values(id))['received'])?.sha256, createHash('sha256').update(text).digest('hex'));
    peer.answer(zipped(Buffer.alloc(50_000_000)));
    await test.create({ contract_no: '2' }, 'Contracts');
    await test.reached(2, 'waits', ({ wait }) => wait !== undefined);
    assert.equal((await test.steps(2))[0]?.attempts[0]?.failure?.code, 'CALL_TOO_LARGE');
  });

  it('of an error is read as any other answer', async (t) => {
    const inside = DOWNLOAD.replace('<file', '<expect status="200" message="{response.body.why}"/><file');
    const { peer, test } = await opened(t, inside);
    peer.answer(status(404, { why: 'no such scan' }));
    await test.create({ contract_no: '1' }, 'Contracts');
    await test.waiting(1, 'person');
    const failure = (await test.steps(1))[0]?.failure;
    assert.equal(failure?.code, 'CALL_STATUS');
    assert.match(failure?.message ?? '', /no such scan/u);
  });
});
