import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { DocumentHead, Guard } from './common.ts';
import type { ErrorPlan } from './error-plan.ts';
import type { ParameterSource, ParameterType } from './map.ts';

/** Ordered work that a change of a record starts. */
export interface WorkflowDocument extends DocumentHead {
  readonly kind: 'workflow';
  readonly module: Located<string> | undefined;
  /** A second lane for the same record; undefined: the record's own. */
  readonly stream: string | undefined;
  /** `hold`: later runs of the lane wait too. */
  readonly whenWaiting: 'hold' | 'pass';
  readonly active: boolean;
  readonly triggers: readonly TriggerDefinition[];
  readonly tasks: readonly Task[];
}

export interface TriggerDefinition {
  readonly on: 'create' | 'update' | 'save' | 'delete';
  /** For update and save: at least one of these changed. Undefined: any field. */
  readonly fields: readonly Located<string>[] | undefined;
  readonly guard: Guard;
  readonly range: Range;
}

interface TaskHead {
  /** Unique in the workflow; a choice without an id gets `choose-1`, `choose-2`, ... in document order. */
  readonly id: string;
  readonly label: string | undefined;
  readonly guard: Guard;
  /** Runs once the outcome is decided, whatever it is, and before a released wait. */
  readonly always: boolean;
  readonly onError: ErrorPlan | undefined;
  readonly range: Range;
  readonly path: string;
}

export interface WebserviceTask extends TaskHead {
  readonly kind: 'webservice';
  readonly map: Located<string>;
  /** For a map that names no service of its own. */
  readonly service: Located<string> | undefined;
  /** Opens a session: run again before a retry after a released wait. */
  readonly renew: boolean;
}

export interface SetFieldsTask extends TaskHead {
  readonly kind: 'set-fields';
  readonly sets: readonly FieldSetting[];
}

export interface FieldSetting {
  readonly field: Located<string>;
  readonly source: ParameterSource;
  readonly type: ParameterType | undefined;
  readonly range: Range;
  readonly path: string;
}

/** One decision, made once: the first branch whose guard holds. */
export interface ChooseTask extends TaskHead {
  readonly kind: 'choose';
  readonly branches: readonly Branch[];
  /** Empty when there is no `<otherwise>`. */
  readonly otherwise: readonly Task[];
}

export interface Branch {
  readonly guard: Guard;
  readonly tasks: readonly Task[];
}

export interface EndTask extends TaskHead {
  readonly kind: 'end';
  readonly as: 'completed' | 'failed';
  readonly message: SourceText | undefined;
}

export type Task = WebserviceTask | SetFieldsTask | ChooseTask | EndTask;
