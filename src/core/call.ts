import type { Credential } from './credential.ts';
import type { FileReference } from './file-store.ts';
import type { AnswerBody } from './large-body.ts';
import type { NetworkRules } from './network.ts';

/** One outward call, ready to be sent: what it says is decided, and contains secrets in plain text. Never stored or logged. */
export interface CallRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | StreamedBody | undefined;
  /** Until the connection stands. */
  readonly connectTimeoutMs: number;
  /** From the start of the call to the last byte of the answer. */
  readonly totalTimeoutMs: number;
  /** The longest silence of the other side once the request is on its way. Undefined: only the total counts. */
  readonly readTimeoutMs?: number | undefined;
  /** Greatest size of the answer's body, after decompression. */
  readonly maxAnswerBytes: number;
  /** What proves who calls: put in when the call is made, so that nothing of it is in what is stored. */
  readonly credential?: Credential | undefined;
  /** How the call travels. */
  readonly network?: NetworkRules | undefined;
  /** Where the body of a good answer goes when it is a file; undefined: into memory. */
  readonly answerTo?: AnswerSink | undefined;
}

/** A body that is never in memory whole. */
export interface StreamedBody {
  /** In bytes; undefined when that is not known before the end. */
  readonly length: number | undefined;
  /** The same bytes each time, from the first on: a request may have to be sent again. */
  open(): AsyncIterable<Uint8Array>;
  /** What people see in the place of the bytes: `a.pdf (application/pdf, 1024 bytes)`. */
  readonly shown: string;
  /** What it is made of, where that is known: for those who write the call down for another program. */
  readonly content?: BodyContent | undefined;
}

/** A body without the bytes of its files. */
export type BodyContent =
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'parts'; readonly parts: readonly BodyPart[] };

/** One part of a multipart body; without a text it is a file. */
export interface BodyPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly text: string | undefined;
}

/** Where the body of an answer goes while it comes. */
export interface AnswerSink {
  /** Greatest size of the body, after decompression. */
  readonly maxBytes: number;
  /** False: the body of an answer with this status is read into memory, as any other. */
  accepts(status: number): boolean;
  /** Takes the body to its end; what it rejects with fails the call. Whoever gives the body up rejects in the middle of it. */
  store(head: Pick<CallAnswer, 'status' | 'headers'>, body: AsyncIterable<Uint8Array>): Promise<FileReference>;
}

/** True for a body that is given piece by piece. */
export function isStreamed(body: CallRequest['body']): body is StreamedBody {
  return typeof body === 'object' && !(body instanceof Uint8Array);
}

/**
 * Where the time of a call went, in milliseconds. A connection that was kept from an earlier call took none: its name was not
 * looked up, and nothing was connected. After redirects: the times of all hops together.
 */
export interface CallTimings {
  /** Looking up the host's name. */
  readonly dnsMs?: number | undefined;
  /** Connecting, of a proxy's part too. */
  readonly connectMs?: number | undefined;
  readonly tlsMs?: number | undefined;
  /** From the moment the request began to leave to the answer's first byte. */
  readonly firstByteMs?: number | undefined;
  /** The whole call. */
  readonly totalMs: number;
}

export interface CallAnswer {
  readonly status: number;
  /** In the order received; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty when it went into `file`. */
  readonly body: AnswerBody;
  readonly file?: FileReference | undefined;
  readonly durationMs: number;
  readonly timings?: CallTimings | undefined;
}

/** Why no whole answer came. `network`: refused, unreachable, reset, cut off; `timeout`: too slow; `refused`: not sent, for good reason; `answer`: too large or garbled. */
export interface CallFailure {
  /** CALL_REFUSED, CALL_UNREACHABLE, CALL_RESET, CALL_CUT_OFF, CALL_TIMEOUT, CALL_TLS, CALL_CERTIFICATES, CALL_PROXY, CALL_REDIRECT_LOOP, CALL_EGRESS, CALL_TOO_LARGE, CALL_GARBLED, CALL_INVALID, CALL_ABORTED */
  readonly code: string;
  readonly cause: 'network' | 'timeout' | 'refused' | 'answer' | 'aborted';
  readonly message: string;
  readonly hint: string | undefined;
  /** True when bytes of the request may have reached the other side, so what it did is in doubt. */
  readonly inDoubt: boolean;
  /** True when somebody else failed, who had to be asked before the call: it says nothing about the other side. */
  readonly isElsewhere?: boolean | undefined;
  readonly durationMs: number;
  readonly timings?: CallTimings | undefined;
  /** What had been read of the answer when it broke off. */
  readonly partial: CallAnswer | undefined;
}

export type CallOutcome =
  | { readonly kind: 'answered'; readonly answer: CallAnswer }
  | { readonly kind: 'failed'; readonly failure: CallFailure };

/** What ends a call before its time. */
export interface CallControl {
  readonly signal?: AbortSignal;
  /** Asked at the last moment before the first byte leaves: when it says no, the call is given up and nothing is sent. */
  readonly mayLeave?: () => boolean;
  /** Told every secret that the call brings up, such as a new token, before it can be seen anywhere. */
  readonly onSecret?: (secret: string) => void;
}

/** Makes calls. Never rejects: whatever goes wrong is a CallFailure. */
export interface Connector {
  send(request: CallRequest, options: CallControl): Promise<CallOutcome>;
  close(): Promise<void>;
}
