import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Order } from './order.ts';

/** The key that orders come with, where no token does. */
export const API_KEY = 'bench-5d0fK2vQ8xW1';
/** What tokens are asked for with. */
export const CLIENT = { id: 'bench', secret: 'clientJp4nVw7Ztr2c' };

const BASIC = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
const TOKEN_LIFETIME_S = 3_600;

/** What the peer has seen since it was asked last. */
export interface CallsSeen {
  /** The id given to each order, by its reference. */
  readonly taken: ReadonlyMap<string, string>;
  /** Requests that a right caller does not make, with why. */
  readonly refused: readonly string[];
  /** Tokens that were asked for. */
  readonly tokens: number;
  /** Processor time of all threads of the process, in milliseconds. */
  readonly cpuMs: number;
}

/**
 * The other side of all calls: plain node:http, answering from memory, at once or later. It takes no order without the key or
 * a token that it gave, and none twice.
 */
export async function createCallsPeer() {
  const memory = new OrderBook();
  let delayMs = 0;
  let usedBefore = process.cpuUsage();
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse, body: string): void => {
    const { status, value } = memory.answer(incoming, body);
    const text = JSON.stringify(value);
    outgoing.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    outgoing.end(text);
  };
  const server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
    incoming.once('end', () => {
      if (delayMs === 0) answer(incoming, outgoing, body);
      else setTimeout(answer, delayMs, incoming, outgoing, body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: () => `http://127.0.0.1:${port}`,
    /** How long every answer waits from now on. */
    delay: (ms: number) => void (delayMs = ms),
    seen: (): CallsSeen => {
      const { user, system } = process.cpuUsage(usedBefore);
      usedBefore = process.cpuUsage();
      return { ...memory.told(), cpuMs: (user + system) / 1_000 };
    },
  };
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/** What the peer knows, and what it answers. */
class OrderBook {
  readonly #given = new Set<string>();
  #taken = new Map<string, string>();
  #refused: string[] = [];
  #tokens = 0;
  #count = 0;

  answer({ method, url, headers }: IncomingMessage, body: string): Answer {
    if (method !== 'POST') return this.#refuse(405, `${method ?? ''} is not known`);
    if (url === '/token') return headers.authorization === BASIC ? this.#token() : this.#refuse(401, 'not the client');
    const bearer = headers.authorization?.replace(/^Bearer /u, '') ?? '';
    if (headers['x-api-key'] !== API_KEY && !this.#given.has(bearer)) return this.#refuse(401, 'not proved');
    return this.#take(JSON.parse(body) as Partial<Order>);
  }

  told(): Omit<CallsSeen, 'cpuMs'> {
    const told = { taken: this.#taken, refused: this.#refused, tokens: this.#tokens };
    this.#taken = new Map();
    this.#refused = [];
    this.#tokens = 0;
    return told;
  }

  #token(): Answer {
    this.#tokens++;
    const token = `token-${crypto.randomUUID()}`;
    this.#given.add(token);
    return { status: 200, value: { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_S } };
  }

  #take({ reference = '', customer, product, quantity, note }: Partial<Order>): Answer {
    if (reference === '' || this.#taken.has(reference)) return this.#refuse(409, `order "${reference}" came twice`);
    const id = `PO-${++this.#count}`;
    this.#taken.set(reference, id);
    const lines = [{ position: 1, product, quantity, price: '1.20', currency: 'EUR', shipsAt: '2026-12-01' }];
    return { status: 201, value: { id, reference, customer, status: 'accepted', note, lines, total: '48.00' } };
  }

  #refuse(status: number, why: string): Answer {
    this.#refused.push(why);
    return { status, value: { error: why } };
  }
}
