import type { PhpValue } from '../php/php-value.ts';

/** What starts a workflow, by the number that coreBOS stores. */
export const EXECUTIONS = {
  '1': 'first-save',
  '2': 'once',
  '3': 'every-save',
  '4': 'modify',
  '5': 'delete',
  '6': 'schedule',
  '7': 'manual',
  '8': 'access-control',
  '9': 'relate',
  '10': 'unrelate',
} as const;

export type Execution = (typeof EXECUTIONS)[keyof typeof EXECUTIONS];

/** A workflow as coreBOS has it, whichever way it was exported. Texts are `""` where there is nothing. */
export interface ExportedWorkflow {
  /** Its number in the database it comes from; undefined in coreBOS's own export. */
  readonly id: string | undefined;
  /** What people call it. */
  readonly title: string;
  readonly purpose: string;
  readonly module: string;
  /** Undefined for a number that is none of the ten. */
  readonly execution: Execution | undefined;
  readonly isActive: boolean;
  /** `2025-01-31 08:00:00`, or `""`. */
  readonly startsOn: string;
  readonly endsOn: string;
  /** The JSON list of conditions. */
  readonly conditions: string;
  /** Of a link: the module of the other record, `""` or `Any` for all. */
  readonly relatedModule: string;
  readonly schedule: ExportedSchedule;
  readonly tasks: readonly (ExportedTask | UnreadableTask)[];
}

/** When a scheduled workflow runs, and for which records. */
export interface ExportedSchedule {
  /** 1 hourly, 2 daily, 3 weekly, 4 on a date, 5 monthly by date, 6 monthly by weekday, 7 yearly, 8 every some minutes. */
  readonly type: string;
  readonly time: string;
  /** JSON lists, or single values. */
  readonly daysOfMonth: string;
  readonly daysOfWeek: string;
  readonly dates: string;
  readonly minutes: string;
  /** `conditions`, `cbquestion`, `recordset`, `onerecord`; `""` is the first. */
  readonly records: string;
  /** The map or the record that `records` speaks of. */
  readonly source: string;
}

/** One task, read from what PHP serialized. */
export interface ExportedTask {
  readonly className: string;
  readonly summary: string;
  readonly isActive: boolean;
  readonly order: number;
  readonly conditions: string;
  /** True when it waits for a moment of its own: so many days before or after a date field. */
  readonly delay: string | undefined;
  /** Everything its class keeps. */
  readonly properties: ReadonlyMap<string, PhpValue>;
}

/** A task that could not be read, and why. */
export interface UnreadableTask {
  readonly className: undefined;
  readonly summary: string;
  readonly order: number;
  readonly code: string;
  readonly reason: string;
}
