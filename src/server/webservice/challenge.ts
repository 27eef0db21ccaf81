import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Challenge, IdentityStore, User } from '../../core/identity-store.ts';

/** Unguessable bytes: node:crypto's randomBytes, or a source of a test. */
export type RandomBytes = (size: number) => Uint8Array;

/** What challenges are made and judged with. */
export interface ChallengeParts {
  readonly identities: Pick<IdentityStore, 'challenges' | 'addChallenge' | 'accessKey'>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** How long a challenge can be answered. */
const CHALLENGE_LIFETIME_MS = 5 * 60_000;
/** Clients that ask at the same time get the same challenge, so that none takes another's away. */
const SHARED_MS = 60_000;
const TOKEN_BYTES = 16;
/** How far back an answer is recognised as late instead of wrong. */
const RECOGNISED_MS = 2 * 3_600_000;

/** The user's challenge of the last minute, else a new one. */
export async function issueChallenge(parts: ChallengeParts, user: User): Promise<Challenge> {
  const now = parts.clock.now();
  const [newest] = await parts.identities.challenges({ user: user.id, since: now - SHARED_MS + 1 });
  if (newest !== undefined && newest.expiresAt > now) return newest;
  const token = Buffer.from(parts.randomBytes(TOKEN_BYTES)).toString('hex');
  const challenge = { token, issuedAt: now, expiresAt: now + CHALLENGE_LIFETIME_MS };
  await parts.identities.addChallenge(user.id, challenge);
  return challenge;
}

/**
 * Judges `md5(token + access key)`, lower case hex, against the user's challenges. `expired`: right for one whose time
 * is over; `unasked`: no challenge of the user is known. Takes the same time for every wrong answer of one length.
 */
export async function judgeLogin(
  parts: ChallengeParts,
  user: User,
  given: string,
): Promise<'right' | 'expired' | 'wrong' | 'unasked'> {
  const now = parts.clock.now();
  const challenges = await parts.identities.challenges({ user: user.id, since: now - RECOGNISED_MS });
  const accessKey = await parts.identities.accessKey(user.id);
  if (challenges.length === 0) return 'unasked';
  if (accessKey === undefined) return 'wrong';
  const matching = challenges.filter(({ token }) => equalText(given, md5(token + accessKey)));
  if (matching.length === 0) return 'wrong';
  return matching.some(({ expiresAt }) => expiresAt > now) ? 'right' : 'expired';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function equalText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
