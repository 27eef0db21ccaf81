import type { JsonObject } from '../../core/json.ts';
import type { LegacyFieldType, LegacyServices, LegacyUser } from './services.ts';
import type { LegacyValue } from './value.ts';

/** A field behind a reference: `$(account_id : (Accounts) accountname)`. */
export interface RelatedField {
  readonly field: string;
  readonly module: string;
  readonly target: string;
}

/** The variables of a run, as legacy functions reach them. */
export interface LegacyContext {
  /** All variables as they stand. */
  values(): JsonObject;
  set(name: string, value: LegacyValue): void;
}

/**
 * What a legacy expression sees. Lookups may be asynchronous.
 * Modes: `record` a stored record; `stub` the record `0x0`, where an unknown symbol is its own name; `none` no environment,
 * where every symbol is its own name and the context is empty.
 */
export interface LegacyEnvironment {
  readonly mode: 'record' | 'stub' | 'none';
  /** The value of a symbol, references and owners as display names; undefined when there is no such field. */
  field(name: string): LegacyValue | undefined | Promise<LegacyValue | undefined>;
  /** A field behind a reference; undefined when the reference is empty or leads to another module. */
  related(field: RelatedField): LegacyValue | undefined | Promise<LegacyValue | undefined>;
  /** The record's data, which stands in for an empty context as `current_row`. */
  readonly record: JsonObject;
  readonly context: LegacyContext;
  /** The record's id on the wire; undefined when there is none. */
  readonly recordId: string | undefined;
  /** The record's module; undefined when there is none. */
  readonly module: string | undefined;
  /** The type of a field of the record; undefined when it is not known, which is shown and compared as text. */
  fieldType(name: string): LegacyFieldType | undefined;
  /** Who the expression runs as. */
  readonly user: LegacyUser;
  readonly services: LegacyServices;
}

/** A context that takes changes without passing them on: what a map's expression sets is gone after it. */
export function throwawayContext(initial: JsonObject): LegacyContext {
  let values = initial;
  return {
    values: () => values,
    set(name, value) {
      values = { ...values, [name]: value };
    },
  };
}
