import type { RunSlot } from '../../core/schedule.ts';

/** What expressions see of the slot that started a run: `run.schedule`, and `run.scheduledAt` as `2026-03-29T01:00:00Z`. */
export interface SlotFacts {
  readonly schedule?: string;
  readonly scheduledAt?: string;
}

/** Nothing for a run that no clock started. */
export function slotFacts(slot: RunSlot | undefined): SlotFacts {
  if (slot === undefined) return {};
  return { schedule: slot.name, scheduledAt: new Date(slot.slot).toISOString().replace('.000Z', 'Z') };
}
