import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Runtime, type RuntimeOptions, type SourceFile, createRuntime } from '../../src/index.ts';

/** One request as the peer got it. */
export interface PeerRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the peer does with a request: answers, or keeps it without an answer. */
export type PeerBehaviour = (request: PeerRequest) => { readonly status?: number; readonly body: unknown } | 'hang';

/** Another system on this machine. */
export interface Peer {
  readonly url: string;
  readonly requests: PeerRequest[];
  /** May be replaced at any time. */
  behave: PeerBehaviour;
}

/** A peer that answers `{"id": "R-1"}`, `R-2` and so on until it is told otherwise; closed after the test. */
export async function openPeer(t: TestContext): Promise<Peer> {
  const peer: Peer & { url: string } = {
    url: '',
    requests: [],
    behave: () => ({ body: { id: `R-${peer.requests.length}` } }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      peer.requests.push(received);
      const answer = peer.behave(received);
      if (answer === 'hang') return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return peer;
}

/** Orders that are sent to the peer when they are created or by hand; the id it gives comes back. */
export const ORDERS: readonly SourceFile[] = [
  {
    file: 'orders.xml',
    text: `<documents xmlns="urn:mapwright:1">
  <module name="Orders" prefix="50" title="number">
    <field name="number" type="string" mandatory="true"/>
    <field name="total" type="currency"/>
    <field name="paid" type="boolean"/>
    <field name="account" type="reference" references="Orders"/>
    <field name="remote" type="string" length="20" read-only="true"/>
  </module>
  <service name="peer" url="{setting.peer_url}">
    <header name="Authorization" template="Bearer {secret.peer_key}"/>
    <on-error><retry times="20" every="50ms" on="network timeout 5xx"/></on-error>
  </service>
  <map name="open" service="peer">
    <call method="GET" path="/open"/>
    <response><output path="id" context="session" sensitive="true"/></response>
  </map>
  <map name="send" module="Orders" service="peer">
    <call method="POST" path="/orders" body="json" in-doubt="resend"/>
    <parameters>
      <parameter name="number" field="number" required="true"/>
      <parameter name="total" field="total"/>
      <parameter name="note" context="note" default="none"/>
    </parameters>
    <response>
      <output path="id" field="remote"/>
      <output path="problem" context="problem" on="failure" optional="true"/>
    </response>
  </map>
  <workflow name="order-created" module="Orders">
    <trigger on="create"/>
    <tasks><webservice id="open" map="open"/><webservice id="send" map="send"/></tasks>
  </workflow>
  <workflow name="order-sent-by-hand" module="Orders">
    <trigger on="manual"/>
    <tasks><webservice id="send" map="send"/></tasks>
  </workflow>
</documents>`,
  },
];

/** The secret that the peer is called with. */
export const PEER_KEY = 'peer-key-7f3a91';

/** A folder of its own for a test, removed after it. */
export async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-runtime-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A runtime on the documents above that calls the peer; closed after the test. */
export async function openRuntime(t: TestContext, peer: Peer, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const runtime = await createRuntime({
    folder: ':memory:',
    documents: ORDERS,
    settings: { peer_url: peer.url, 'egress.allow': '127.0.0.1:*' },
    secrets: { peer_key: PEER_KEY },
    ...options,
  });
  t.after(() => runtime.close({ graceMs: 0 }));
  return runtime;
}
