import type { Dispatcher } from 'undici';
import type { CallAnswer, CallControl, CallOutcome, CallRequest } from '../core/call.ts';
import type { Clock } from '../core/clock.ts';
import { BoundedBody } from './bounded-body.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { decodeBody, isCoded } from './content-coding.ts';
import { refuseEgress, type EgressPolicy } from './egress-guard.ts';
import {
  abortedFailure,
  cutOffFailure,
  failureOf,
  garbledFailure,
  timeoutFailure,
  tooLargeFailure,
  type FailureReason,
} from './failure.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** What one call is made of. */
interface HttpCallParams {
  readonly request: CallRequest;
  readonly outgoing: OutgoingRequest;
  readonly pool: ConnectionPool;
  readonly egress: () => EgressPolicy;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly control: CallControl;
}

interface AnswerHead {
  readonly status: number;
  readonly headers: CallAnswer['headers'];
}

/** The longest delay that setTimeout keeps to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One call from its first timer to its last: whatever happens settles it exactly once, and leaves no timer, listener or socket. */
export class HttpCall implements Dispatcher.DispatchHandler {
  readonly #params: HttpCallParams;
  readonly #target: string;
  readonly #body: BoundedBody;
  readonly #settled = Promise.withResolvers<CallOutcome>();
  readonly #onAbort = (): void => this.abort('the call was given up');
  #isSettled = false;
  #isSent = false;
  #head: AnswerHead | undefined;
  #connection: Connection | undefined;
  #leaveQueue: (() => void) | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  #totalTimer: NodeJS.Timeout | undefined;

  constructor(params: HttpCallParams) {
    this.#params = params;
    this.#target = `${params.outgoing.host}:${params.outgoing.port}`;
    this.#body = new BoundedBody(params.request.maxAnswerBytes);
  }

  /** Makes the call; never rejects. */
  run(): Promise<CallOutcome> {
    const { request, pool, control } = this.#params;
    const { signal } = control;
    const { connectTimeoutMs, totalTimeoutMs } = request;
    if (signal?.aborted === true) {
      this.#onAbort();
      return this.#settled.promise;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#totalTimer = this.#limit(totalTimeoutMs, `${this.#target} took longer than ${totalTimeoutMs} ms`);
    this.#connectTimer = this.#limit(
      connectTimeoutMs,
      `no connection to ${this.#target} within ${connectTimeoutMs} ms`,
    );
    const leaveQueue = pool.take((connection) => this.#send(connection));
    this.#leaveQueue = leaveQueue;
    return this.#settled.promise;
  }

  /** Ends the call now; nothing when it is over. */
  abort(reason: string): void {
    this.#fail(abortedFailure(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#params.control.mayLeave?.() === false) this.#onAbort();
    if (this.#isSettled) {
      controller.abort(new Error('the call is over'));
      return;
    }
    this.#isSent = true;
    clearTimeout(this.#connectTimer);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isSettled || status < 200) return;
    this.#head = { status, headers: readHeaders(controller.rawHeaders) };
    if (this.#declaredLength(status) > this.#params.request.maxAnswerBytes) this.#failTooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (!this.#isSettled && !this.#body.add(chunk)) this.#failTooLarge();
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    if (this.#isSettled || connection === undefined || this.#head === undefined) return;
    // undici takes a reset for the end of a body that has no other end.
    if (connection.wasReset) return this.#fail(cutOffFailure(this.#target));
    // undici still counts this request as running while it tells its end.
    queueMicrotask(() => this.#params.pool.give(connection));
    void this.#answer(this.#head);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isSettled) return;
    const progress = { target: this.#target, isSent: this.#isSent, isAnswering: this.#head !== undefined };
    this.#fail(failureOf(error, progress));
  }

  #limit(ms: number, message: string): NodeJS.Timeout {
    return setTimeout(() => this.#fail(timeoutFailure(message)), Math.min(Math.max(0, ms), MAX_TIMER_MS));
  }

  #send(connection: Connection): void {
    this.#connection = connection;
    const { outgoing, egress } = this.#params;
    const { method, path, headers, body, host, port } = outgoing;
    const { remoteAddress } = connection;
    // The policy may have become stricter since this connection was opened.
    const refusal = remoteAddress && refuseEgress({ host, port, addresses: [remoteAddress] }, egress());
    if (refusal) this.onResponseError(null, refusal);
    else connection.dispatch({ method, path, headers: [...headers], body }, this);
  }

  async #answer({ status, headers }: AnswerHead): Promise<void> {
    const contentEncoding = headerValue(headers, 'content-encoding');
    const bytes = this.#body.bytes();
    const limit = this.#params.request.maxAnswerBytes;
    if (!isCoded(contentEncoding)) return this.#succeed({ status, headers, body: bytes });
    const decoded = await decodeBody({ bytes, contentEncoding, limit });
    if (decoded.kind === 'decoded') this.#succeed({ status, headers, body: decoded.bytes });
    else if (decoded.kind === 'garbled') this.#fail(garbledFailure(decoded.message));
    else this.#failTooLarge();
  }

  /** The length that the head declares; 0 for answers that have no body whatever it declares. */
  #declaredLength(status: number): number {
    if (this.#params.outgoing.method === 'HEAD' || status === 204 || status === 304) return 0;
    return Number(headerValue(this.#head?.headers ?? [], 'content-length') ?? 0);
  }

  #failTooLarge(): void {
    this.#fail(tooLargeFailure(this.#target, this.#params.request.maxAnswerBytes));
  }

  #fail(reason: FailureReason): void {
    if (this.#isSettled) return;
    const durationMs = this.#durationMs();
    const partial = this.#head && { ...this.#head, body: this.#body.bytes(), durationMs };
    this.#settle({ kind: 'failed', failure: { ...reason, inDoubt: this.#isSent, durationMs, partial } });
    this.#leaveQueue?.();
    if (this.#connection !== undefined) this.#params.pool.drop(this.#connection);
  }

  #succeed(answer: Omit<CallAnswer, 'durationMs'>): void {
    if (!this.#isSettled) this.#settle({ kind: 'answered', answer: { ...answer, durationMs: this.#durationMs() } });
  }

  #settle(outcome: CallOutcome): void {
    this.#isSettled = true;
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#connectTimer);
    this.#params.control.signal?.removeEventListener('abort', this.#onAbort);
    this.#settled.resolve(outcome);
  }

  #durationMs(): number {
    return this.#params.clock.now() - this.#params.startedAt;
  }
}

function headerValue(headers: CallAnswer['headers'], wanted: string): string | undefined {
  const values = headers.filter(([name]) => name === wanted).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

function readHeaders(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  const texts = Array.isArray(raw) ? raw.map((part) => (typeof part === 'string' ? part : headerText(part))) : [];
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) {
    headers.push([(texts[index] ?? '').toLowerCase(), texts[index + 1] ?? '']);
  }
  return headers;
}

/** Senders mean UTF-8 or ISO 8859-1 by bytes beyond ASCII (RFC 9110 section 5.5 leaves them opaque). */
function headerText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\u{fffd}') ? bytes.toString('latin1') : text;
}
