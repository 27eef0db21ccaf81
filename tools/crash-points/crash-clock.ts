import type { Clock } from '../../src/core/clock.ts';

/** Right before a full hour, at which schedules fire. */
const BEGINNING = Date.parse('2030-03-04T09:59:59.300Z');
/** Longer than any lease, and than a node waits for what another one has begun: whatever the last life held is free. */
const PAUSE_MS = 20 * 60_000;

/** Within the same hour, so that no slot comes between. */
const MADE_READY_BEFORE_MS = 50 * 60_000;

/** The time at which an install is made ready: nothing is due between that and its first life. */
export function clockOfMaking(): Clock {
  return clockFrom(BEGINNING - MADE_READY_BEFORE_MS);
}

/** The clock of the first life of an install, and of those that follow it after a pause. Each begins when it is asked for. */
export function clockOfLife(life: number): Clock {
  return clockFrom(BEGINNING + life * PAUSE_MS);
}

function clockFrom(beginning: number): Clock {
  const startedAt = performance.now();
  return { now: () => Math.floor(beginning + performance.now() - startedAt) };
}
