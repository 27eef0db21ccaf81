import type { CallFailure } from '../core/call.ts';

/** Why a connection did not come to be, in words of our own: nothing of a request was sent. */
export class ConnectionError extends Error {
  readonly code: string;
  readonly failureCause: CallFailure['cause'];
  readonly hint: string | undefined;

  constructor(
    code: 'CALL_CERTIFICATES' | 'CALL_PROXY',
    message: string,
    more: { readonly cause: CallFailure['cause']; readonly hint?: string | undefined },
  ) {
    super(message);
    this.name = 'ConnectionError';
    this.code = code;
    this.failureCause = more.cause;
    this.hint = more.hint;
  }
}
