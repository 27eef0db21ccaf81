import type { CallFailure } from '../core/call.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import { ConnectionError } from './connection-error.ts';
import { EgressError } from './egress-guard.ts';
import { InvalidRequestError } from './outgoing-request.ts';

/** Why a call failed, without what only the call itself knows. */
export type FailureReason = Pick<CallFailure, 'code' | 'cause' | 'message' | 'hint'>;

/** How far a call had come when it failed. */
interface CallProgress {
  /** `example.com:443`. */
  readonly target: string;
  /** True from the moment on when the first byte of the request may have been written. */
  readonly isSent: boolean;
  /** True once the answer's status and headers were read. */
  readonly isAnswering: boolean;
}

type Kind =
  | 'refused'
  | 'unresolved'
  | 'unreachable'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'garbled'
  | 'length'
  | 'unfinished'
  | 'invalid';

/** Codes of node:net, node:dns, OpenSSL and undici; those of a family are told by their beginning. */
const KINDS: readonly (readonly [code: RegExp, kind: Kind])[] = [
  [/^ECONNREFUSED$/u, 'refused'],
  [/^(?:ENOTFOUND|EAI_.*|ENODATA|ESERVFAIL|EREFUSED)$/u, 'unresolved'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN|EACCES|EPERM|EINVAL)$/u, 'unreachable'],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/u, 'reset'],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/u, 'timeout'],
  [/^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|UNABLE_TO_|INVALID_|HOSTNAME_MISMATCH)/u, 'tls'],
  [/SELF_SIGNED|PATH_LENGTH_EXCEEDED/u, 'tls'],
  [/^UND_ERR_HEADERS_OVERFLOW$/u, 'garbled'],
  [/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/u, 'length'],
  [/^(?:UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED)$/u, 'invalid'],
];

/** The failure that an error of undici, node or this room stands for; an error nobody knows is a broken connection. */
export function failureOf(error: unknown, progress: CallProgress): FailureReason {
  if (error instanceof EgressError) return egressFailure(error);
  if (error instanceof ConnectionError) {
    return { code: error.code, cause: error.failureCause, message: error.message, hint: error.hint };
  }
  if (error instanceof InvalidRequestError) return invalidFailure(error.message, error.hint);
  // What was to be sent could not be read: a file that is gone, a database that does not answer.
  if (error instanceof MapwrightError) {
    return {
      code: error.code,
      cause: error.retryable ? 'network' : 'refused',
      message: error.message,
      hint: error.hint,
    };
  }
  const code = codeOf(error);
  const kind = parserKind(error) ?? KINDS.find(([pattern]) => pattern.test(code))?.[1];
  return failureOfKind(kind ?? (progress.isSent ? 'reset' : 'unreachable'), error, progress);
}

function failureOfKind(kind: Kind, error: unknown, progress: CallProgress): FailureReason {
  const { target, isAnswering } = progress;
  switch (kind) {
    case 'refused':
      return network(
        'CALL_REFUSED',
        `${target} refused the connection`,
        'see whether the other side runs and listens there',
      );
    case 'unresolved':
      return network(
        'CALL_UNREACHABLE',
        `the host of ${target} is not known`,
        'see whether the name is spelled right and DNS works here',
      );
    case 'unreachable':
      return network('CALL_UNREACHABLE', `${target} cannot be reached: ${detailOf(error)}`, undefined);
    case 'timeout':
      return timeoutFailure(`the network gave up on reaching ${target}`);
    case 'tls':
      return tlsFailure(error, target);
    case 'reset':
      // undici's own words for an answer that breaks the protocol: an unasked 100 or 101.
      if (/^bad (?:response|upgrade)$/u.test(messageOf(error)))
        return garbledFailure(`${target} answered with a status nobody asked for`);
      return isAnswering ? cutOffFailure(target) : resetFailure(target);
    case 'length':
    case 'unfinished':
      return isAnswering ? cutOffFailure(target) : garbledFailure(`what ${target} answered is not HTTP`);
    case 'garbled':
      return garbledFailure(`what ${target} answered is not HTTP: ${messageOf(error)}`);
    case 'invalid':
      return invalidFailure(messageOf(error));
  }
}

/** Too slow, to connect or to answer. */
export function timeoutFailure(message: string): FailureReason {
  return { code: 'CALL_TIMEOUT', cause: 'timeout', message, hint: undefined };
}

/** The caller gave the call up, or the connector was closed. */
export function abortedFailure(message: string): FailureReason {
  return { code: 'CALL_ABORTED', cause: 'aborted', message, hint: undefined };
}

/** More bytes than the call allows, before or after decompression. */
export function tooLargeFailure(target: string, maxBytes: number): FailureReason {
  const message = `the answer of ${target} is larger than ${maxBytes} bytes`;
  return { code: 'CALL_TOO_LARGE', cause: 'answer', message, hint: undefined };
}

/** An answer that is not what it claims to be. */
export function garbledFailure(message: string): FailureReason {
  return { code: 'CALL_GARBLED', cause: 'answer', message, hint: undefined };
}

/** An answer that ended before its end. */
export function cutOffFailure(target: string): FailureReason {
  return network('CALL_CUT_OFF', `the answer of ${target} broke off`, undefined);
}

function resetFailure(target: string): FailureReason {
  return network('CALL_RESET', `${target} closed the connection without an answer`, undefined);
}

function network(code: string, message: string, hint: string | undefined): FailureReason {
  return { code, cause: 'network', message, hint };
}

function egressFailure(error: EgressError): FailureReason {
  return { code: 'CALL_EGRESS', cause: 'refused', message: error.message, hint: error.hint };
}

function invalidFailure(message: string, hint?: string): FailureReason {
  return { code: 'CALL_INVALID', cause: 'refused', message, hint };
}

/** What to do about codes of OpenSSL and of node:tls. */
const TLS_HINTS: readonly (readonly [code: RegExp, hint: string])[] = [
  [
    /_ALERT_(?:CERTIFICATE_|BAD_CERT|UNKNOWN_CA|ACCESS_DENIED)/u,
    'it wants a client certificate that it trusts: name a credential of kind client-certificate in the service',
  ],
  [
    /_ALERT_HANDSHAKE_FAILURE/u,
    'it may want a client certificate: name a credential of kind client-certificate in the service; or no cipher is known to both sides',
  ],
  [/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION/u, 'it speaks no version of TLS that is new enough for this service'],
  [/SSL_WRONG_VERSION|EPROTO|PACKET_LENGTH/u, 'the other side may speak plain http there'],
  [
    /SELF_SIGNED|UNABLE_TO_/u,
    'give the authority\'s certificate to the service, <network authority="{setting.company_ca}"/>, or have the other side send its whole chain',
  ],
  [/EXPIRED/u, 'the other side has to renew its certificate; see also whether the clock is right here'],
  [/ALTNAME|HOSTNAME/u, 'call it by a name that its certificate holds'],
];

function tlsFailure(error: unknown, target: string): FailureReason {
  const code = codeOf(error);
  const hint = TLS_HINTS.find(([pattern]) => pattern.test(code))?.[1];
  return {
    code: 'CALL_TLS',
    cause: 'refused',
    message: `no secure connection to ${target}: ${detailOf(error)}`,
    hint,
  };
}

/** undici's parser errors carry no code (8.12): the parser's reason stands in the message. */
function parserKind(error: unknown): Kind | undefined {
  if (!(error instanceof Error && error.name === 'HTTPParserError')) return undefined;
  return error.message.includes('Invalid EOF state') ? 'unfinished' : 'garbled';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** When several addresses were tried in vain, what the first of them said. */
function detailOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  // OpenSSL's message names its own source files; the reason is what it says.
  const reason = first instanceof Error && 'reason' in first ? first.reason : undefined;
  return typeof reason === 'string' && reason !== '' ? reason : messageOf(first);
}
