import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { exchangeCode } from '../../src/connector/credential/oauth-authorization.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { CLIENT_SECRET, json, listening } from '../connector/credential/credential-world.ts';
import { tokenPeer, type TokenPeer } from '../connector/credential/token-peer.ts';
import { nativeDocument, shippedDocuments } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { found } from './soap-peer.ts';

const CREDENTIAL = `<token url="{setting.token_url}"/><client id="crm" secret="client-secret"/>`;
const SOON = '<on-error><retry every="100ms" times="200" on="network timeout 5xx"/></on-error>';

const MAP = `<call method="POST" body="json"/><parameters><parameter name="name" field="productname"/></parameters>
<response><output path="token" field="remote_id"/></response>`;

const ENVELOPE = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${found('ACME', true)}</s:Body></s:Envelope>`;

/** A field of a coreBOS map that sends the product's name. */
function nameAs(name: string): string {
  return `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>productname</OrgfieldName>
<OrgfieldID></OrgfieldID></Orgfield><delimiter></delimiter></Orgfields></field>`;
}

interface Adapted {
  readonly credential?: SourceFile;
  readonly maps?: readonly SourceFile[];
  readonly plan?: string;
  readonly call?: string;
}

async function documents({ credential, maps, plan = '', call = 'map="send"' }: Adapted): Promise<SourceFile[]> {
  const products = (await shippedDocuments('product-sync')).filter(({ file }) => file === 'Products.xml');
  return [
    ...products,
    credential ?? nativeDocument('credential', 'name="docs" kind="oauth2-client-credentials"', CREDENTIAL),
    nativeDocument('service', 'name="shop" url="{setting.shop_url}" credential="docs"', plan),
    ...(maps ?? [nativeDocument('map', 'name="send" module="Products" service="shop"', MAP)]),
    nativeDocument(
      'workflow',
      'name="product-created" module="Products"',
      `<trigger on="create"/><tasks><webservice id="send" ${call}/></tasks>`,
    ),
  ];
}

async function open(t: TestContext, peer: Pick<TokenPeer, 'url' | 'tokenUrl'>, adapted: Adapted = {}) {
  return TestInstall.open(t, {
    documents: await documents(adapted),
    settings: { token_url: peer.tokenUrl, shop_url: peer.url },
    secrets: { 'client-secret': CLIENT_SECRET },
  });
}

/** Everything that the install shows of a run. */
async function shown(install: TestInstall, run: number): Promise<string> {
  return JSON.stringify(await install.details(run));
}

describe('a run with a credential', () => {
  it('shows that it proves itself, and with nothing what by', async (t) => {
    const peer = await tokenPeer(t);
    const install = await open(t, peer);
    const product = await install.create({ productname: 'Bolt' });
    assert.equal((await install.ended(1)).status, 'completed');
    assert.equal((await install.values(product.id))['remote_id'], '1');
    const headers = new Map(stepOf(await install.steps(1), 'send').attempts[0]?.request?.headers);
    assert.equal(headers.get('Authorization'), 'Bearer ••••');
    const all = `${await shown(install, 1)}${install.log.join('\n')}`;
    for (const secret of ['token-1', CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET)]) {
      assert.equal(all.includes(secret), false, secret);
    }
  });

  it('hides a token that the other side sends back', async (t) => {
    const peer = await tokenPeer(t);
    const echo = await listening(t, ({ headers }, response) => json(response, { token: headers.authorization }));
    const install = await open(t, { url: echo.url, tokenUrl: peer.tokenUrl });
    await install.create({ productname: 'Bolt' });
    await install.ended(1);
    assert.equal(echo.arrived[0]?.headers.authorization, 'Bearer token-1');
    assert.equal((await shown(install, 1)).includes('token-1'), false);
  });

  it('waits as long as the token endpoint asks for', async (t) => {
    const peer = await tokenPeer(t);
    peer.trouble = { status: 429, body: '', retryAfter: '600' };
    const install = await open(t, peer, { plan: SOON.replace('5xx', '5xx 429') });
    await install.create({ productname: 'Bolt' });
    const { since, until = 0 } = await install.waiting(1, 'time');
    assert.ok(until - since >= 600_000, `${until - since} ms`);
  });

  it('is tried again when the token endpoint is away, and nothing is in doubt', async (t) => {
    const peer = await tokenPeer(t);
    peer.trouble = 'cut';
    const install = await open(t, peer, { plan: SOON });
    await install.create({ productname: 'Bolt' });
    await install.reached(1, 'fails', ({ wait }) => wait?.for === 'time' || peer.asked.length > 2);
    peer.trouble = { status: 503, body: 'later' };
    const before = peer.asked.length;
    await install.reached(1, 'fails again', () => peer.asked.length > before + 1);
    peer.trouble = undefined;
    assert.equal((await install.ended(1)).status, 'completed');
    const codes = new Set(stepOf(await install.steps(1), 'send').attempts.map(({ failure }) => failure?.code));
    assert.deepEqual(codes, new Set(['CALL_RESET', 'CREDENTIAL_TOKEN_STATUS', undefined]));
    assert.equal(peer.carried.length, 1);
  });

  it('that is refused waits for a person, who need not say what the other side did', async (t) => {
    const peer = await tokenPeer(t);
    peer.trouble = { status: 400, body: '{"error":"invalid_client","error_description":"no such client"}' };
    const install = await open(t, peer, { plan: SOON });
    await install.create({ productname: 'Bolt' });
    const { reason } = await install.waiting(1, 'person');
    assert.match(reason, /^send: CREDENTIAL_REFUSED .*invalid_client: no such client/u);
    const { item } = await install.install.administration.inboxItem({ run: 1 });
    assert.deepEqual([item?.code, item?.inDoubt], ['CREDENTIAL_REFUSED', false]);
  });

  it('whose secret is missing fails before anything is sent', async (t) => {
    const peer = await tokenPeer(t);
    const install = await open(t, peer);
    await install.install.administration.removeSecret({ name: 'client-secret', force: true });
    await install.create({ productname: 'Bolt' });
    assert.match((await install.waiting(1, 'person')).reason, /^send: SECRET_MISSING /u);
    assert.equal(peer.asked.length, 0);
  });

  it('can be tried by hand, with and without sending', async (t) => {
    const peer = await tokenPeer(t);
    const install = await open(t, peer);
    const { administration } = install.install;
    const trial = { map: 'send', record: { productname: 'Nut' }, context: {}, documents: [] };
    for (const send of [false, true]) {
      const report = await administration.tryMap({ ...trial, send });
      assert.equal(new Map(report.request?.headers).get('Authorization'), 'Bearer ••••');
      assert.deepEqual([report.failure, report.answer?.status], [undefined, send ? 200 : undefined]);
    }
    assert.equal(peer.asked.length, 1);
  });

  it('runs a coreBOS map whose task names the service', async (t) => {
    const peer = await tokenPeer(t);
    const text = `<map><originmodule><originname>Products</originname></originmodule><wsconfig><wsurl>${peer.url}</wsurl>
<wshttpmethod>POST</wshttpmethod><methodname>create</methodname><wstype>REST</wstype><inputtype>JSON</inputtype>
<outputtype>JSON</outputtype></wsconfig><fields><field><fieldname>name</fieldname><Orgfields><Orgfield>
<OrgfieldName>productname</OrgfieldName><OrgfieldID></OrgfieldID></Orgfield><delimiter></delimiter></Orgfields></field></fields>
<Response><field><fieldname>token</fieldname><destination><field>remote_id</field></destination></field></Response></map>`;
    const maps = [{ file: 'send.xml', text }];
    const install = await open(t, peer, { maps, call: 'map="send" service="shop"' });
    const product = await install.create({ productname: 'Bolt' });
    assert.equal((await install.ended(1)).status, 'completed');
    assert.equal((await install.values(product.id))['remote_id'], '"1"');
    const headers = new Map(stepOf(await install.steps(1), 'send').attempts[0]?.request?.headers);
    assert.equal(headers.get('Authorization'), 'Bearer ••••');
  });

  it('reads the WSDL of a SOAP map with it, too', async (t) => {
    const peer = await tokenPeer(t);
    const wsdl = readFileSync(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');
    const soap = await listening(t, ({ headers, path }, response) => {
      if (headers.authorization !== 'Bearer token-1') return void response.writeHead(401).end();
      const here = wsdl.replaceAll('https://soap.example.com/older', `${soap.url}/service`);
      response.setHeader('content-type', 'text/xml');
      response.end(path === '/checkVat?wsdl' ? here : ENVELOPE);
    });
    const text = `<map><originmodule><originname>Products</originname></originmodule><wsconfig>
<wsurl>${soap.url}/checkVat?wsdl</wsurl><methodname>checkVat</methodname><wstype>SOAP</wstype><inputtype>JSON</inputtype>
<outputtype>JSON</outputtype></wsconfig><fields>${['countryCode', 'vatNumber'].map(nameAs).join('')}</fields>
<Response><field><fieldname>name</fieldname><destination><field>remote_id</field></destination></field></Response></map>`;
    const maps = [{ file: 'send.xml', text }];
    const install = await open(t, { ...peer, url: soap.url }, { maps, call: 'map="send" service="shop"' });
    const product = await install.create({ productname: 'Bolt' });
    assert.equal((await install.ended(1)).status, 'completed');
    assert.equal((await install.values(product.id))['remote_id'], 'ACME');
    assert.deepEqual([soap.arrived.length, peer.asked.length], [2, 1]);
    assert.equal((await shown(install, 1)).includes('token-1'), false);
  });
});

/** What happens when the administrator comes back from the provider. */
async function connect({ install }: TestInstall): Promise<void> {
  const { engine, tokens: keeper } = install;
  const compiled = install.catalog().credentials.get('docs') ?? assert.fail('there is no credential');
  const settings = await engine.settings.all();
  const secret = (name: string) => engine.secrets.get(name);
  const credential = await compiled.resolve({ settings, secret, user: '19x1', serviceUrl: undefined });
  const answer = { code: 'a code', codeVerifier: 'v'.repeat(43), redirectUrl: 'http://127.0.0.1/callback' };
  await exchangeCode(credential, answer, { keeper, connector: engine.connector, clock: engine.clock });
  install.wakeConnections();
}

describe('a run for somebody who has not connected', () => {
  const credential = nativeDocument(
    'credential',
    'name="docs" kind="oauth2-authorization-code" master="false"',
    `<authorization url="https://login.example.com/authorize"/>${CREDENTIAL}`,
  );

  it('waits for that person, and goes on by itself when there is a token', async (t) => {
    const peer = await tokenPeer(t);
    const install = await open(t, peer, { credential });
    await install.create({ productname: 'Bolt' });
    const { reason } = await install.waiting(1, 'person');
    assert.match(reason, /^send: CREDENTIAL_NOT_CONNECTED admin has not connected credential "docs"/u);
    await connect(install);
    assert.equal((await install.ended(1)).status, 'completed');
    assert.deepEqual(peer.carried, ['1']);
    const { history } = await install.install.administration.inboxItem({ run: 1 });
    assert.deepEqual(
      history.map(({ origin, action }) => [origin, action]),
      [['connection', 'retry']],
    );
  });

  it('goes on after a restart, too, when the process died with the sign-in', async (t) => {
    const peer = await tokenPeer(t);
    const install = await open(t, peer, { credential });
    await install.create({ productname: 'Bolt' });
    await install.waiting(1, 'person');
    await install.close();
    await install.reopen({ worker: false });
    await connect(install);
    await install.close();
    await install.reopen({ worker: true });
    assert.equal((await install.ended(1)).status, 'completed');
  });
});
