import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { Connector } from '../../../src/core/call.ts';
import { importWsdl } from '../../../src/import/wsdl/import-wsdl.ts';
import { takeDescription } from '../../../src/runtime/import/description-import.ts';
import { describeWsdl } from '../../../src/runtime/import/wsdl-description.ts';
import { TestInstall } from '../../whole/install-fixture.ts';

const FIXTURES = new URL('../../fixtures/soap/', import.meta.url);

/** Gives the fixtures, whatever the host. */
const fixtures: Connector = {
  async send({ url }) {
    const body = await readFile(new URL(`.${new URL(url).pathname}`, FIXTURES));
    return { kind: 'answered', answer: { status: 200, headers: [], body, durationMs: 0 } };
  },
  close: async () => undefined,
};

function operationsOf(file: string): ReturnType<typeof describeWsdl> {
  return describeWsdl(`http://folder.invalid/${file}`, { connector: fixtures, clock: { now: () => Date.now() } });
}

/** A service on this machine that describes itself with a fixture, and keeps the envelopes that it gets. */
async function soapPeer(t: TestContext, file: string): Promise<{ readonly url: string; readonly envelopes: string[] }> {
  const envelopes: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'text/xml');
      if (request.method === 'GET') {
        void readFile(new URL(file, FIXTURES), 'utf8').then((text) => response.end(text));
        return;
      }
      envelopes.push(body);
      response.end(
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><placed xmlns="urn:orders"/></e:Body></e:Envelope>',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/soap`, envelopes };
}

describe('importWsdl', () => {
  it('makes a map of each operation that check finds no errors in', async () => {
    for (const [file, count] of [
      ['orders.wsdl', 4],
      ['check-vat.wsdl', 1],
    ] as const) {
      const api = importWsdl(await operationsOf(file), { name: 'x' });
      const { documents, diagnostics } = takeDescription(api, { withTests: true });
      assert.deepEqual(diagnostics, []);
      assert.equal(documents.filter(({ kind }) => kind === 'map').length, count);
    }
  });

  it('takes parameters and outputs from the schema: nested, lists, attributes, types', async () => {
    const { calls } = importWsdl(await operationsOf('orders.wsdl'), { name: 'x', operations: ['place'] });
    assert.deepEqual(
      calls.map(({ name }) => name),
      ['x-place'],
    );
    const [line, total] = calls[0]?.parameters ?? [];
    assert.deepEqual([line?.source, line?.type], [{ context: 'line' }, 'array']);
    const nested = total !== undefined && 'nested' in total.source ? total.source.nested : [];
    assert.deepEqual(
      nested.map(({ name, source, type }) => [name, source, type]),
      [
        ['_', { context: 'total._' }, 'number'],
        ['currency', { context: 'total.currency' }, undefined],
      ],
    );
    assert.deepEqual(
      calls[0]?.outputs?.map(({ path, type }) => [path, type]),
      [
        ['total._', 'number'],
        ['total.currency', undefined],
      ],
    );
  });

  it('makes maps whose calls the service is sent as its WSDL says', async (t) => {
    const peer = await soapPeer(t, 'orders.wsdl');
    const api = importWsdl(await operationsOf('orders.wsdl'), { name: 'x', operations: ['place'], server: peer.url });
    const { documents } = takeDescription(api, { withTests: true });
    const sources = documents.map(({ path, text }) => ({
      file: path,
      text: text.replace('operation="place"', `operation="place" url="${peer.url}"`),
    }));
    const { install } = await TestInstall.open(t, { documents: sources, worker: false });
    const context = { line: [{ id: '1', sku: 'a', quantity: 2, price: '1.5' }], total: { _: 3, currency: 'EUR' } };
    await install.administration.tryMap({ map: 'x-place', documents: [], record: {}, context, send: true });
    assert.equal(peer.envelopes.length, 1);
    assert.match(peer.envelopes[0] ?? '', /quantity[^>]*>2<.*currency="EUR"[^>]*>3</su);
  });

  it('says where the WSDL is read when that is not where calls go', async () => {
    const operations = await operationsOf('check-vat.wsdl');
    const wsdl = 'https://files.example/check-vat.wsdl';
    assert.equal(importWsdl(operations, { name: 'x', wsdl }).calls[0]?.call?.['wsdl'], wsdl);
    assert.equal(
      importWsdl(operations, { name: 'x', wsdl: `${operations[0]?.address ?? ''}?WSDL` }).calls[0]?.call?.['wsdl'],
      undefined,
    );
    assert.match(importWsdl(operations, { name: 'x' }).notes[0]?.says ?? '', /\?wsdl/u);
    assert.throws(() => importWsdl(operations, { name: 'x', operations: ['check'] }), {
      code: 'IMPORT_OPERATION_UNKNOWN',
    });
  });
});
