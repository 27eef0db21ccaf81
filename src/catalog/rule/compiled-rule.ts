import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacySearch } from '../../expression/legacy/services.ts';
import type { LegacyValue } from '../../expression/legacy/value.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';

/** A condition expression, condition query or decision table, ready to be asked. */
export interface CompiledRule {
  readonly name: string;
  readonly document: RuleDocument;
  /** Rejects with EXPRESSION_*, MODULE_UNKNOWN and what lookups reject with. */
  evaluate(given: GivenValues): Promise<LegacyValue>;
  /** The ids on the wire of the records that it finds; undefined for a rule that searches none. */
  readonly records: ((given: GivenValues) => Promise<readonly string[]>) | undefined;
  /**
   * What it looks for, for whoever goes through the records page by page; left out by a rule that searches none. A rule
   * that orders its records or limits their number cannot be read so: undefined.
   */
  readonly search?: (given: GivenValues) => Promise<LegacySearch | undefined>;
}
