import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';

/** One request as the peer got it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** How the peer answers one request: a status, a whole answer, or anything at all. */
export type Reply =
  | number
  | { readonly status: number; readonly headers?: Record<string, string | string[]>; readonly body?: unknown }
  | ((response: ServerResponse, request: ScriptedRequest) => void);

/** Answers nothing and keeps the connection. */
export const silence: Reply = () => {};
/** Takes the request and breaks the connection. */
export const cut: Reply = (response) => void response.socket?.destroy();

/** A server that answers each path as it was told, one reply after another; the last one stays. */
export class ScriptedPeer {
  url = '';
  readonly requests: ScriptedRequest[] = [];
  readonly #replies = new Map<string, Reply[]>();

  static async open(t: TestContext): Promise<ScriptedPeer> {
    const peer = new ScriptedPeer();
    const server = createServer(async (incoming, response) => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body: await text(incoming) };
      peer.requests.push(request);
      peer.#answer(request, response);
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

  /** From now on requests for the path get these, in order. */
  reply(path: string, ...replies: Reply[]): void {
    this.#replies.set(path, replies);
  }

  of(path: string): ScriptedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  #answer(request: ScriptedRequest, response: ServerResponse): void {
    const replies = this.#replies.get(request.path) ?? [200];
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? 200;
    if (typeof reply === 'function') return reply(response, request);
    const { status, headers = {}, body = { ok: true } } = typeof reply === 'number' ? { status: reply } : reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** A module of orders. */
export const ORDERS = nativeDocument(
  'module',
  'name="Orders" prefix="60" title="order_no"',
  `<field name="order_no" type="string" length="40" mandatory="true"/><field name="remote" type="string" length="200"/>
   <field name="note" type="text"/><field name="assigned_user_id" type="owner"/>`,
);

/** The shop: a service at the peer, with more inside. */
export function shop(peer: { readonly url: string }, inside = '', attributes = ''): SourceFile {
  return nativeDocument('service', `name="shop" url="${peer.url}" ${attributes}`, inside);
}

/** A workflow that is started by each new order. */
export function onCreate(tasks: string, name = 'send'): SourceFile {
  return nativeDocument('workflow', `name="${name}" module="Orders"`, `<trigger on="create"/><tasks>${tasks}</tasks>`);
}
