/** One outward call, ready to be sent: what it says is decided, and contains secrets in plain text. Never stored or logged. */
export interface CallRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | undefined;
  /** Until the connection stands. */
  readonly connectTimeoutMs: number;
  /** From the start of the call to the last byte of the answer. */
  readonly totalTimeoutMs: number;
  /** Greatest size of the answer's body, after decompression. */
  readonly maxAnswerBytes: number;
}

export interface CallAnswer {
  readonly status: number;
  /** In the order received; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly durationMs: number;
}

/** Why no whole answer came. `network`: refused, unreachable, reset, cut off; `timeout`: too slow; `refused`: not sent, for good reason; `answer`: too large or garbled. */
export interface CallFailure {
  /** CALL_REFUSED, CALL_UNREACHABLE, CALL_RESET, CALL_CUT_OFF, CALL_TIMEOUT, CALL_TLS, CALL_EGRESS, CALL_TOO_LARGE, CALL_GARBLED, CALL_INVALID, CALL_ABORTED */
  readonly code: string;
  readonly cause: 'network' | 'timeout' | 'refused' | 'answer' | 'aborted';
  readonly message: string;
  readonly hint: string | undefined;
  /** True when bytes of the request may have reached the other side, so what it did is in doubt. */
  readonly inDoubt: boolean;
  readonly durationMs: number;
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
}

/** Makes calls. Never rejects: whatever goes wrong is a CallFailure. */
export interface Connector {
  send(request: CallRequest, options: CallControl): Promise<CallOutcome>;
  close(): Promise<void>;
}
