import type { Json, JsonObject } from '../core/json.ts';
import type { Reference } from './compiled.ts';

/** The answer of a call, as expressions see it. Header names are lower case; a repeated header's values are joined with `, `. */
export interface ResponseEnvironment {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body read as the map's format says; undefined when it could not be. */
  readonly body: Json | undefined;
  readonly text: string;
}

/** The names that every JSONata expression sees; there are no others. Secrets are never among them. */
export interface Environment {
  readonly record: JsonObject;
  readonly previous: JsonObject;
  readonly changed: readonly string[];
  readonly context: JsonObject;
  readonly input: JsonObject;
  readonly user: JsonObject;
  readonly run: JsonObject;
  readonly setting: JsonObject;
  /** What the run's latest call was answered: `{task, status, code, message, body}`; `code` is empty after a success. */
  readonly answer?: JsonObject;
  readonly response?: ResponseEnvironment;
  /** The item of an `each`. */
  readonly item?: Json;
}

/** What does not come from the data: frozen with a step, so that a retry gives what the first try gave. */
export interface Ambience {
  /** Milliseconds since the epoch; what `$now()`, `$millis()` and `$DateTime()` start from. */
  readonly now: number;
  /** IANA name: the install's default zone. */
  readonly timeZone: string;
  /** Seed of `$random()` and `$uuid()`: the same seed gives the same sequence. */
  readonly seed: string;
  /** What separates the parts of a multipart body; undefined: it is made when it is needed. */
  readonly boundary?: string | undefined;
}

/** What templates and legacy expressions see besides the environment. */
export interface TemplateEnvironment {
  readonly values: Environment;
  readonly ambience: Ambience;
  /** A value of the map's own parameters (`{name}`); undefined when there is none. */
  parameter(name: string): Json | undefined;
  /** A secret in plain text; undefined when there is none. */
  secret(name: string): string | undefined;
  /** `{step.key}` and others. */
  readonly step: JsonObject;
  /** Values behind references (`account_id.accountname`), read beforehand; keyed by the dotted path. */
  readonly related: JsonObject;
  /** Told every value that an expression made, and what it was made of: a confidential one must not be shown. */
  derived?(from: readonly Reference[], value: Json): void;
}
