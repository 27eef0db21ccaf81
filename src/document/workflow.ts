import type { Located, Range } from '../core/diagnostic.ts';
import type { DocumentHead, Guard } from './common.ts';
import type { ParameterSource } from './map.ts';
import type { ScheduleDefinition } from './schedule.ts';
import type { Task } from './task.ts';

/** Ordered work that a change of a record starts. */
export interface WorkflowDocument extends DocumentHead {
  readonly kind: 'workflow';
  readonly module: Located<string> | undefined;
  /** A second lane for the same record; undefined: the record's own. */
  readonly stream: string | undefined;
  /** `hold`: later runs of the lane wait too. */
  readonly whenWaiting: 'hold' | 'pass';
  /** Which of the requests and answers of its runs are stored; `failures`: those of tries that failed, or whose end nobody knows. */
  readonly keepCalls: 'full' | 'failures' | 'none';
  readonly active: boolean;
  /** How long runs that completed are kept, in milliseconds; null: for ever; undefined: as the install says. */
  readonly keepMs: number | null | undefined;
  /** The same of runs that failed, were canceled, or were led to their end by an abort. */
  readonly keepFailedMs: number | null | undefined;
  readonly triggers: readonly TriggerDefinition[];
  /** At most 10. */
  readonly tracks: readonly TrackDefinition[];
  readonly tasks: readonly Task[];
}

/** What starts a workflow. `first-true`: a save after which its condition holds, once for each record. */
export const TRIGGER_EVENTS = [
  'create',
  'update',
  'save',
  'first-true',
  'delete',
  'relate',
  'unrelate',
  'manual',
  'schedule',
] as const;

export interface TriggerDefinition {
  readonly on: (typeof TRIGGER_EVENTS)[number];
  /** For triggers by a save: at least one of these changed. Undefined: any field. */
  readonly fields: readonly Located<string>[] | undefined;
  /** For relate and unrelate: the module of the record at the other end. Undefined: any. */
  readonly to: Located<string> | undefined;
  /** How long whoever causes the run waits for its end, in milliseconds. */
  readonly waitMs: number | undefined;
  /** When a clock starts it; for `schedule`, and only there. */
  readonly schedule: ScheduleDefinition | undefined;
  readonly guard: Guard;
  readonly range: Range;
}

/** A business key: a value by which people find the runs of the workflow. */
export interface TrackDefinition {
  /** Unique in the workflow. */
  readonly name: Located<string>;
  readonly source: ParameterSource;
  readonly range: Range;
}
