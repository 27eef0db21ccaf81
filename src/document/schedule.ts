import type { Located } from '../core/diagnostic.ts';
import type { MissedPolicy, OverlapPolicy, ScheduleTiming } from '../core/schedule.ts';

/** A clock that starts a workflow, as its trigger says it. */
export interface ScheduleDefinition {
  /** Tells it from the other schedules of its workflow; undefined where it is the only one. */
  readonly name: Located<string> | undefined;
  readonly timing: ScheduleTiming;
  /** IANA name; undefined: the install's zone. */
  readonly zone: string | undefined;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
  /** The rule or record set that chooses the records; undefined: all of the module. */
  readonly records: Located<string> | undefined;
}

/** What people call the schedule: the workflow's name, and its own behind a slash. */
export function scheduleName(workflow: string, own: Located<string> | undefined): string {
  return own === undefined ? workflow : `${workflow}/${own.value}`;
}
