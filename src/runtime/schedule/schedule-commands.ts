import { setTimeout } from 'node:timers/promises';
import type { ScheduleState } from '../../core/schedule.ts';
import type { CompiledSchedule } from '../../catalog/schedule/compiled-schedule.ts';
import { timingWords } from '../../catalog/schedule/timing-words.ts';
import { knownSchedules } from '../../engine/schedule/known-schedules.ts';
import { changeSchedule, type ScheduleParts } from '../../engine/schedule/schedule-parts.ts';
import { type Scheduler, unknownSchedule } from '../../engine/schedule/scheduler.ts';
import { nextSlots, slotsOf } from '../../engine/schedule/slots.ts';
import type { ScheduleAdministration, ScheduleEntry } from './schedule-administration.ts';

const MOST_SLOTS = 1_000;
/** How long whoever starts one waits for its end. */
const PATIENCE_MS = 10_000;

/** What an administrator does to schedules, over the install's own parts. */
export function scheduleCommands(parts: ScheduleParts & { readonly scheduler: Scheduler }): ScheduleAdministration {
  const { store, engine, scheduler } = parts;
  const named = (name: string): CompiledSchedule => {
    const schedule = parts.catalog().schedules.get(name);
    if (schedule === undefined) throw unknownSchedule(name, parts);
    return schedule;
  };
  const change = async (
    name: string,
    decide: (state: ScheduleState) => ScheduleState | undefined,
  ): Promise<ScheduleEntry> => {
    const schedule = named(name);
    await knownSchedules(parts);
    await changeSchedule(store, name, decide);
    return entryOf(parts, schedule, await store.schedule(name));
  };
  return {
    async schedules() {
      const states = await knownSchedules(parts);
      const schedules = [...parts.catalog().schedules.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return schedules.map((schedule) => entryOf(parts, schedule, states.get(schedule.name)));
    },
    async nextSlots({ name, count }) {
      const { timing, zone = engine.timeZone } = named(name);
      const slots = nextSlots(slotsOf(timing, zone), engine.clock.now(), Math.min(count, MOST_SLOTS));
      return { zone, slots };
    },
    pauseSchedule: ({ name, by }) =>
      change(name, (state) =>
        state.paused === undefined ? { ...state, paused: { at: engine.clock.now(), by } } : undefined,
      ),
    resumeSchedule: ({ name }) =>
      change(name, (state) =>
        state.paused === undefined
          ? undefined
          : { ...state, paused: undefined, settledUntil: Math.max(state.settledUntil, engine.clock.now()) },
      ),
    async runScheduleNow({ name, by }) {
      const schedule = named(name);
      const patience = new AbortController();
      const begun = scheduler.runNow(name, by).finally(() => patience.abort());
      const late = setTimeout(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
      const state = (await Promise.race([begun, late])) ?? (await store.schedule(name));
      return entryOf(parts, schedule, state);
    },
  };
}

function entryOf(
  { engine }: ScheduleParts,
  schedule: CompiledSchedule,
  state: ScheduleState | undefined,
): ScheduleEntry {
  const { name, workflow, records, timing, zone = engine.timeZone, missed, overlap } = schedule;
  const from = state?.settledUntil ?? engine.clock.now();
  return {
    name,
    workflow: workflow.name,
    module: workflow.module?.name,
    records,
    when: timingWords(timing),
    zone,
    missed,
    overlap,
    paused: state?.paused,
    next: state?.paused === undefined ? slotsOf(timing, zone).after(from) : undefined,
    work: state?.work,
    last: state?.last,
    missedSlots: state?.missed ?? 0,
  };
}
