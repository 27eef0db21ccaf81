import { setTimeout } from 'node:timers/promises';
import type { ScheduleState } from '../../core/schedule.ts';
import type { CompiledSchedule } from '../../catalog/schedule/compiled-schedule.ts';
import { timingWords } from '../../catalog/schedule/timing-words.ts';
import { knownSchedules, problemOf } from '../../engine/schedule/known-schedules.ts';
import { changeSchedule, type ScheduleParts } from '../../engine/schedule/schedule-parts.ts';
import { type Scheduler, unknownSchedule } from '../../engine/schedule/scheduler.ts';
import { nextSlots, slotsOf } from '../../engine/schedule/slots.ts';
import type { ScheduleAdministration, ScheduleEntry, ScheduleProblem } from './schedule-administration.ts';

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
      const schedules = [...parts.catalog().schedules.values()];
      const usable = schedules.map((schedule) => entryOf(parts, schedule, states.get(schedule.name)));
      return [...usable, ...brokenEntries(parts, states.values())].toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
    problem: failureOf(state),
  };
}

function failureOf(state: ScheduleState | undefined): ScheduleProblem | undefined {
  const failing = state?.last?.failing;
  return failing && { kind: 'failing', since: failing.since, slots: failing.slots, reason: failing.reason };
}

/** Schedules that were known before this program could not use their documents: nobody may think that they are not there. */
function brokenEntries({ engine, catalog }: ScheduleParts, states: Iterable<ScheduleState>): ScheduleEntry[] {
  const current = catalog();
  return [...states].flatMap((state) => {
    const reason = current.schedules.has(state.name) ? undefined : problemOf(current, state);
    if (reason === undefined) return [];
    const { name, paused, work, last, missed } = state;
    return [
      {
        name,
        workflow: name.split('/', 1)[0] ?? name,
        module: undefined,
        records: undefined,
        when: 'never, as it is',
        zone: engine.timeZone,
        missed: 'once',
        overlap: 'wait',
        paused,
        next: undefined,
        work,
        last,
        missedSlots: missed,
        problem: { kind: 'broken', reason },
      } satisfies ScheduleEntry,
    ];
  });
}
