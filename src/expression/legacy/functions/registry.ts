import { CONTEXT_FUNCTIONS } from './context.ts';
import type { FunctionFamily, Implementation } from './function.ts';
import { LIST_FUNCTIONS } from './list.ts';
import { LOGIC_FUNCTIONS } from './logic.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { TEXT_FUNCTIONS } from './text.ts';

const FAMILIES: readonly FunctionFamily[] = [
  TEXT_FUNCTIONS,
  MATH_FUNCTIONS,
  LOGIC_FUNCTIONS,
  LIST_FUNCTIONS,
  CONTEXT_FUNCTIONS,
];

/** The functions of the original that are not offered. */
const UNAVAILABLE =
  'randomstring faker num2str translate hashFile randomnumber statistics frequency exists existsrelated allrelatedare ' +
  'allrelatedarethesame get_date add_days sub_days add_months sub_months add_time sub_time time_diff time_diffdays ' +
  'time_diffyears time_diffweekdays networkdays holidaydifference isholidaydate add_workdays sub_workdays get_nextdate ' +
  'get_nextdatelaborable format_date getISODate applyMaptoArrayElements applyMaptoArrayElementsAndSubarray getSetting ' +
  'setSetting delSetting sendMessage readMessage uniqid getIDof getFieldsOF getRelatedIDs getRelatedMassCreateArray ' +
  'getRelatedMassCreateArrayConverting getRelatedRecordCreateArrayConverting getEntityType getimageurl aggregation ' +
  'aggregation_fields_operation aggregate_time executeSQL evaluateRule evaluateExpression getCRUDMode getRequest Importing ' +
  'globalvariable getCurrentConfiguredTaxValues getCurrencyConversionValue EUVATValidation AutoNumberDec getCurrentUserName ' +
  'getCurrentUserField getGroupID getLatitude getLongitude getLongitudeLatitude getGEODistance ' +
  'getGEODistanceFromCompanyAddress getGEODistanceFromUserAddress getGEODistanceFromUser2AccountBilling ' +
  'getGEODistanceFromUser2AccountShipping getGEODistanceFromUser2ContactBilling getGEODistanceFromUser2ContactShipping ' +
  'getGEODistanceFromAssignUser2AccountBilling getGEODistanceFromAssignUser2AccountShipping ' +
  'getGEODistanceFromAssignUser2ContactBilling getGEODistanceFromAssignUser2ContactShipping getGEODistanceFromCoordinates';

const IMPLEMENTATIONS: ReadonlyMap<string, Implementation> = new Map(
  FAMILIES.flatMap((family) => Object.entries(family)),
);

/** The names of those that the original has and this version does not. */
export const UNAVAILABLE_FUNCTION_NAMES: ReadonlySet<string> = new Set(UNAVAILABLE.split(' '));

/** The names of all functions that can be called, in the spelling that counts. */
export const LEGACY_FUNCTION_NAMES: readonly string[] = [...IMPLEMENTATIONS.keys()];

/** How a function computes; `unavailable` when the original has it and this version does not; undefined when unknown. */
export function findLegacyFunction(name: string): Implementation | 'unavailable' | undefined {
  return IMPLEMENTATIONS.get(name) ?? (UNAVAILABLE_FUNCTION_NAMES.has(name) ? 'unavailable' : undefined);
}
