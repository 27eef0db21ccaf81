import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything takes on a machine with ten times the work that it can do. */
const DEADLINE_MS = 90_000;
const POLL_MS = 15;

/** Asks again and again until there is an answer; fails, with what was seen last, when none comes. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) assert.fail(`never came: ${what}`);
    await pause(POLL_MS);
  }
}
