import { inStreak, type ScheduleState, type SlotOutcome } from '../../core/schedule.ts';
import type { CompiledSchedule } from '../../catalog/schedule/compiled-schedule.ts';
import { type DueSlot, dueSlot } from './due-slot.ts';
import { changeSchedule, type ScheduleParts } from './schedule-parts.ts';
import type { Slots } from './slots.ts';
import { tellOutcome } from './slot-worker.ts';

/** Unfinished runs that are looked through for one of the schedule's. */
const MOST_LOOKED_THROUGH = 1_000;
const PAGE = 100;

/** What was decided on a schedule without work: a slot began, others were settled, one waits, or none has come. */
export type SlotTurn = 'began' | 'settled' | 'waits' | 'none';

/**
 * Decides on the slots that have come, and stores that. Of several nodes that decide at once one does; the others see that
 * it is done.
 */
export async function decideSlot(
  parts: ScheduleParts,
  schedule: CompiledSchedule,
  { state, slots }: { readonly state: ScheduleState; readonly slots: Slots },
): Promise<SlotTurn> {
  const now = parts.engine.clock.now();
  const { settledUntil } = state;
  const due = dueSlot({ slots, settledUntil, now, missed: schedule.missed });
  if (due.kind === 'none') return 'none';
  if (due.kind !== 'fire') {
    const missed = due.kind === 'missed' ? due.missed : 0;
    await settle(parts, state, { settledUntil: due.settledUntil, missed: state.missed + missed });
    if (missed > 0) tellMissed(parts, schedule.name, due.settledUntil, missed);
    return 'settled';
  }
  const isBusy = await isStillWorked(parts, schedule, { last: state.last, slot: due.slot });
  if (!isBusy) return begin(parts, state, due);
  if (schedule.overlap === 'wait') return 'waits';
  return skip(parts, state, due);
}

type Fire = Extract<DueSlot, { kind: 'fire' }>;

async function begin(parts: ScheduleParts, state: ScheduleState, { slot, missed }: Fire): Promise<SlotTurn> {
  const startedAt = parts.engine.clock.now();
  const work = { slot, by: undefined, startedAt, after: undefined, looked: 0, accepted: 0 };
  const began = await settle(parts, state, { settledUntil: slot, missed: state.missed + missed, work });
  if (began && missed > 0) tellMissed(parts, state.name, slot, missed);
  return 'began';
}

async function skip(parts: ScheduleParts, state: ScheduleState, { slot, missed }: Fire): Promise<SlotTurn> {
  const now = parts.engine.clock.now();
  const reason = 'the slot before was still being worked';
  const nothing = { by: undefined, startedAt: now, endedAt: now, looked: 0, accepted: 0 };
  const last = inStreak(state.last, { slot, kind: 'skipped', ...nothing, reason });
  if (await settle(parts, state, { settledUntil: slot, missed: state.missed + missed, last })) {
    tellOutcome(parts, state.name, last);
  }
  return 'settled';
}

/** True when it took effect: nobody else had decided on these slots meanwhile. */
async function settle(
  parts: ScheduleParts,
  { name, version }: ScheduleState,
  change: Partial<ScheduleState>,
): Promise<boolean> {
  const changed = await changeSchedule(parts.store, name, (state) =>
    state.version === version ? { ...state, ...change } : undefined,
  );
  return changed !== undefined;
}

/**
 * True when the slot came while the one before was being worked, or runs of an earlier one are still being worked: runs that
 * wait, for a retry or for a person, do not hold up a clock.
 */
async function isStillWorked(
  { engine }: ScheduleParts,
  { name, workflow, overlap }: CompiledSchedule,
  { last, slot }: { readonly last: SlotOutcome | undefined; readonly slot: number },
): Promise<boolean> {
  if (last === undefined) return false;
  if (overlap === 'skip' && last.kind !== 'skipped' && last.startedAt < slot && slot <= last.endedAt) return true;
  let before: number | undefined;
  for (let looked = 0; looked < MOST_LOOKED_THROUGH; looked += PAGE) {
    const runs = await engine.journal.runs({
      workflow: workflow.name,
      status: ['pending', 'running'],
      waiting: false,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    if (runs.some(({ trigger: { schedule } }) => schedule?.name === name && schedule.slot < slot)) return true;
    if (runs.length < PAGE) return false;
    before = runs.at(-1)?.id;
  }
  return false;
}

function tellMissed({ engine }: ScheduleParts, schedule: string, slot: number, count: number): void {
  const reason = 'nothing could fire when they came';
  engine.onEvent({ kind: 'schedule-slot', schedule, slot, outcome: 'missed', count, reason });
}
