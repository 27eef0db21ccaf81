import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { Guard } from './common.ts';
import type { ErrorPlan, NoticeWay } from './error-plan.ts';
import type { ParameterSource, ParameterType, WhenEmpty } from './map.ts';

/** What every task has. */
export interface TaskHead {
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

/** One value for a field of a record. */
export interface FieldSetting {
  readonly field: Located<string>;
  readonly source: ParameterSource;
  readonly type: ParameterType | undefined;
  /** The value where the name that the source reads is not there. */
  readonly defaultValue: string | undefined;
  /** What becomes of an empty value; undefined: `send`, which writes it. */
  readonly whenEmpty: WhenEmpty | undefined;
  readonly range: Range;
  readonly path: string;
}

/** Makes a record, once. */
export interface CreateRecordTask extends TaskHead {
  readonly kind: 'create-record';
  readonly module: Located<string>;
  /** Gets the new record's id. */
  readonly context: Located<string> | undefined;
  /** True when the creation starts workflows as a person's would. */
  readonly fires: boolean;
  /** The mapping that fills the fields; what `sets` say stands over it. */
  readonly mapping: Located<string> | undefined;
  readonly sets: readonly FieldSetting[];
}

/** Creates or updates one record, or one for each item of a list. */
export interface UpsertTask extends TaskHead {
  readonly kind: 'upsert';
  readonly module: Located<string>;
  /** The fields whose values tell which record is meant. */
  readonly match: readonly Located<string>[];
  /** JSONata that gives the list; `item` is one of it. Undefined: one record. */
  readonly each: SourceText | undefined;
  /** What becomes of a record of which a match field is empty. */
  readonly whenEmpty: 'fail' | 'create';
  /** Gets the record's id, with `each` the list of ids. */
  readonly context: Located<string> | undefined;
  readonly fires: boolean;
  /** The mapping that fills the fields, of each item when there is a list; what `sets` say stands over it. */
  readonly mapping: Located<string> | undefined;
  readonly sets: readonly FieldSetting[];
}

/** Computes context values without a call; later ones see earlier ones. */
export interface ExpressionTask extends TaskHead {
  readonly kind: 'expression';
  readonly sets: readonly ContextSetting[];
}

/** One value for the context. */
export interface ContextSetting {
  readonly key: Located<string>;
  readonly source: ParameterSource;
  readonly type: ParameterType | undefined;
  readonly sensitive: boolean;
}

/** Starts another workflow, and does not wait for it. */
export interface LaunchTask extends TaskHead {
  readonly kind: 'launch';
  readonly workflow: Located<string>;
  /** Names the record, with `context` or `records` (a record set or condition query) a list of them; undefined: the run's own. */
  readonly record: { readonly kind: 'field' | 'context' | 'records'; readonly name: SourceText } | undefined;
  /** What the new run's context begins with. */
  readonly context: readonly ContextSetting[];
}

/** Tells people something. */
export interface NotifyTask extends TaskHead {
  readonly kind: 'notify';
  readonly to: readonly Located<string>[];
  readonly text: { readonly kind: 'template' | 'legacy-template'; readonly text: SourceText };
  /** Undefined: as the install's setting says. */
  readonly by: readonly NoticeWay[] | undefined;
  /** The map that carries the notice, instead of other ways. */
  readonly map: Located<string> | undefined;
}

/** Sends a message to addresses outside. */
export interface EmailTask extends TaskHead {
  readonly kind: 'email';
  /** Undefined: the setting `smtp_from`. */
  readonly from: Addressee | undefined;
  readonly replyTo: Addressee | undefined;
  /** Each gives an address, several of them, or none. */
  readonly to: readonly Addressee[];
  readonly cc: readonly Addressee[];
  readonly bcc: readonly Addressee[];
  readonly subject: ParameterSource;
  readonly body: { readonly source: ParameterSource; readonly isHtml: boolean };
  readonly attachments: readonly Attachment[];
  /** What to do when it is unknown whether the server took the message. */
  readonly inDoubt: 'resend' | 'ask';
}

/** Whose address it is: addresses that a value gives, or people of the install by the names that notices know them by. */
export type Addressee = { readonly source: ParameterSource } | { readonly people: readonly string[] };

/** A file made of a value, sent with a message. */
export interface Attachment {
  readonly source: ParameterSource;
  /** A template. */
  readonly filename: SourceText;
  /** Undefined: told by the ending of the file's name. */
  readonly contentType: string | undefined;
  /** True: the value is base64 of the file's bytes. */
  readonly isBase64: boolean;
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

export type Task =
  | WebserviceTask
  | SetFieldsTask
  | CreateRecordTask
  | UpsertTask
  | ExpressionTask
  | LaunchTask
  | NotifyTask
  | EmailTask
  | ChooseTask
  | EndTask;
