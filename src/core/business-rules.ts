import type { Json, JsonObject } from './json.ts';

/** What a document is asked about, and for whom. */
export interface RuleCall {
  /** Name of the document. */
  readonly name: string;
  /** Values by name; `record_id` (`11x74`) names the stored record beneath, if there is one. */
  readonly values: JsonObject;
  /** User id (`19x1`). */
  readonly user: string;
}

/**
 * Documents that answer without a run. Methods give undefined when there is no document of that kind and name, and reject
 * with the error of the expression that failed.
 */
export interface BusinessRules {
  /** What a condition, condition query or decision table says. */
  evaluate(call: RuleCall): Promise<Json | undefined>;
  /** The fields that a mapping makes of the values, or the values of an information map. */
  process(call: RuleCall): Promise<Json | undefined>;
}
