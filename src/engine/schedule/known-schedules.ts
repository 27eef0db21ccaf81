import type { ScheduleState } from '../../core/schedule.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { timingText } from '../../catalog/schedule/compiled-schedule.ts';
import type { ScheduleParts } from './schedule-parts.ts';

/**
 * Makes the stored schedules those of the documents in force, and gives them. One that is new, or fires at other times than
 * before, begins now: its next slot is the next one from here. One that is gone is forgotten, with a slot that was being
 * worked; one whose document this program cannot use stays as it is. What a newer revision said is left alone: another node is ahead, and this one follows within a second.
 */
export async function knownSchedules(parts: ScheduleParts): Promise<ReadonlyMap<string, ScheduleState>> {
  const { engine, store } = parts;
  const catalog = parts.catalog();
  const { schedules, revision } = catalog;
  const stored = new Map((await store.schedules()).map((state) => [state.name, state]));
  for (const state of stored.values()) {
    if (schedules.has(state.name) || state.revision > revision || problemOf(catalog, state) !== undefined) continue;
    await store.remove(state);
    stored.delete(state.name);
    if (state.work !== undefined) tellDropped(parts, state.name, state.work.slot);
  }
  for (const schedule of schedules.values()) {
    const { name } = schedule;
    const state = stored.get(name);
    const timing = timingText(schedule);
    if (state !== undefined && (state.timing === timing || state.revision > revision)) continue;
    const begun = { ...(state ?? newState(name)), timing, revision, settledUntil: engine.clock.now() };
    if (await store.save(begun)) stored.set(name, { ...begun, version: begun.version + 1 });
  }
  return stored;
}

/** What keeps this program from using the document of the schedule; undefined when nothing does. */
export function problemOf(
  { broken }: Pick<Catalog, 'broken'>,
  { name }: Pick<ScheduleState, 'name'>,
): string | undefined {
  const [workflow = ''] = name.split('/', 1);
  return broken?.get(`workflow ${workflow}`);
}

function newState(name: string): ScheduleState {
  return {
    name,
    version: 0,
    revision: 0,
    timing: '',
    settledUntil: 0,
    paused: undefined,
    work: undefined,
    holder: undefined,
    last: undefined,
    missed: 0,
  };
}

function tellDropped({ engine }: ScheduleParts, schedule: string, slot: number): void {
  const reason = 'the schedule was taken away or switched off while its records were being chosen';
  engine.onEvent({ kind: 'schedule-slot', schedule, slot, outcome: 'failed', count: 0, reason });
}
