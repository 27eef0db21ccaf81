import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';

/** One part of a body, or all of one that has none. */
export interface ReceivedPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string | undefined;
  /** Of a text part. */
  readonly text: string | undefined;
  readonly bytes: number;
  readonly sha256: string;
}

/** A request as the peer got it: bodies are hashed as they come, and kept by nobody. */
export interface ReceivedFiles {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly parts: readonly ReceivedPart[];
}

/** What is done with a request once all of it is there. */
export type Answering = (response: ServerResponse, request: ReceivedFiles) => void;

/** A server that takes files and gives some. */
export class FilePeer {
  url = '';
  readonly requests: ReceivedFiles[] = [];
  #answering: Answering[] = [];

  static async open(t: TestContext): Promise<FilePeer> {
    const peer = new FilePeer();
    const server = createServer((incoming, response) => void peer.#take(incoming, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return peer;
  }

  /** From now on requests are answered so, one after another; the last one stays. */
  answer(...answering: Answering[]): void {
    this.#answering = answering;
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = incoming;
    const parts =
      headers['content-type']?.startsWith('multipart/') === true ? await partsOf(incoming) : [await whole(incoming)];
    const request = { method, path, headers, parts };
    this.requests.push(request);
    const next = this.#answering.length > 1 ? this.#answering.shift() : this.#answering[0];
    if (next !== undefined) next(response, request);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"r1"}');
  }
}

/** Answers with this status and JSON. */
export function status(code: number, body: object = {}): Answering {
  return (response) => response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function whole(incoming: AsyncIterable<Uint8Array>): Promise<ReceivedPart> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of incoming) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name: '', filename: undefined, type: undefined, text: undefined, bytes, sha256: hash.digest('hex') };
}

async function partsOf(incoming: IncomingMessage): Promise<ReceivedPart[]> {
  const parts: Promise<ReceivedPart>[] = [];
  const type = incoming.headers['content-type'] ?? '';
  const reader = new Busboy({ headers: { 'content-type': type }, limits: { fileSize: Infinity } });
  reader.on('file', (name: string, stream: BusboyFileStream, filename: string, _: string, mime: string) => {
    parts.push(whole(stream).then((part) => ({ ...part, name, filename, type: mime })));
  });
  reader.on('field', (name: string, text: string, _n: boolean, _v: boolean, _t: string, mime: string) => {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    parts.push(Promise.resolve({ name, filename: undefined, type: mime, text, bytes: bytes.length, sha256 }));
  });
  incoming.pipe(reader);
  await once(reader, 'finish');
  return Promise.all(parts);
}
