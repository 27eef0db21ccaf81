import type { Located, SourceText } from '../../core/diagnostic.ts';
import { choice, FILLED, TEXT } from '../attribute-kind.ts';
import { CONDITION_OPERATORS, type Condition, type ConditionOperator, type Guard } from '../common.ts';
import { type Attributes, type OpenElement, shape, type Place } from '../place.ts';
import { withoutMarkupBlanks } from './markup-blanks.ts';

/** The attributes that make one condition. */
export const CONDITION_ATTRIBUTES = { field: FILLED, is: choice(...CONDITION_OPERATORS), value: TEXT } as const;

const CONDITION = shape({ attributes: CONDITION_ATTRIBUTES, required: ['field', 'is'] });

const WITHOUT_VALUE: ReadonlySet<ConditionOperator> = new Set(['empty', 'not-empty', 'changed']);

/** The children that make a guard. */
export const GUARD_CHILDREN = { condition: 'many', 'legacy-conditions': 'many' } as const;

const LEGACY_CONDITIONS = shape({ attributes: {}, text: true });

/** A guard made of an element's `<condition>` and `<legacy-conditions>` children and a JSONata text. */
export function readGuard<A extends Attributes>(open: OpenElement<A>, jsonata: SourceText | undefined): Guard {
  return {
    conditions: open.all('condition').flatMap(readConditionElement),
    legacy: open.all('legacy-conditions').map(readLegacyConditions),
    jsonata,
  };
}

/** True when the element says something beyond its attributes. */
export function hasGuardChildren<A extends Attributes>(open: OpenElement<A>): boolean {
  return Object.keys(GUARD_CHILDREN).some((name) => open.all(name).length > 0);
}

/** What is in the list is read when the workflow is compiled, with the fields of its module at hand. */
function readLegacyConditions(place: Place): SourceText {
  place.open(LEGACY_CONDITIONS);
  return withoutMarkupBlanks(place.element.text());
}

function readConditionElement(place: Place): Condition[] {
  const condition = readCondition(place, place.open(CONDITION).attributes);
  return condition === undefined ? [] : [condition];
}

interface ConditionValues {
  readonly field: Located<string> | undefined;
  readonly is: ConditionOperator | undefined;
  readonly value: SourceText | undefined;
}

/** One condition out of its attributes; undefined when it is incomplete. Tells CONDITION_VALUE. */
export function readCondition(place: Place, values: ConditionValues): Condition | undefined {
  const { field, is, value } = values;
  if (field === undefined || is === undefined) return undefined;
  if (WITHOUT_VALUE.has(is) && value !== undefined) {
    place.errorAt(value, 'CONDITION_VALUE', `is="${is}" compares with nothing`, 'remove the value');
  }
  if (!WITHOUT_VALUE.has(is) && value === undefined && !place.element.attributes.has('value')) {
    place.error('CONDITION_VALUE', `is="${is}" needs a value to compare with`);
  }
  return { field, is, value: value?.value };
}
