import { AGGREGATION_FUNCTIONS } from './aggregation.ts';
import { CONTEXT_FUNCTIONS } from './context.ts';
import { DATE_DIFFERENCE_FUNCTIONS } from './date-difference.ts';
import { DATE_FUNCTIONS } from './date.ts';
import type { FunctionFamily, Implementation } from './function.ts';
import { GEOGRAPHY_FUNCTIONS } from './geography.ts';
import { HASH_FUNCTIONS } from './hash.ts';
import { INVENTED_FUNCTIONS } from './invented.ts';
import { LIST_FUNCTIONS } from './list.ts';
import { LOGIC_FUNCTIONS } from './logic.ts';
import { MASS_CREATE_FUNCTIONS } from './mass-create.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { MESSAGE_FUNCTIONS } from './message.ts';
import { NAMED_GROUPS } from './names.ts';
import { PERSON_FUNCTIONS } from './person.ts';
import { RECORD_FUNCTIONS } from './record.ts';
import { RULE_FUNCTIONS } from './rule.ts';
import { SETTING_FUNCTIONS } from './setting.ts';
import { RANDOM_FUNCTIONS } from './random.ts';
import { STATISTICS_FUNCTIONS } from './statistics.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { VAT_FUNCTIONS } from './vat-number.ts';
import { WORKDAY_FUNCTIONS } from './workday.ts';

/** Every family of functions, one file each. A name that no family has is not available. */
const FAMILIES: readonly FunctionFamily[] = [
  TEXT_FUNCTIONS,
  HASH_FUNCTIONS,
  RANDOM_FUNCTIONS,
  INVENTED_FUNCTIONS,
  STATISTICS_FUNCTIONS,
  MATH_FUNCTIONS,
  LOGIC_FUNCTIONS,
  LIST_FUNCTIONS,
  CONTEXT_FUNCTIONS,
  DATE_FUNCTIONS,
  DATE_DIFFERENCE_FUNCTIONS,
  WORKDAY_FUNCTIONS,
  RECORD_FUNCTIONS,
  MASS_CREATE_FUNCTIONS,
  AGGREGATION_FUNCTIONS,
  PERSON_FUNCTIONS,
  SETTING_FUNCTIONS,
  MESSAGE_FUNCTIONS,
  RULE_FUNCTIONS,
  GEOGRAPHY_FUNCTIONS,
  VAT_FUNCTIONS,
];

/** Those that will not come, with the reason. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['executeSQL', 'it would send any statement to the database, past permissions and history'],
  ['hashFile', "it would read any file of the server's disk"],
]);

/**
 * Those that take their arguments raw: a plain field gives what is stored (a reference its id, not the name of what it points
 * at). What is nested is computed as anywhere else.
 */
const RAW: ReadonlySet<string> = new Set([
  'min',
  'max',
  'networkdays',
  'holidaydifference',
  'getEntityType',
  'getGEODistanceFromUser2AccountBilling',
  'getGEODistanceFromUser2AccountShipping',
  'getGEODistanceFromUser2ContactBilling',
  'getGEODistanceFromUser2ContactShipping',
  'getGEODistanceFromAssignUser2AccountBilling',
  'getGEODistanceFromAssignUser2AccountShipping',
  'getGEODistanceFromAssignUser2ContactBilling',
  'getGEODistanceFromAssignUser2ContactShipping',
]);

const IMPLEMENTATIONS: ReadonlyMap<string, Implementation> = new Map(
  FAMILIES.flatMap((family) => Object.entries(family)),
);

/** A function of the language, as far as it can be called. */
export type FoundFunction =
  | { readonly kind: 'available'; readonly compute: Implementation; readonly takesRaw: boolean }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** The names of those that the original has and this version does not. */
export const UNAVAILABLE_FUNCTION_NAMES: ReadonlySet<string> = new Set(
  NAMED_GROUPS.flatMap((group) => group.names).filter((name) => !IMPLEMENTATIONS.has(name)),
);

/** The names of all functions that can be called, in the spelling that counts. */
export const LEGACY_FUNCTION_NAMES: readonly string[] = [...IMPLEMENTATIONS.keys()];

/** How a function computes, or why it cannot be called. Letter case counts. */
export function findLegacyFunction(name: string): FoundFunction {
  const compute = IMPLEMENTATIONS.get(name);
  if (compute !== undefined) return { kind: 'available', compute, takesRaw: RAW.has(name) };
  if (!UNAVAILABLE_FUNCTION_NAMES.has(name)) return { kind: 'unknown' };
  return { kind: 'unavailable', reason: REFUSED.get(name) ?? 'this version does not have it' };
}
