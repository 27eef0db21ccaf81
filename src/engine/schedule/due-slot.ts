import type { MissedPolicy } from '../../core/schedule.ts';
import type { Slots } from './slots.ts';

/** A slot that comes later than this was missed: until then it is only late. */
export const LATE_MS = 60_000;
/** Clocks of nodes differ, and are corrected: a settled slot may lie this far ahead. Beyond, the clock was set back. */
const CLOCK_SKEW_MS = 3_600_000;
/** Slots that are counted one by one. */
const MOST_COUNTED = 1_000;

/** What to do about the slots that have come. */
export type DueSlot =
  /** The clock was set back behind what it settled: begin from `settledUntil`. */
  | { readonly kind: 'clock-set-back'; readonly settledUntil: number }
  /** None has come; the next one comes at `next`, or none will. */
  | { readonly kind: 'none'; readonly next: number | undefined }
  /** Slots up to `settledUntil` were missed, `missed` of them, and none of them fires. */
  | { readonly kind: 'missed'; readonly settledUntil: number; readonly missed: number }
  /** This one fires; `missed` before it do not. */
  | { readonly kind: 'fire'; readonly slot: number; readonly missed: number };

/** Decides on the slots after `settledUntil` that have come until `now`. `missed` counts to 1,000 at most. */
export function dueSlot(params: {
  readonly slots: Slots;
  readonly settledUntil: number;
  readonly now: number;
  readonly missed: MissedPolicy;
}): DueSlot {
  const { slots, settledUntil, now, missed } = params;
  if (settledUntil > now + CLOCK_SKEW_MS) return { kind: 'clock-set-back', settledUntil: now };
  const first = slots.after(settledUntil);
  if (first === undefined || first > now) return { kind: 'none', next: first };
  const late = now - LATE_MS;
  if (first >= late || missed === 'all') return { kind: 'fire', slot: first, missed: 0 };
  const punctual = slots.after(late - 1);
  const fires = missed === 'once' && (punctual === undefined || punctual > now);
  if (!fires) return { kind: 'missed', settledUntil: late - 1, missed: countUntil(slots, first, late) };
  const slot = slots.before(late) ?? first;
  return { kind: 'fire', slot, missed: countUntil(slots, first, slot) };
}

/** How many slots there are from `first` to before `end`. */
function countUntil(slots: Slots, first: number, end: number): number {
  let count = 0;
  for (let slot: number | undefined = first; slot !== undefined && slot < end && count < MOST_COUNTED; count++) {
    slot = slots.after(slot);
  }
  return count;
}
