import { hash, verify } from '@node-rs/argon2';
import { MapwrightError } from '../../core/error.ts';

const SHORTEST = 12;
/** A longer one says nothing more, and hashing it costs. */
const LONGEST = 500;

/** Of argon2id (RFC 9106), memory in KiB: the least that OWASP's password storage cheat sheet recommends. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** At most so many passwords are hashed at once: each takes memory and a thread. */
const AT_ONCE = 2;
/** So many more wait for their turn, a second or two; what comes then is refused, so that a flood holds no memory. */
const MOST_WAITING = 64;

/** Throws USER_PASSWORD_INVALID when this is no password that a person should have. */
export function checkPassword(user: string, password: string): void {
  const problem = problemOf(user, password);
  if (problem === undefined) return;
  throw new MapwrightError('USER_PASSWORD_INVALID', `the password ${problem}`, {
    hint: `at least ${SHORTEST} characters; several words are easy to remember and hard to guess`,
  });
}

function problemOf(user: string, password: string): string | undefined {
  const length = [...password].length;
  if (length < SHORTEST) return `has ${length} characters`;
  if (length > LONGEST) return `has more than ${LONGEST} characters`;
  if (new Set(password).size < 4) return 'is made of too few different characters';
  if (password.toLowerCase().includes(user.toLowerCase()) && length < user.length + SHORTEST / 2) {
    return 'is little more than the name of the user';
  }
  return undefined;
}

/** The password hashed with argon2id under a salt of its own, in PHC form. Rejects with ACCESS_BUSY. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normal(password), COST));
}

/** What stands in for the hash of a user who is not there, so that nobody learns that from the time it takes. */
let nobodys: Promise<string> | undefined;

/**
 * True when the password is the one that was hashed; false, after the same time, when there is no hash. Rejects with
 * ACCESS_BUSY, as hashing does, when too many others are waited for.
 */
export async function isPassword(hashed: string | undefined, password: string): Promise<boolean> {
  // Made once and outside the turns: it must not fail because others are at work.
  nobodys ??= hash('no password of anybody', COST);
  const compared = hashed ?? (await nobodys);
  if (password.length > LONGEST * 2) return false;
  const same = await inTurn(() => verify(compared, normal(password)));
  return hashed !== undefined && same;
}

/** The same characters typed on different keyboards are the same password (RFC 8265 section 4.2). */
function normal(password: string): string {
  return password.normalize('NFC');
}

let working = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MOST_WAITING) {
    throw new MapwrightError('ACCESS_BUSY', 'too many passwords are looked at right now', {
      hint: 'try again in a few seconds',
      retryable: true,
    });
  }
  if (working >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else working += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) working -= 1;
    else next();
  }
}
