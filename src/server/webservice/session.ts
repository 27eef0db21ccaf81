import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore, User } from '../../core/identity-store.ts';
import type { RandomBytes } from './challenge.ts';

/** What sessions are opened and found with. */
export interface SessionParts {
  readonly identities: Pick<IdentityStore, 'openSession' | 'session' | 'touchSession' | 'closeSession' | 'userById'>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** A session ends this long after its last use. */
const SESSION_IDLE_MS = 1_800_000;
/** A session ends this long after it was opened. */
const SESSION_LIFE_MS = 86_400_000;
const TOUCH_EVERY_MS = 60_000;
const NAME_LENGTH = 26;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** The greatest multiple of the alphabet's length in a byte: bytes above it would favour its first letters. */
const FAIR_BYTES = 252;

/** Opens a session; gives its name, 26 unguessable characters of 0-9 and a-z. */
export async function openSession(parts: SessionParts, user: User): Promise<string> {
  let name = '';
  while (name.length < NAME_LENGTH) {
    for (const byte of parts.randomBytes(NAME_LENGTH)) {
      if (byte < FAIR_BYTES && name.length < NAME_LENGTH) name += ALPHABET[byte % ALPHABET.length] ?? '';
    }
  }
  await parts.identities.openSession({ name, user: user.id, at: parts.clock.now() });
  return name;
}

/** The user of a session. Rejects with AUTHENTICATION_REQUIRED when it is unknown or over, or its user inactive. */
export async function requireSession(parts: SessionParts, name: string | undefined): Promise<User> {
  const session = name === undefined || name === '' ? undefined : await parts.identities.session(name);
  if (name === undefined || session === undefined) throw authenticationRequired();
  const now = parts.clock.now();
  if (now - session.usedAt >= SESSION_IDLE_MS || now - session.openedAt >= SESSION_LIFE_MS) {
    await parts.identities.closeSession(name);
    throw authenticationRequired();
  }
  const user = await parts.identities.userById(session.user);
  if (user === undefined || !user.active) throw authenticationRequired();
  if (now - session.usedAt >= TOUCH_EVERY_MS) await parts.identities.touchSession(name, now);
  return user;
}

function authenticationRequired(): MapwrightError {
  return new MapwrightError('AUTHENTICATION_REQUIRED', 'Authentication required');
}
