import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import { Server as ProxyServer } from 'proxy-chain';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument, shippedDocuments } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

const PROXY_PASSWORD = 'gate-keeper-9417';

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

/** A bank: its certificate is of a private authority, and it answers the name in its caller's certificate. */
async function bank(t: TestContext, options: ServerOptions = {}): Promise<{ url: string; paths: string[] }> {
  const paths: string[] = [];
  const pair = { key: fixture('private.key.pem'), cert: fixture('private.cert.pem') };
  const asking = { ca: fixture('authority.cert.pem'), requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...pair, ...asking, ...options }, (request, response) => {
    paths.push(request.url ?? '');
    if (request.url?.startsWith('/moved') === true) return response.writeHead(307, { Location: '/final' }).end();
    const { subject } = (request.socket as TLSSocket).getPeerCertificate() as { subject?: { CN?: string } };
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ who: subject?.CN }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

async function proxy(t: TestContext): Promise<{ port: number; tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = new ProxyServer({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ hostname, port, username, password }) => {
      const isKnown = username === 'anna' && password === PROXY_PASSWORD;
      if (isKnown) tunnels.push(`https://${hostname}:${port}`);
      return { requestAuthentication: !isKnown };
    },
  });
  await server.listen();
  t.after(() => server.close(true));
  return { port: server.port, tunnels };
}

const MAP = `<call method="POST" path="/moved" body="json"/>
<parameters><parameter name="name" field="productname"/></parameters>
<response><output path="who" field="remote_id"/></response>`;

async function documents(service: string, maps: readonly SourceFile[] = []): Promise<SourceFile[]> {
  const products = (await shippedDocuments('product-sync')).filter(({ file }) => file === 'Products.xml');
  const once = '<on-error><retry times="0"/></on-error>';
  return [
    ...products,
    nativeDocument('credential', 'name="gate" kind="basic"', '<login user="anna" secret="gate-password"/>'),
    nativeDocument(
      'credential',
      'name="bank-certificate" kind="client-certificate"',
      '<certificate secret="bank-key" passphrase="bank-passphrase"/>',
    ),
    nativeDocument('service', 'name="bank" url="{setting.bank}" credential="bank-certificate"', service + once),
    ...(maps.length > 0 ? maps : [nativeDocument('map', 'name="send" module="Products" service="bank"', MAP)]),
    nativeDocument(
      'workflow',
      'name="product-created" module="Products"',
      '<trigger on="create"/><tasks><webservice id="send" map="send"/></tasks>',
    ),
  ];
}

async function open(t: TestContext, to: { readonly bank: string; readonly proxyPort: number }, given: SourceFile[]) {
  const p12 = readFileSync(new URL('../fixtures/tls/client.p12', import.meta.url)).toString('base64');
  return TestInstall.open(t, {
    documents: given,
    settings: { bank: to.bank, gate_port: String(to.proxyPort), company_ca: fixture('authority.cert.pem') },
    secrets: { 'gate-password': PROXY_PASSWORD, 'bank-key': p12, 'bank-passphrase': 'open-sesame' },
  });
}

const NETWORK =
  '<network proxy="http://127.0.0.1:{setting.gate_port}" proxy-credential="gate" authority="{setting.company_ca}" min-tls="1.3" redirects="same-host"/>';

describe('the network of a service', () => {
  it('takes a call through a proxy with a login, by client certificate, to a private authority, over a redirect', async (t) => {
    const [peer, gate] = [await bank(t), await proxy(t)];
    const a = await open(t, { bank: peer.url, proxyPort: gate.port }, await documents(NETWORK));
    const product = await a.create({ productname: 'Bolt' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(product.id))['remote_id'], 'mapwright-client');
    assert.deepEqual(peer.paths, ['/moved', '/final']);
    assert.deepEqual(gate.tunnels, [peer.url]);
    const steps = await a.steps(1);
    const timings = stepOf(steps, 'send').attempts[0]?.answer?.timings;
    assert.equal(typeof timings?.tlsMs, 'number');
    assert.equal(typeof timings?.totalMs, 'number');
    const shown = JSON.stringify([steps, a.log, await a.runs()]);
    for (const secret of [PROXY_PASSWORD, Buffer.from(`anna:${PROXY_PASSWORD}`).toString('base64'), 'open-sesame']) {
      assert.equal(shown.includes(secret), false);
    }
  });

  const broken = [
    ['no authority', NETWORK.replace('authority="{setting.company_ca}"', ''), 'CALL_TLS'],
    ['no login for the proxy', NETWORK.replace('proxy-credential="gate"', ''), 'CALL_PROXY'],
    ['redirects not followed', NETWORK.replace('same-host', 'none'), 'CALL_REDIRECT'],
    ['an authority that is none', NETWORK.replace('company_ca', 'bank'), 'CALL_CERTIFICATES'],
  ] as const;
  for (const [title, service, code] of broken) {
    it(`fails for the reason there is: ${title}`, async (t) => {
      const [peer, gate] = [await bank(t), await proxy(t)];
      const a = await open(t, { bank: peer.url, proxyPort: gate.port }, await documents(service));
      await a.create({ productname: 'Bolt' });
      await a.waiting(1, 'person');
      assert.equal(stepOf(await a.steps(1), 'send').failure?.code, code);
    });
  }

  it('is that of a coreBOS map: its proxy is used, and certinsecure 0 verifies nobody', async (t) => {
    const [peer, gate] = [await bank(t, { rejectUnauthorized: false }), await proxy(t)];
    const map = (settings: string): SourceFile => ({
      file: 'send.xml',
      text: `<map><originmodule><originname>Products</originname></originmodule><wsconfig><wsurl>${peer.url}/x</wsurl>
<wshttpmethod>GET</wshttpmethod><wstype>REST</wstype><inputtype>URL</inputtype><outputtype>JSON</outputtype>${settings}</wsconfig>
<fields></fields><Response></Response></map>`,
    });
    const through = `<wsproxyhost>127.0.0.1</wsproxyhost><wsproxyport>${gate.port}</wsproxyport>`;
    const cases = [
      ['', 'CALL_TLS'],
      ['<certinsecure>1</certinsecure>', 'CALL_TLS'],
      [through, 'CALL_PROXY'],
      ['<certinsecure>0</certinsecure>', undefined],
    ] as const;
    const a = await open(t, { bank: peer.url, proxyPort: gate.port }, await documents('', [map('')]));
    for (const [index, [settings, code]] of cases.entries()) {
      await a.apply([map(settings)]);
      await a.create({ productname: 'Bolt' });
      const run = await a.reached(
        index + 1,
        'ends or waits',
        ({ status, wait }) => status === 'completed' || wait?.for === 'time' || wait?.for === 'person',
      );
      assert.equal(run.status === 'completed' ? undefined : stepOf(await a.steps(run.id), 'send').failure?.code, code);
    }
    assert.deepEqual(peer.paths, ['/x']);
  });
});
