import type { MissedPolicy, OverlapPolicy, SlotOutcome, SlotWork } from '../../core/schedule.ts';

/** A schedule as people see it. Times are milliseconds since the epoch. */
export interface ScheduleEntry {
  readonly name: string;
  readonly workflow: string;
  /** The module of whose records it starts a run each; undefined: one run without a record. */
  readonly module: string | undefined;
  /** The rule or record set that chooses them. */
  readonly records: string | undefined;
  /** For people: `every 10 min`. */
  readonly when: string;
  /** IANA name. */
  readonly zone: string;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
  readonly paused: { readonly at: number; readonly by: string } | undefined;
  /** The next slot; one that is past waits for the one before. Undefined while it is paused, and when it never fires again. */
  readonly next: number | undefined;
  /** The slot that is being worked. */
  readonly work: SlotWork | undefined;
  readonly last: SlotOutcome | undefined;
  /** Slots that never fired because nothing could when they came. */
  readonly missedSlots: number;
  /** What keeps it from starting anything, until that is mended; undefined: it is well. Administrators were told of it. */
  readonly problem: ScheduleProblem | undefined;
}

/** Why a schedule starts nothing. */
export interface ScheduleProblem {
  /** failing: its records cannot be chosen; broken: this program cannot use its document. */
  readonly kind: 'failing' | 'broken';
  /** Of a failing one: when the first slot in a row failed, and how many have. */
  readonly since?: number;
  readonly slots?: number;
  /** A code and a sentence. */
  readonly reason: string;
}

/** What an administrator does to schedules. All methods reject with SCHEDULE_UNKNOWN for a name that there is not. */
export interface ScheduleAdministration {
  /** By name. Those of workflows that are switched off are none. */
  schedules(): Promise<readonly ScheduleEntry[]>;
  /** The next slots, 1,000 at most. */
  nextSlots(params: {
    name: string;
    count: number;
  }): Promise<{ readonly zone: string; readonly slots: readonly number[] }>;
  /** Fires no more until it is resumed; a slot that is being worked stops where it is. Safe to repeat. */
  pauseSchedule(params: { name: string; by: string }): Promise<ScheduleEntry>;
  /** Goes on with the next slot from now; those that came meanwhile do not fire. Safe to repeat. */
  resumeSchedule(params: { name: string; by: string }): Promise<ScheduleEntry>;
  /**
   * Fires once more, now, also while it is paused, and answers when all runs are accepted, or after ten seconds: it goes on then.
   * Rejects with SCHEDULE_BUSY while a slot is being worked.
   */
  runScheduleNow(params: { name: string; by: string }): Promise<ScheduleEntry>;
}
