import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type {
  AnswerSink,
  CallAnswer,
  CallControl,
  CallOutcome,
  CallRequest,
  CallTimings,
  StreamedBody,
} from '../core/call.ts';
import type { Clock } from '../core/clock.ts';
import { wholeBody } from '../core/large-body.ts';
import { AnswerStream, fileTooLarge } from './answer-stream.ts';
import { BoundedBody } from './bounded-body.ts';
import type { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { SetupTimes } from './connection-socket.ts';
import { proxyRefusal } from './connection-tunnel.ts';
import type { ProxyRoute } from './connection-route.ts';
import { decodeBody, isCoded } from './content-coding.ts';
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
  /** The proxy that answers in the other side's place when it refuses; undefined when none can. */
  readonly plainProxy: ProxyRoute | undefined;
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
  /** True while pieces of the request's body are still to come. */
  #isLeaving = false;
  /** True when the answer comes by HTTP/2, which gives pieces of what it goes on reading. */
  #isHttp2 = false;
  /** What is being unpacked: other threads look at it, also when this call has failed meanwhile, so nobody may free it. */
  #packed: Uint8Array | undefined;
  #stream: AnswerStream | undefined;
  #head: AnswerHead | undefined;
  #connection: Connection | undefined;
  #leaveQueue: (() => void) | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  #totalTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  #setup: SetupTimes = {};
  #sentAt: number | undefined;
  #firstByteMs: number | undefined;

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
    this.#sentAt = this.#params.clock.now();
    this.#setup = this.#connection?.takeTimes() ?? {};
    clearTimeout(this.#connectTimer);
    this.#watchSilence();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isSettled) return;
    this.#silenceTimer?.refresh();
    if (status < 200) return;
    this.#firstByteMs ??= this.#params.clock.now() - (this.#sentAt ?? this.#params.startedAt);
    this.#head = { status, headers: readHeaders(controller.rawHeaders) };
    this.#isHttp2 = !Array.isArray(controller.rawHeaders);
    const { plainProxy } = this.#params;
    // Nobody but a proxy says 407 (RFC 9110 section 15.5.8), and it passed nothing on.
    if (status === 407 && plainProxy !== undefined) {
      this.#isSent = false;
      return this.onResponseError(null, proxyRefusal(plainProxy, status));
    }
    const { answerTo: sink, maxAnswerBytes } = this.#params.request;
    const isFile = sink?.accepts(status) === true && this.#params.outgoing.method !== 'HEAD';
    if (this.#declaredLength(status) > (isFile ? sink.maxBytes : maxAnswerBytes)) this.#failTooLarge();
    else if (isFile) this.#storeBody(controller, this.#head, sink);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#silenceTimer?.refresh();
    if (this.#isSettled) return;
    if (this.#stream !== undefined) this.#stream.add(chunk);
    else if (!this.#body.add(chunk, this.#isHttp2)) this.#failTooLarge();
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    if (this.#isSettled || connection === undefined || this.#head === undefined) return;
    // undici takes a reset for the end of a body that has no other end.
    if (connection.wasReset) return this.#fail(cutOffFailure(this.#target));
    // Others may use it from now on: a time limit that ends this call while it still reads the answer must not close it.
    this.#connection = undefined;
    // undici still counts this request as running while it tells its end.
    queueMicrotask(() => this.#params.pool.give(connection));
    clearTimeout(this.#silenceTimer);
    if (this.#stream === undefined) void this.#answer(this.#head);
    else this.#stream.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, told: Error): void {
    if (this.#isSettled) return;
    const error = this.#connection?.tlsAlert ?? told;
    const progress = { target: this.#target, isSent: this.#isSent, isAnswering: this.#head !== undefined };
    // It would not even shake hands with us, and tells so after our first bytes (RFC 8446 section 4.4.2.4).
    if (isHandshakeRefusal(error)) this.#isSent = false;
    this.#fail(failureOf(error, progress));
  }

  #limit(ms: number, message: string): NodeJS.Timeout {
    return setTimeout(() => this.#fail(timeoutFailure(message)), Math.min(Math.max(0, ms), MAX_TIMER_MS));
  }

  #watchSilence(): void {
    const { readTimeoutMs } = this.#params.request;
    if (readTimeoutMs === undefined) return;
    const message = `${this.#target} was silent for ${readTimeoutMs} ms`;
    this.#silenceTimer = setTimeout(
      () => {
        // As long as the request is still leaving, the other side need not say anything.
        const isBusy = this.#isLeaving || this.#connection?.isSending === true;
        if ((this.#head === undefined && isBusy) || this.#stream?.isHeldBack === true) this.#watchSilence();
        else this.#fail(timeoutFailure(message));
      },
      Math.min(Math.max(0, readTimeoutMs), MAX_TIMER_MS),
    );
  }

  #send(connection: Connection): void {
    this.#connection = connection;
    const refusal = connection.refusal();
    if (refusal) this.onResponseError(null, refusal);
    else connection.dispatch({ ...this.#params.outgoing, body: this.#leavingBody() }, this);
  }

  #leavingBody(): Uint8Array | Readable | null {
    const { body } = this.#params.outgoing;
    if (body === null || body instanceof Uint8Array) return body;
    // What reading it fails with ends the call; when that is over, nobody listens any more.
    return Readable.from(this.#leave(body), { objectMode: false }).on('error', () => undefined);
  }

  async *#leave(body: StreamedBody): AsyncGenerator<Uint8Array, void> {
    this.#isLeaving = true;
    try {
      yield* body.open();
    } finally {
      this.#isLeaving = false;
    }
  }

  /** The body goes where the request wants files to go; settles the call when it has. */
  #storeBody(controller: Dispatcher.DispatchController, head: AnswerHead, sink: AnswerSink): void {
    const contentEncoding = headerValue(head.headers, 'content-encoding');
    const stream = new AnswerStream({ sink, head, contentEncoding, flow: controller, target: this.#target });
    this.#stream = stream;
    void stream.result.then((result) => {
      if (result.kind === 'failed') this.#fail(result.reason);
      else this.#succeed({ ...head, body: new Uint8Array(), file: result.file });
    });
  }

  async #answer({ status, headers }: AnswerHead): Promise<void> {
    const contentEncoding = headerValue(headers, 'content-encoding');
    const limit = this.#params.request.maxAnswerBytes;
    if (!isCoded(contentEncoding)) return this.#succeed({ status, headers, body: this.#body.take() });
    // undici has not done yet with the piece that it gave last.
    await Promise.resolve();
    if (this.#isSettled) return;
    const bytes = wholeBody(this.#body.take());
    this.#packed = bytes;
    const decoded = await decodeBody({ bytes, contentEncoding, limit });
    if (decoded.kind === 'decoded') this.#succeed({ status, headers, body: decoded.body });
    else if (decoded.kind === 'garbled') this.#fail(garbledFailure(decoded.message));
    else this.#failTooLarge();
  }

  /** The length that the head declares; 0 for answers that have no body whatever it declares. */
  #declaredLength(status: number): number {
    if (this.#params.outgoing.method === 'HEAD' || status === 204 || status === 304) return 0;
    return Number(headerValue(this.#head?.headers ?? [], 'content-length') ?? 0);
  }

  #failTooLarge(): void {
    const { answerTo, maxAnswerBytes } = this.#params.request;
    const isFile = answerTo?.accepts(this.#head?.status ?? 0) === true;
    this.#fail(isFile ? fileTooLarge(this.#target, answerTo.maxBytes) : tooLargeFailure(this.#target, maxAnswerBytes));
  }

  #fail(reason: FailureReason): void {
    if (this.#isSettled) return;
    const durationMs = this.#durationMs();
    const partial = this.#head && { ...this.#head, body: this.#packed ?? this.#body.take(), durationMs };
    if (this.#sentAt === undefined) this.#setup = this.#connection?.takeTimes() ?? {};
    const timings = this.#timings(durationMs);
    this.#settle({ kind: 'failed', failure: { ...reason, inDoubt: this.#isSent, durationMs, timings, partial } });
    this.#leaveQueue?.();
    this.#stream?.giveUp();
    if (this.#connection !== undefined) this.#params.pool.drop(this.#connection);
  }

  #succeed(answer: Omit<CallAnswer, 'durationMs'>): void {
    if (this.#isSettled) return;
    const durationMs = this.#durationMs();
    this.#settle({ kind: 'answered', answer: { ...answer, durationMs, timings: this.#timings(durationMs) } });
  }

  #timings(totalMs: number): CallTimings {
    return { ...this.#setup, ...(this.#firstByteMs === undefined ? {} : { firstByteMs: this.#firstByteMs }), totalMs };
  }

  #settle(outcome: CallOutcome): void {
    this.#isSettled = true;
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#silenceTimer);
    this.#params.control.signal?.removeEventListener('abort', this.#onAbort);
    this.#settled.resolve(outcome);
  }

  #durationMs(): number {
    return this.#params.clock.now() - this.#params.startedAt;
  }
}

function headerValue(headers: CallAnswer['headers'], wanted: string): string | undefined {
  let found: string | undefined;
  for (const [name, value] of headers) {
    if (name === wanted) found = found === undefined ? value : `${found}, ${value}`;
  }
  return found;
}

function readHeaders(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  if (!Array.isArray(raw)) return listedHeaders(raw ?? {});
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.push([partText(raw[index]).toLowerCase(), partText(raw[index + 1])]);
  }
  return headers;
}

function partText(part: Buffer | string = ''): string {
  return typeof part === 'string' ? part : headerText(part);
}

/** HTTP/2's come as an object, whose texts have each byte as one character. */
function listedHeaders(raw: Readonly<Record<string, string | readonly string[] | undefined>>): [string, string][] {
  return Object.entries(raw).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name.toLowerCase(), headerText(Buffer.from(one, 'latin1'))]),
  );
}

/** Alerts of a side that wanted to see a certificate, or another one. */
function isHandshakeRefusal(error: Error): boolean {
  return 'code' in error && /_ALERT_(?:CERTIFICATE_|BAD_CERT|UNKNOWN_CA|ACCESS_DENIED)/u.test(String(error.code));
}

/** Senders mean UTF-8 or ISO 8859-1 by bytes beyond ASCII (RFC 9110 section 5.5 leaves them opaque). */
function headerText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\u{fffd}') ? bytes.toString('latin1') : text;
}
