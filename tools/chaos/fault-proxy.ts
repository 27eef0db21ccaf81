import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultName } from './faults.ts';
import { traitsOf } from './faults.ts';
import { harmAnswer, harmCall } from './harm.ts';
import { type ForwardedAnswer, endSession, forwardCall } from './forwarded-call.ts';
import { type KeyArrivals, type ObservedCall, isWrite, observeCall } from './observed-calls.ts';
import { resetConnection } from './reset-connection.ts';

/** What is done to the calls that come now. */
export interface ActiveFault {
  readonly fault: FaultName;
  readonly writesOnly: boolean;
}

const LEAST_DELAY_MS = 500;
const DELAY_SPREAD_MS = 2_500;

/** Stands between A and B: passes calls on, or harms them as it is told. */
export class FaultProxy {
  /** When the calls of each step came by. */
  readonly arrivals = new Map<string, KeyArrivals>();
  /** Calls harmed, by fault. */
  readonly harmed = new Map<FaultName, number>();
  readonly #target: string;
  readonly #port: number;
  readonly #random: () => number;
  #server: Server | undefined;
  #active: ActiveFault | undefined;

  private constructor(params: { readonly target: string; readonly port: number; readonly random: () => number }) {
    this.#target = params.target;
    this.#port = params.port;
    this.#random = params.random;
  }

  /** Listens on this port of 127.0.0.1, before the install at `target`. */
  static async open(params: {
    readonly target: string;
    readonly port: number;
    readonly random: () => number;
  }): Promise<FaultProxy> {
    const proxy = new FaultProxy(params);
    await proxy.#listen();
    return proxy;
  }

  /** Calls harmed by this fault so far. */
  harmedBy(fault: FaultName): number {
    return this.harmed.get(fault) ?? 0;
  }

  async begin(active: ActiveFault): Promise<void> {
    this.#active = active;
    if (active.fault === 'refused') await this.#refuse();
  }

  /** From now on calls are passed on; those that hang are given up, as by a program that is restarted. */
  async heal(): Promise<void> {
    const healed = this.#active?.fault;
    this.#active = undefined;
    if (healed === 'hanging') this.#server?.closeAllConnections();
    if (this.#server === undefined) await this.#listen();
  }

  async close(): Promise<void> {
    await this.#stopListening();
  }

  async #listen(): Promise<void> {
    const server = createServer((call, response) => void this.#receive(call, response));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  /** Whoever calls meanwhile is refused by the system, and cannot be counted: the fault counts as one. */
  async #refuse(): Promise<void> {
    await this.#stopListening();
    this.#count('refused');
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #receive(call: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(call);
      const observed = observeCall(call.url ?? '/', body.toString());
      this.#note(observed);
      const fault = this.#faultFor(observed);
      if (fault !== undefined) this.#count(fault);
      if (fault !== undefined && !traitsOf(fault).forwards) return harmCall(fault, response, observed);
      if (fault === 'session-expired') await endSession(this.#target, observed.sessionName);
      if (fault === 'slow') await pause(LEAST_DELAY_MS + this.#random() * DELAY_SPREAD_MS);
      const { method = 'GET', url: path = '/', headers } = call;
      this.#passOn(response, await forwardCall(this.#target, { method, path, headers, body }), fault);
    } catch {
      // A was killed while it asked, or B while it answered: to the other one it is a connection that broke.
      resetConnection(response.socket);
    }
  }

  #passOn(response: ServerResponse, answer: ForwardedAnswer, fault: FaultName | undefined): void {
    if (fault !== undefined && harmAnswer(fault, response, answer)) return;
    const type = answer.headers['content-type'];
    response.writeHead(answer.status, type === undefined ? {} : { 'content-type': type });
    response.end(answer.body);
  }

  #faultFor(call: ObservedCall): FaultName | undefined {
    const active = this.#active;
    return active === undefined || (active.writesOnly && !isWrite(call)) ? undefined : active.fault;
  }

  #note({ key }: ObservedCall): void {
    if (key === undefined) return;
    const known = this.arrivals.get(key);
    this.arrivals.set(key, { count: (known?.count ?? 0) + 1, lastAt: Date.now() });
  }

  #count(fault: FaultName): void {
    this.harmed.set(fault, this.harmedBy(fault) + 1);
  }
}

async function readBody(call: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of call) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
