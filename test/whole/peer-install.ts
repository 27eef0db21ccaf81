import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { RecordImage } from '../../src/core/record.ts';
import { type ServedInstall, serveInstall } from '../../src/cli/serve-install.ts';
import { shippedDocuments } from './documents.ts';

/** A second install, served over HTTP, that can be stopped and started again at the same address. */
export class PeerInstall {
  readonly key: string;
  readonly url: string;
  readonly #folder: string;
  #served: ServedInstall | undefined;

  private constructor(folder: string, served: ServedInstall) {
    this.#folder = folder;
    this.#served = served;
    this.url = served.url;
    this.key = served.firstUser?.accessKey ?? assert.fail('the install had a user before');
  }

  static async open(t: TestContext): Promise<PeerInstall> {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-peer-'));
    const peer = new PeerInstall(folder, await serve(folder, 0));
    t.after(async () => {
      await peer.stop();
      await rm(folder, { recursive: true });
    });
    const documents = (await shippedDocuments('product-sync')).filter(({ file }) => file === 'Products.xml');
    await peer.install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    return peer;
  }

  get install(): ServedInstall['install'] {
    return this.#served?.install ?? assert.fail('the peer is down');
  }

  async stop(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    await served?.stop();
  }

  async start(): Promise<void> {
    this.#served = await serve(this.#folder, Number(new URL(this.url).port));
  }

  async products(): Promise<readonly RecordImage[]> {
    return (await this.install.crm.query('select * from Products;')).records;
  }

  openSessions(): Promise<number> {
    return this.install.identities.openSessions({ openedSince: 0, usedSince: 0 });
  }

  /** Ends every session, as their age would. */
  expireSessions(): void {
    const db = new Database(join(this.#folder, 'mapwright.db'), { timeout: 5_000 });
    db.exec('DELETE FROM sessions');
    db.close();
  }
}

function serve(folder: string, port: number): Promise<ServedInstall> {
  return serveInstall({ folder, host: '127.0.0.1', port, log: () => undefined });
}

/** What is done, once, before a request of an operation goes on to the peer; `cut` breaks the connection instead. */
export type Interruption = () => Promise<'go-on' | 'cut'>;

/** Stands between an install and its peer, and does something at the first request of one operation. */
export async function interruptAt(
  t: TestContext,
  peer: PeerInstall,
  operation: string,
  interruption: Interruption,
): Promise<{ readonly url: string; readonly key: string }> {
  let pending: Interruption | undefined = interruption;
  const server = createServer((request, response) => {
    void readAll(request).then(async (body) => {
      const parameters = new URLSearchParams(`${new URL(request.url ?? '/', peer.url).searchParams}&${body}`);
      const first = parameters.get('operation') === operation ? pending : undefined;
      if (first !== undefined) pending = undefined;
      if ((await first?.()) === 'cut') response.destroy();
      else forward(peer.url, { request, body }, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: peer.key };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function forward(
  origin: string,
  { request, body }: { readonly request: IncomingMessage; readonly body: string },
  response: ServerResponse,
): void {
  const { method = 'GET', headers, url = '/' } = request;
  const outgoing = sendRequest(new URL(url, origin), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}
