import { MapwrightError, messageOf } from '../../core/error.ts';
import { inStreak, type ScheduleState, type SlotOutcome, type SlotWork } from '../../core/schedule.ts';
import { changeSchedule, type ScheduleParts } from './schedule-parts.ts';
import { type AcceptedPage, acceptPage } from './slot-page.ts';

/** Others leave a slot alone for this long after its holder has last said that it works on it. */
const HELD_MS = 30_000;

/** How working on a slot ended: it is done; somebody else has it, or somebody paused it; or it goes on later. */
export type SlotProgress = 'done' | 'left' | 'later';

/**
 * Works on the slot that the schedule has begun, page by page, until all its runs are accepted. Where it stands is stored
 * with each page. Rejects with what comes of a database that cannot be reached: the slot goes on from there later.
 */
export async function workOnSlot(parts: ScheduleParts, name: string, isStopping: () => boolean): Promise<SlotProgress> {
  let state = await takeSlot(parts, name);
  while (state?.work !== undefined) {
    if (isStopping()) {
      await hold(parts, name, (mine) => ({ ...mine, holder: undefined }));
      return 'later';
    }
    const { work } = state;
    const catalog = parts.catalog();
    const schedule = catalog.schedules.get(name);
    // It was taken away, or this node does not know it yet: whoever keeps the list decides that.
    if (schedule === undefined) return 'left';
    let page: AcceptedPage;
    try {
      page = await acceptPage(parts, { schedule, catalog, work });
    } catch (thrown) {
      if (isPassing(thrown)) throw thrown;
      return (await fail(parts, name, thrown)) ? 'done' : 'left';
    }
    if (page.runs.length > 0) parts.onAccepted(page.runs);
    state = await noteProgress(parts, name, advanced(work, page), page.next === undefined);
    if (state !== undefined && state.work === undefined) return 'done';
  }
  return 'left';
}

/** Takes hold of the slot; undefined when another node has it, or nothing is to be done. */
function takeSlot(parts: ScheduleParts, name: string): Promise<ScheduleState | undefined> {
  const now = parts.engine.clock.now();
  return changeSchedule(parts.store, name, (state) => {
    const { work, holder } = state;
    const isOthers = holder !== undefined && holder.owner !== parts.owner && holder.until > now;
    if (work === undefined || isOthers || !mayWork(state)) return undefined;
    return { ...state, holder: { owner: parts.owner, until: now + HELD_MS } };
  });
}

/** A pause stops what the clock began; what a person asked for goes on. */
function mayWork({ paused, work }: ScheduleState): boolean {
  return paused === undefined || work?.by !== undefined;
}

/** Changes the schedule as long as this process holds its slot; undefined when it does not any more. */
function hold(
  parts: ScheduleParts,
  name: string,
  change: (mine: ScheduleState) => ScheduleState,
): Promise<ScheduleState | undefined> {
  return changeSchedule(parts.store, name, (state) =>
    state.holder?.owner === parts.owner && state.work !== undefined ? change(state) : undefined,
  );
}

function advanced(work: SlotWork, { next, looked, accepted }: AcceptedPage): SlotWork {
  return { ...work, after: next ?? work.after, looked: work.looked + looked, accepted: work.accepted + accepted };
}

/** Stores how far the slot is; the state to go on with, without work when it is done, undefined when it is not ours any more. */
async function noteProgress(
  parts: ScheduleParts,
  name: string,
  work: SlotWork,
  isDone: boolean,
): Promise<ScheduleState | undefined> {
  if (isDone) return endSlot(parts, name, outcomeOf(parts, work, 'accepted', undefined));
  const until = parts.engine.clock.now() + HELD_MS;
  const state = await hold(parts, name, (mine) => ({
    ...mine,
    work,
    holder: mayWork(mine) ? { owner: parts.owner, until } : undefined,
  }));
  return state?.holder === undefined ? undefined : state;
}

async function fail(parts: ScheduleParts, name: string, thrown: unknown): Promise<boolean> {
  const { engine, store } = parts;
  const work = (await store.schedule(name))?.work;
  if (!(thrown instanceof MapwrightError)) engine.onEvent({ kind: 'fault', run: undefined, error: thrown });
  if (work === undefined) return false;
  const code = thrown instanceof MapwrightError ? thrown.code : 'ENGINE_FAULT';
  const outcome = outcomeOf(parts, work, 'failed', `${code} ${messageOf(thrown)}`);
  return (await endSlot(parts, name, outcome)) !== undefined;
}

async function endSlot(parts: ScheduleParts, name: string, outcome: SlotOutcome): Promise<ScheduleState | undefined> {
  const ended = await hold(parts, name, (mine) => ({
    ...mine,
    work: undefined,
    holder: undefined,
    last: inStreak(mine.last, outcome),
  }));
  if (ended !== undefined) tellOutcome(parts, name, outcome);
  return ended;
}

function outcomeOf(
  { engine }: ScheduleParts,
  { slot, by, startedAt, looked, accepted }: SlotWork,
  kind: SlotOutcome['kind'],
  reason: string | undefined,
): SlotOutcome {
  return { slot, by, kind, startedAt, endedAt: engine.clock.now(), looked, accepted, reason };
}

/** Tells what became of a slot. */
export function tellOutcome({ engine }: ScheduleParts, schedule: string, outcome: SlotOutcome): void {
  const { slot, kind, accepted: count, reason } = outcome;
  engine.onEvent({ kind: 'schedule-slot', schedule, slot, outcome: kind, count, reason });
}

/** A failure that is none of the slot's: it passes, and the slot goes on. */
function isPassing(thrown: unknown): boolean {
  return thrown instanceof MapwrightError && (thrown.retryable || thrown.code === 'STORE_UNAVAILABLE');
}
