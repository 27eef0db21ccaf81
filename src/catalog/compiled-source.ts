import type { CallFiles } from '../core/file-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { LegacyEnvironment } from '../expression/legacy/environment.ts';
import type { Reference } from '../expression/compiled.ts';
import type { TemplateEnvironment } from '../expression/environment.ts';

/** A step's data as the coreBOS dialect sees it. */
export interface LegacyView {
  readonly environment: LegacyEnvironment;
  /** Field and context values by name as the dialect's plain names give them, the record's first: texts, `""` when empty. */
  readonly names: JsonObject;
}

/** Everything that values are evaluated in: one per step. */
export interface Scope extends TemplateEnvironment {
  /** The same data as the coreBOS dialect sees it; read and made when it is first asked for, as most maps never do. */
  legacy(): Promise<LegacyView>;
  /** True for a name whose value must not be shown: secrets, sensitive context values. */
  isSensitive(reference: Reference): boolean;
  /** Undefined where no files are stored. */
  readonly files?: CallFiles | undefined;
  /** Told every text that was computed from a sensitive value, so that it is not shown either. */
  taint(text: string): void;
}

/** One value's source, compiled once and evaluated for each step. */
export interface CompiledSource {
  /** For people: `field productname`, `secret head_office_key`, `template`. */
  readonly describe: string;
  /** Every name it uses. */
  readonly references: readonly Reference[];
  /** True when evaluating it may set values of the scope's legacy context, which an expression task keeps. */
  readonly setsContext?: boolean;
  /** Undefined when the name it reads does not exist; null when it is known to be empty. Rejects with MapwrightError. */
  evaluate(scope: Scope): Promise<Json | undefined>;
}
