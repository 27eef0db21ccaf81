import { setImmediate as nextTurn } from 'node:timers/promises';

/** A description of some megabytes takes seconds to read; saves and other runs wait no longer than this at a time. */
const SLICE_MS = 5;

/** Does work that stops after each small piece, and lets everything else that waits go first every few milliseconds. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + SLICE_MS;
  }
}
