/** When a schedule fires. */
export type ScheduleTiming =
  /** Six fields, separated by single blanks: second, minute, hour, day of the month, month, day of the week. */
  | { readonly kind: 'cron'; readonly pattern: string }
  /** Counted from 1970-01-01T00:00:00Z, so that all nodes count alike; in milliseconds. */
  | { readonly kind: 'every'; readonly everyMs: number }
  | {
      readonly kind: 'at';
      readonly times: readonly TimeOfDay[];
      /** 0 is Sunday; undefined: every day. */
      readonly days: readonly number[] | undefined;
      /** `2026-12-24`; undefined: every day. */
      readonly dates: readonly string[] | undefined;
    };

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** What becomes of slots that came while nothing could fire: the latest of them fires, all do, or none. */
export const MISSED_POLICIES = ['once', 'all', 'skip'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** What becomes of a slot that comes while the one before is being worked: it comes after that, or not at all. */
export const OVERLAP_POLICIES = ['wait', 'skip'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** The slot that started a run, kept with it. */
export interface RunSlot {
  /** Name of the schedule. */
  readonly name: string;
  /** The time that it was meant for, in milliseconds since the epoch. */
  readonly slot: number;
}

/** A slot whose records are being chosen and whose runs are being accepted. */
export interface SlotWork {
  /** Milliseconds since the epoch. */
  readonly slot: number;
  /** Who asked for it; undefined: the clock did. */
  readonly by: string | undefined;
  /** When it began. */
  readonly startedAt: number;
  /** The last record that was looked at; undefined before the first. */
  readonly after: string | undefined;
  /** Records looked at, and runs accepted, so far. */
  readonly looked: number;
  readonly accepted: number;
}

/** What became of a slot. */
export interface SlotOutcome {
  readonly slot: number;
  readonly by: string | undefined;
  /** accepted: its runs were; skipped: the slot before was still being worked; failed: its records could not be chosen. */
  readonly kind: 'accepted' | 'skipped' | 'failed';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly looked: number;
  readonly accepted: number;
  /** Why it was skipped or failed: a code and a sentence. */
  readonly reason: string | undefined;
  /** Slots that failed in a row, this one or the one before included; undefined: the schedule is well. */
  readonly failing?: FailureStreak;
  /** Of the first slot that went well again: the failures before. */
  readonly recovered?: FailureStreak;
}

/** Slots of a schedule that failed one after another. */
export interface FailureStreak {
  /** When the first of them failed. */
  readonly since: number;
  /** When the last of them failed. */
  readonly at: number;
  readonly slots: number;
  /** What the last of them failed with. */
  readonly code: string;
  readonly reason: string;
}

/** An outcome with what it means for the failures before it. */
export function inStreak(
  last: SlotOutcome | undefined,
  outcome: Omit<SlotOutcome, 'failing' | 'recovered'>,
): SlotOutcome {
  const before = last?.failing;
  if (outcome.kind === 'accepted') return before === undefined ? outcome : { ...outcome, recovered: before };
  if (outcome.kind === 'skipped') return before === undefined ? outcome : { ...outcome, failing: before };
  const reason = outcome.reason ?? '';
  const [code = ''] = reason.split(' ', 1);
  const { endedAt: at } = outcome;
  return { ...outcome, failing: { since: before?.since ?? at, at, slots: (before?.slots ?? 0) + 1, code, reason } };
}

/** Where a schedule stands. */
export interface ScheduleState {
  /** The workflow's name; with the trigger's own behind a slash where that has one: `cleanup/nightly`. */
  readonly name: string;
  /** How often it was saved; 0 before the first time. A save succeeds only on the version that it was decided on. */
  readonly version: number;
  /** The revision that it was last seen in. */
  readonly revision: number;
  /** When it fires, as one text that differs when that differs. */
  readonly timing: string;
  /** Slots up to this time are settled: fired, skipped, or missed. */
  readonly settledUntil: number;
  readonly paused: { readonly at: number; readonly by: string } | undefined;
  readonly work: SlotWork | undefined;
  /** Who works on `work`, and until when others leave it alone. */
  readonly holder: { readonly owner: string; readonly until: number } | undefined;
  readonly last: SlotOutcome | undefined;
  /** Slots that never fired because nothing could. */
  readonly missed: number;
}

/** Where schedules stand, for all nodes of an install. Rejects with STORE_UNAVAILABLE when the database cannot be used. */
export interface ScheduleStore {
  /** By name. */
  schedules(): Promise<readonly ScheduleState[]>;
  schedule(name: string): Promise<ScheduleState | undefined>;
  /**
   * Stores the state under the next version. False when the stored one has another version than `state.version` by now, or
   * is there already while that is 0: read it again and decide again.
   */
  save(state: ScheduleState): Promise<boolean>;
  /** Forgets a schedule, at this version only. False when it has another one by now. */
  remove(state: Pick<ScheduleState, 'name' | 'version'>): Promise<boolean>;
}
