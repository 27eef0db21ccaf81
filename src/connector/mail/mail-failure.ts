import { messageOf } from '../../core/error.ts';
import { EgressError } from '../egress-guard.ts';
import { type FailureReason, failureOf } from '../failure.ts';
import { InvalidRequestError } from '../outgoing-request.ts';

/** How far a message had come when it failed. */
interface MailProgress {
  /** `mail.example.com:587`. */
  readonly target: string;
  readonly mayHaveSent: boolean;
}

/** The failure that an error of the mail connection stands for. */
export function mailFailure(error: unknown, { target, mayHaveSent }: MailProgress): FailureReason {
  const status = numberIn(error, 'responseCode');
  if (textIn(error, 'code') === 'EAUTH') return loginRefused(error, target);
  if (status !== undefined) return refused(error, { target, status });
  if (error instanceof EgressError || error instanceof InvalidRequestError) return plain(error, target, mayHaveSent);
  if (textIn(error, 'code') === 'ETLS') return noTls(error, target);
  // What the connection calls an error of the socket; the system's own word stands beside it.
  const original = textIn(error, 'originalCode');
  const known = original === undefined ? error : Object.assign(new Error(messageOf(error)), { code: original });
  return plain(known, target, mayHaveSent);
}

function plain(error: unknown, target: string, isSent: boolean): FailureReason {
  return failureOf(error, { target, isSent, isAnswering: false });
}

/** Codes from 400 to 499 pass by themselves; those from 500 on do not (RFC 5321 section 4.2.1). */
function refused(error: unknown, { target, status }: { target: string; status: number }): FailureReason {
  const message = `${target} said: ${messageOf(error)}`;
  if (status < 500) return { code: 'MAIL_DEFERRED', cause: 'network', message, hint: undefined };
  const hint = 'correct the addresses, or ask whoever runs the mail server';
  return { code: 'MAIL_REFUSED', cause: 'refused', message, hint };
}

function loginRefused(error: unknown, target: string): FailureReason {
  return {
    code: 'MAIL_LOGIN_REFUSED',
    cause: 'refused',
    message: `${target} refused the login: ${messageOf(error)}`,
    hint: 'the user stands in the setting smtp_url, the password in the secret smtp_password',
  };
}

function noTls(error: unknown, target: string): FailureReason {
  return {
    code: 'CALL_TLS',
    cause: 'refused',
    message: `no secure connection to ${target}: ${messageOf(error)}`,
    hint: 'a login is sent over TLS only: use smtps://, or a server that offers STARTTLS with a valid certificate',
  };
}

function numberIn(error: unknown, name: string): number | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === 'number' ? value : undefined;
}

function textIn(error: unknown, name: string): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
