import type { Located, SourceText } from '../../core/diagnostic.ts';
import { choice, FILLED, TEXT } from '../attribute-kind.ts';
import { CONDITION_OPERATORS, type Condition, type ConditionOperator, type Guard } from '../common.ts';
import { shape, type Place } from '../place.ts';

/** The attributes that make one condition. */
export const CONDITION_ATTRIBUTES = { field: FILLED, is: choice(...CONDITION_OPERATORS), value: TEXT } as const;

const CONDITION = shape({ attributes: CONDITION_ATTRIBUTES, required: ['field', 'is'] });

const WITHOUT_VALUE: ReadonlySet<ConditionOperator> = new Set(['empty', 'not-empty', 'changed']);

/** A guard made of `<condition>` children and a JSONata text. */
export function readGuard(conditions: readonly Place[], jsonata: SourceText | undefined): Guard {
  return { conditions: conditions.flatMap(readConditionElement), jsonata };
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
