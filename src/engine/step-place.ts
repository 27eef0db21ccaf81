import { commitFinally } from './commit.ts';
import type { ReleasePlace } from './destination-limits.ts';
import type { RunState } from './run-state.ts';

const PLACE_WAIT_MS = 250;
/** A wait for a place ends by itself after this long, should the word that one came free be lost. */
const PLACE_FALLBACK_MS = 10_000;

/** A place at a destination; undefined after the run was put to wait for one. */
export async function acquirePlace(
  state: RunState,
  { task, key, places }: { readonly task: string; readonly key: string; readonly places: number },
): Promise<ReleasePlace | undefined> {
  const { engine } = state;
  const goesFirst = state.progress.reachedAt > 0 || state.lease.run.wait?.for === 'limit';
  const place = await engine.limits.acquire({ key, places, waitMs: PLACE_WAIT_MS, goesFirst });
  if (place !== undefined) return place;
  const now = engine.clock.now();
  const reason = `${task}: all ${places} places at ${key} are taken`;
  const until = now + Math.round(PLACE_FALLBACK_MS * (0.75 + engine.random.next() / 2));
  await commitFinally(state, { kind: 'wait', wait: { for: 'limit', reason, since: now, until, key } });
  engine.limits.parked(key);
  if (engine.limits.used(key) < places) {
    // The place came free before the wait was committed: nobody else would tell this run.
    await engine.dispatcher.kick((await engine.journal.release({ key, limit: 1, now })).map((run) => ({ run })));
  }
  return undefined;
}
