import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { toldInEveryForm } from './canary-forms.ts';

/** A request as the peer got it. */
export interface HeardRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How the peer answers: by the last part of the address of a call. */
export const CONDUCTS = [
  'fine',
  'refused',
  'broken',
  'page',
  'failure',
  'unreadable',
  'slow',
  'reset',
  'moved',
  'split',
  'long',
  'echo',
  'number',
] as const;

export type Conduct = (typeof CONDUCTS)[number];

/** What tells the peer who calls, and what it knows of secrets. */
export interface PeerRules {
  /** True when it has answered: a token endpoint, a challenge. */
  answers?(request: HeardRequest, response: ServerResponse): boolean | Promise<boolean>;
  /** True when the request proves who calls. */
  admits(request: HeardRequest, message: IncomingMessage): boolean | Promise<boolean>;
  /** What it knows besides what it is told: a password, a key that both sides have. */
  readonly knows: readonly string[];
  /** What of a request is as good as a secret: a signature, a token, a cookie. */
  proofsIn(request: HeardRequest): readonly string[];
  readonly tls?: ServerOptions;
}

const LONGEST_IN_HEADER = 300;
/** Bytes of an answer that history keeps. */
const KEPT = 64 * 1024;

/**
 * The other side of a test: it checks who calls, and then tells back whatever it was told and whatever it knows, in every
 * form, with every status, and in every way in which a connection can end.
 */
export class ChattyPeer {
  url = '';
  /** Calls that proved who makes them. */
  admitted = 0;
  refused = 0;
  /** All that it could tell, as it came up. */
  readonly canaries = new Set<string>();
  readonly #rules: PeerRules;

  private constructor(rules: PeerRules) {
    this.#rules = rules;
    for (const canary of rules.knows) this.canaries.add(canary);
  }

  static async open(t: TestContext, rules: PeerRules): Promise<ChattyPeer> {
    const peer = new ChattyPeer(rules);
    const listener: RequestListener = (message, response) => void peer.#hear(message, response);
    const server = rules.tls === undefined ? createServer(listener) : createTlsServer(rules.tls, listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    peer.url = `${rules.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    return peer;
  }

  async #hear(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = message;
    const request = { method, url, headers, body: await text(message) };
    if ((await this.#rules.answers?.(request, response)) === true) return;
    // What another call was signed with is nobody's business any more: only its own is told back.
    const own = [...this.#rules.knows, ...this.#rules.proofsIn(request)];
    const known = own.length === 0 ? [] : [...own, ...derivedIn(request)];
    for (const one of known) this.canaries.add(one);
    if (!(await this.#rules.admits(request, message))) {
      this.refused += 1;
      return void response.writeHead(403).end('you are nobody');
    }
    this.admitted += 1;
    const conduct = /\/say\/(\w+)/u.exec(url)?.[1] ?? 'fine';
    this.#answer(conduct as Conduct, { request, known: [...new Set(known)] }, response);
  }

  #answer(conduct: Conduct, heard: Heard, response: ServerResponse): void {
    const { request } = heard;
    const said = saidOf(heard);
    const short = heard.known.filter(({ length }) => length <= LONGEST_IN_HEADER);
    const first = short[this.admitted % short.length] ?? 'nothing';
    const json = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (conduct) {
      case 'fine':
        return json(200, { ok: true });
      case 'refused':
        response.setHeader('www-authenticate', `Bearer error_description="${encodeURIComponent(first)}"`);
        response.setHeader(
          'x-heard',
          short.map((one) => Buffer.from(one).toString('base64')),
        );
        response.setHeader('set-cookie', `heard=${encodeURIComponent(first)}; path=/`);
        return json(401, { error: { code: first, message: said }, headers: request.headers, [first]: 1 });
      case 'broken':
        return void response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(said);
      case 'page':
        return void response.writeHead(500, { 'content-type': 'text/html' }).end(`<html><pre>${said}</pre></html>`);
      case 'failure':
        return json(200, {
          ok: false,
          error: { code: first, message: `no: ${short.join(' ')} ${said.slice(0, 9_000)}` },
        });
      case 'unreadable':
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(`no such key ${first} ${said}`);
      case 'slow':
        return void response
          .writeHead(200, { 'content-type': 'text/plain', 'x-heard': encodeURIComponent(first) })
          .write(said);
      case 'reset':
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 10 * KEPT });
        return void response.write(said, () => response.destroy());
      case 'moved':
        return void response
          .writeHead(302, {
            location: `${this.url}/landing/${encodeURIComponent(first)}?t=${encodeURIComponent(first)}`,
          })
          .end();
      case 'split':
        return sendSplit(response, first);
      case 'long':
        return void response.writeHead(500, { 'content-type': 'text/plain' }).end(acrossTheCut(short));
      case 'echo':
        return json(200, { ok: true, echo: first, all: { said: short } });
      case 'number':
        return json(200, { ok: true, number: first });
    }
  }
}

interface Heard {
  readonly request: HeardRequest;
  /** All that the peer knows that is secret. */
  readonly known: readonly string[];
}

/** The whole request, as it came and encoded, and all that is known in every form. */
function saidOf({ request, known }: Heard): string {
  const asItCame = JSON.stringify(request);
  const whole = [asItCame, encodeURIComponent(asItCame), Buffer.from(asItCame).toString('base64')];
  return [...whole, toldInEveryForm(known)].join('\n');
}

/** What maps of these tests send that they have computed from a secret. */
function derivedIn({ headers }: HeardRequest): string[] {
  const shouted = headers['x-shouted'];
  return typeof shouted === 'string' ? [Buffer.from(shouted, 'latin1').toString()] : [];
}

/** Halves of a secret in pieces that arrive apart. */
function sendSplit(response: ServerResponse, canary: string): void {
  const half = Math.floor(canary.length / 2);
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
  response.write(`it is ${canary.slice(0, half)}`);
  setTimeout(() => response.end(`${canary.slice(half)}, I think`), 60);
}

/** Long texts in which a secret lies across the place where history cuts them. */
function acrossTheCut(canaries: readonly string[]): string {
  const [canary = ''] = canaries;
  const start = KEPT - Math.ceil(Buffer.byteLength(canary) / 2);
  return `${'.'.repeat(start)}${canary}${canaries.join(' ')}`;
}
