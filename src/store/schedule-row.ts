import type { ScheduleState, SlotOutcome, SlotWork } from '../core/schedule.ts';

/** A schedule as the databases keep it. */
export interface ScheduleRow {
  readonly name: string;
  readonly version: number;
  readonly revision: number;
  readonly timing: string;
  readonly settledUntil: number;
  readonly pausedAt: number | null;
  readonly pausedBy: string | null;
  /** JSON. */
  readonly work: string | null;
  readonly holder: string | null;
  readonly heldUntil: number | null;
  /** JSON. */
  readonly last: string | null;
  readonly missed: number;
}

/** The columns of a `ScheduleRow`. */
export const SCHEDULE_COLUMNS = `name, version, revision, timing, settled_until AS "settledUntil", paused_at AS "pausedAt",
  paused_by AS "pausedBy", work, holder, held_until AS "heldUntil", last, missed`;

/** What is written of a state, in the order of the columns behind the name and the version. */
export function scheduleValues(state: ScheduleState): (string | number | null)[] {
  const { revision, timing, settledUntil, paused, work, holder, last, missed } = state;
  return [
    revision,
    timing,
    settledUntil,
    paused?.at ?? null,
    paused?.by ?? null,
    work === undefined ? null : JSON.stringify(work),
    holder?.owner ?? null,
    holder?.until ?? null,
    last === undefined ? null : JSON.stringify(last),
    missed,
  ];
}

/** The state of a row. */
export function scheduleOf(row: ScheduleRow): ScheduleState {
  const { name, version, revision, timing, settledUntil, pausedAt, pausedBy, holder, heldUntil, missed } = row;
  return {
    name,
    version,
    revision,
    timing,
    settledUntil,
    paused: pausedAt === null ? undefined : { at: pausedAt, by: pausedBy ?? '' },
    work: row.work === null ? undefined : workOf(JSON.parse(row.work)),
    holder: holder === null ? undefined : { owner: holder, until: heldUntil ?? 0 },
    last: row.last === null ? undefined : outcomeOf(JSON.parse(row.last)),
    missed,
  };
}

/** JSON leaves out what is undefined. */
function workOf(stored: SlotWork): SlotWork {
  return { ...stored, by: stored.by, after: stored.after };
}

function outcomeOf(stored: SlotOutcome): SlotOutcome {
  return { ...stored, by: stored.by, reason: stored.reason };
}
