import { MapwrightError } from '../../core/error.ts';
import type { User } from '../../core/identity-store.ts';
import { issueChallenge, judgeLogin } from './challenge.ts';
import type { OpenCall, OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { RequestRefusal } from './request-refusal.ts';
import type { LoginAttempt } from '../throttle/login-throttle.ts';
import { openSession } from './session.ts';

/** The versions that clients of the protocol look at. */
const VERSIONS = { version: '0.22', vtigerVersion: '5.5.0' } as const;

/** `getchallenge(username)`: a token that a login has to answer; times in seconds since the epoch. */
export async function getChallenge(parts: OperationParts, call: OpenCall): Promise<OperationAnswer> {
  const username = call.parameters.text('username') ?? '';
  const user = await parts.identities.userByName(username);
  if (user === undefined) throw userUnknown(`: ${username}`);
  const { token, expiresAt } = await issueChallenge(parts, user);
  return { result: { token, serverTime: seconds(parts.clock.now()), expireTime: seconds(expiresAt) } };
}

/** `login(username, accessKey = md5(token + access key))`: opens a session. */
export async function login(parts: OperationParts, call: OpenCall): Promise<OperationAnswer> {
  const user = await parts.identities.userByName(call.parameters.text('username') ?? '');
  if (user === undefined) throw userUnknown('');
  if (!user.active) throw new MapwrightError('AUTHENTICATION_REQUIRED', 'Given user is inactive');
  const attempt = await parts.throttle.begin(user.id, call.address);
  if (attempt.waitMs > 0) throw loginThrottled(attempt.waitMs);
  await requireAccess(parts, user, { call, attempt });
  call.onUser?.(user.name);
  const sessionName = await openSession(parts, user);
  return { result: { sessionName, userId: user.id, ...VERSIONS }, openedSession: sessionName };
}

/**
 * `extendsession(sessionName)`: starts the session's idle time anew, and answers as the login did. The end of a
 * session's life does not move: a name that was seen by somebody else is void within a day.
 */
export async function extendSession(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const { sessionName, user } = call;
  await parts.identities.touchSession(sessionName, parts.clock.now());
  return { result: { sessionName, userId: user.id, ...VERSIONS } };
}

/** `logout(sessionName)`; the word is the protocol's. */
export async function logout(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  await parts.identities.closeSession(call.sessionName);
  return { result: { message: 'successfull' } };
}

async function requireAccess(
  parts: OperationParts,
  user: User,
  { call, attempt }: { readonly call: OpenCall; readonly attempt: LoginAttempt },
): Promise<void> {
  const judgement = await judgeLogin(parts, user, call.parameters.text('accessKey') ?? '');
  if (judgement === 'right') return attempt.succeeded();
  if (judgement !== 'wrong') {
    await attempt.withdrawn();
    throw new MapwrightError('INVALID_AUTH_TOKEN', 'Specified token is invalid or expired');
  }
  throw new MapwrightError('INVALID_USER_CREDENTIALS', 'Invalid username or password');
}

function userUnknown(suffix: string): MapwrightError {
  return new MapwrightError('AUTHENTICATION_REQUIRED', `Given user cannot be found${suffix}`);
}

/** 429 rather than a protocol answer, so that a client that retries waits as long as it is told. */
function loginThrottled(waitMs: number): RequestRefusal {
  const retryAfter = String(Math.ceil(waitMs / 1_000));
  return new RequestRefusal(429, 'LOGIN_THROTTLED', `Too many failed logins; try again in ${retryAfter} s`, {
    'Retry-After': retryAfter,
  });
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
