import { setTimeout as pause } from 'node:timers/promises';
import { givenUp, tooSlow } from './token-error.ts';

/** How long somebody waits for a token. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly limitMs: number;
  /** For the message. */
  readonly credential: string;
}

/** Resolves after the time; keeps no process alive. */
export async function patient(ms: number): Promise<void> {
  await pause(ms, undefined, { ref: false });
}

/** What the promise gives, unless it takes too long or is given up: rejects with a TokenError then. Others wait on. */
export async function within<T>(promise: Promise<T>, { signal, limitMs, credential }: Waiting): Promise<T> {
  const given = new AbortController();
  const stop = signal === undefined ? given.signal : AbortSignal.any([signal, given.signal]);
  const limit = pause(limitMs, undefined, { signal: stop }).then(
    () => {
      throw tooSlow(credential, limitMs);
    },
    () => {
      throw givenUp();
    },
  );
  // Once the promise has settled nobody listens to the limit any more.
  limit.catch(() => undefined);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    given.abort();
  }
}
