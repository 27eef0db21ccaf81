import type { MissedPolicy, OverlapPolicy, ScheduleTiming } from '../../core/schedule.ts';
import type { Guard } from '../../document/common.ts';
import type { CompiledTrigger, CompiledWorkflow } from '../compiled-workflow.ts';

/** What a trigger by a clock says. */
export interface TriggerSchedule {
  /** Of the whole install: the workflow's name, with the trigger's own behind a slash. */
  readonly name: string;
  readonly timing: ScheduleTiming;
  /** IANA name; undefined: the install's zone. */
  readonly zone: string | undefined;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
  /** The rule or record set that chooses the records; undefined: all of the module. */
  readonly records: string | undefined;
  /** The trigger's conditions as they are written: what the database can look for. */
  readonly guard: Guard;
}

/** A schedule of one revision. */
export interface CompiledSchedule extends TriggerSchedule {
  readonly workflow: CompiledWorkflow;
  readonly trigger: CompiledTrigger;
}

/** One text for when it fires, which differs when that differs. The zone stands in it as it is written. */
export function timingText({ timing, zone }: Pick<TriggerSchedule, 'timing' | 'zone'>): string {
  return JSON.stringify(zone === undefined ? timing : { ...timing, zone });
}
