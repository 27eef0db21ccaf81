import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { isSensitiveName } from '../../src/connector/sensitive-name.ts';
import { convertDocuments } from '../../src/convert/convert-documents.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument, publishedSync } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

/** One request as the other side got it. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A peer that keeps what it gets and answers every operation, and the addresses of the other maps, with success. */
async function openPeer(t: TestContext): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { 'content-type': type, authorization, token } = request.headers;
    const headers = { type, authorization, token: String(token) };
    const { method = '', url = '' } = request;
    received.push({ method, url, body: Buffer.concat(parts).toString('utf8'), headers });
    const result = { token: 'T-1/ü', sessionName: 'S-1', userId: '19x1', id: '14x9' };
    const answer = url.includes('testcontext&')
      ? { result: 'a/b "c"' }
      : { success: true, result, description: 7, descripcion: 'Euro' };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  `<field name="accountname" label="Name" type="string"/>
   <field name="tickersymbol" label="Ticker symbol" type="string"/>
   <field name="ownership" label="Ownership" type="string"/>
   <field name="parent" label="Parent" type="reference" references="Accounts"/>`,
);
const WORKFLOW = nativeDocument(
  'workflow',
  'name="account-sent" module="Accounts"',
  `<trigger on="create"/><tasks><webservice id="get" map="context-token-get"/>
   <webservice id="post" map="context-token-post"/><webservice id="currency" map="facturascripts-divisas"/>
   <webservice id="parent" map="parent-sent"/></tasks>`,
);

/** A map that looks behind a reference, in a template and in an expression. */
function parentMap(url: string): SourceFile {
  const field = (name: string, text: string, id: string): string =>
    `<field><fieldname>${name}</fieldname><Orgfields><Orgfield><OrgfieldName>${text}</OrgfieldName><OrgfieldID>${id}</OrgfieldID></Orgfield></Orgfields></field>`;
  const behind = '$(parent : (Accounts) accountname)';
  const text = `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig><wsurl>${url}/parent</wsurl>
    <wshttpmethod>POST</wshttpmethod><wstype>REST</wstype><inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig>
    <fields>${field('of', `Of ${behind}.`, 'TEMPLATE')}${field('by', `concat(accountname, ' by ', ${behind})`, 'EXPRESSION')}
    ${field('number', 'parent', '')}</fields></map>`;
  return { file: 'parent-sent.xml', text };
}

/** The published maps of both sets, calling this peer. */
async function originals(url: string): Promise<SourceFile[]> {
  const others = ['valid/context-token-get.xml', 'valid/context-token-post.xml', 'warning/facturascripts-divisas.xml'];
  const texts = await Promise.all(
    others.map(async (file) => {
      const text = await readFile(new URL(`../fixtures/corebos/${file}`, import.meta.url), 'utf8');
      return { file: file.replace(/^.*\//u, ''), text: text.replaceAll('http://localhost', () => url) };
    }),
  );
  return [...(await publishedSync({ url, key: 'K-1' })), ...texts, parentMap(url), ACCOUNTS, WORKFLOW];
}

/** What the peer gets from a run of every map. */
async function requestsOf(
  t: TestContext,
  change: (documents: readonly SourceFile[]) => readonly SourceFile[],
): Promise<Received[]> {
  const peer = await openPeer(t);
  const install = await TestInstall.open(t, { documents: change(await originals(peer.url)) });
  const product = await install.create({ productname: 'Bolt & Söhne 螺栓', serial_no: 'SN*1 ~' });
  await install.allEnded(1);
  await install.revise({ id: product.id, serial_no: 'SN-2' });
  await install.allEnded(2);
  const account = await install.create({ accountname: 'A/Ü "B"', tickersymbol: 'EUR' }, 'Accounts');
  await install.allEnded(3);
  await install.create({ accountname: 'Branch', tickersymbol: 'USD', parent: account.id }, 'Accounts');
  const runs = await install.allEnded(4);
  const failures = runs.filter(({ status }) => status !== 'completed').map(({ failure }) => failure);
  assert.deepEqual(failures, []);
  assert.equal((await install.values(product.id))['description'], '14x9');
  assert.match(String((await install.values(account.id))['ownership']), /^"?Euro"?$/u);
  return peer.received;
}

function converted(keepTypes: boolean): (documents: readonly SourceFile[]) => readonly SourceFile[] {
  return (documents) => {
    const files = convertDocuments(documents, { keepTypes, isSensitiveName });
    assert.equal(files.filter(({ outcome }) => outcome === 'converted').length, 9);
    return files.map(({ file, text }) => ({ file, text }));
  };
}

describe('the published maps, converted', () => {
  it('send the same bytes when types are kept', async (t) => {
    const [before, after] = [await requestsOf(t, (documents) => documents), await requestsOf(t, converted(true))];
    assert.ok(before.length >= 15);
    assert.deepEqual(after, before);
  });

  it('send the same when it is decoded, but for the value that is no JSON text any more', async (t) => {
    const [before, after] = [await requestsOf(t, (documents) => documents), await requestsOf(t, converted(false))];
    const read = ({ method, url, body, headers }: Received): unknown => {
      const { authorization } = headers;
      const value = authorization?.startsWith('"') === true ? (JSON.parse(authorization) as string) : authorization;
      const members = body.startsWith('{') ? (JSON.parse(body) as unknown) : [...new URLSearchParams(body)];
      return { method, url, members, headers: { ...headers, authorization: value } };
    };
    assert.deepEqual(after.map(read), before.map(read));
  });
});
