import type { CallAnswer, CallFailure } from '../../core/call.ts';
import { type Credential, NOT_CONNECTED } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';

type Failure = Omit<CallFailure, 'inDoubt' | 'durationMs'>;

/** Why no token could be had, as the failure of the call that needed it: nothing was sent, so nothing is in doubt. */
export class TokenError extends MapwrightError {
  readonly failure: Failure;
  /** True when asking again as it stands is in vain: the provider said no. */
  readonly isRefusal: boolean;
  /** What is remembered of it. */
  readonly words: string;

  constructor(failure: Failure, { isRefusal = false, words = failure.message }: Remembered = {}) {
    const retryable = failure.cause === 'network' || failure.cause === 'timeout' || failure.code === STATUS_CODE;
    super(failure.code, failure.message, { retryable, ...(failure.hint === undefined ? {} : { hint: failure.hint }) });
    this.failure = { ...failure, isElsewhere: true };
    this.isRefusal = isRefusal;
    this.words = words;
  }

  /** The same with dots, as `redact` makes them. */
  masked(redact: (text: string) => string): TokenError {
    const failure = { ...this.failure, message: redact(this.message) };
    return new TokenError(failure, { isRefusal: this.isRefusal, words: redact(this.words) });
  }
}

interface Remembered {
  readonly isRefusal?: boolean;
  readonly words?: string;
}

const STATUS_CODE = 'CREDENTIAL_TOKEN_STATUS';

/** Who was asked for a token of what. */
export interface Asked {
  /** The credential's name. */
  readonly credential: string;
  /** The address that was asked. */
  readonly url: string;
}

/** The provider said no; `words` are its own. */
export function refusal({ credential, url }: Asked, words: string): TokenError {
  return new TokenError(
    {
      code: 'CREDENTIAL_REFUSED',
      cause: 'refused',
      message: `${hostOf(url)} gives no token for credential "${credential}": ${words}`,
      hint: 'correct the credential, its secrets or what the other side knows of them',
      partial: undefined,
    },
    { isRefusal: true, words: `${hostOf(url)}: ${words}` },
  );
}

/** The provider could not be asked, or broke off. */
export function unreached({ credential, url }: Asked, failure: CallFailure): TokenError {
  const { code, cause, hint } = failure;
  const message = `no token for credential "${credential}" from ${hostOf(url)}: ${failure.message}`;
  return new TokenError({ code, cause, message, hint, partial: undefined });
}

/** The provider is there and cannot answer now: 429 or 5xx. */
export function unavailable({ credential, url }: Asked, answer: CallAnswer): TokenError {
  return new TokenError({
    code: STATUS_CODE,
    cause: 'answer',
    message: `${hostOf(url)} gives no token for credential "${credential}": it answered status ${answer.status}`,
    hint: undefined,
    // What it says more is about the token, not about the call.
    partial: { ...answer, headers: answer.headers.filter(([name]) => name === 'retry-after'), body: new Uint8Array() },
  });
}

/** An answer that holds no token. */
export function noToken({ credential, url }: Asked, why: string): TokenError {
  return new TokenError({
    code: 'CREDENTIAL_TOKEN_INVALID',
    cause: 'refused',
    message: `the answer of ${hostOf(url)} for credential "${credential}" holds no token: ${why}`,
    hint: 'see whether the credential names the right address',
    partial: undefined,
  });
}

/** Nobody has signed in yet, or what was given then no longer counts, as `why` says. */
export function notConnected(
  { name, subject, subjectName }: Pick<Credential, 'name' | 'subject' | 'subjectName'>,
  why?: string,
): TokenError {
  const who = subject === '' ? 'an administrator' : (subjectName ?? subject);
  const message =
    why === undefined
      ? `${who} has not connected credential "${name}"`
      : `${who} has to connect credential "${name}" again: ${why}`;
  const hint = `connect it: mapwright credential connect ${name}${subject === '' ? '' : ' --user NAME'}`;
  const failure = { code: NOT_CONNECTED, cause: 'refused' as const, message, hint, partial: undefined };
  return new TokenError(failure, { isRefusal: true, words: why ?? message });
}

/** No token came in the time of the call. */
export function tooSlow(credential: string, waitedMs: number): TokenError {
  return new TokenError({
    code: 'CALL_TIMEOUT',
    cause: 'timeout',
    message: `no token for credential "${credential}" within ${waitedMs} ms`,
    hint: undefined,
    partial: undefined,
  });
}

/** The call was given up while it waited for a token. */
export function givenUp(): TokenError {
  return new TokenError({
    code: 'CALL_ABORTED',
    cause: 'aborted',
    message: 'given up while a token was waited for',
    hint: undefined,
    partial: undefined,
  });
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}
