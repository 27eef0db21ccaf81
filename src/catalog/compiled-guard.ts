import type { RecordValue, RecordValues } from '../core/record.ts';
import type { Condition, ConditionOperator, Guard } from '../document/common.ts';
import type { SearchOperator } from '../document/rule/record-search.ts';
import type { Ambience, Environment } from '../expression/environment.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import type { LegacyConditionList } from '../expression/legacy/condition/compile-conditions.ts';
import type { LegacyConditionView } from '../expression/legacy/condition/condition-view.ts';

/** What a guard is judged on. */
export interface GuardView {
  readonly record: RecordValues;
  readonly previous: RecordValues | undefined;
  readonly changed: readonly string[];
  readonly environment: Environment;
  readonly ambience: Ambience;
  /** The same as the coreBOS dialect sees it; made when it is first asked for, as most guards never do. */
  legacy(): Promise<LegacyConditionView>;
}

/** Conditions on the record and an optional expression, compiled. */
export interface CompiledGuard {
  readonly isAlwaysTrue: boolean;
  /** Rejects with EXPRESSION_* when the expression fails or runs over `timeoutMs`. */
  holds(view: GuardView, timeoutMs: number): Promise<boolean>;
}

/** Joins a guard's conditions with what was compiled of it: all must hold. */
export function compiledGuard(
  guard: Guard,
  compiled: { readonly expression: JsonataExpression | undefined; readonly legacy: readonly LegacyConditionList[] },
): CompiledGuard {
  const { expression } = compiled;
  const legacy = compiled.legacy.filter((list) => !list.isAlwaysTrue);
  return {
    isAlwaysTrue: guard.conditions.length === 0 && legacy.length === 0 && expression === undefined,
    async holds(view, timeoutMs) {
      if (!guard.conditions.every((condition) => conditionHolds(condition, view))) return false;
      for (const list of legacy) if (!(await list.holds(await view.legacy(), { timeoutMs }))) return false;
      if (expression === undefined) return true;
      return (await expression.evaluate(view.environment, view.ambience, { timeoutMs })) === true;
    },
  };
}

type Comparison = (value: RecordValue, wanted: string) => boolean;
type Judge = (value: RecordValue, wanted: string, view: GuardView, field: string) => boolean;

const isEmpty = (value: RecordValue): boolean => value === null || value === '';
const asText = (value: RecordValue): string => (value === null ? '' : String(value));

/** Numbers compare as numbers, everything else as text. */
function compare(value: RecordValue, wanted: string): number {
  if (typeof value === 'number' && wanted.trim() !== '' && Number.isFinite(Number(wanted))) {
    return value - Number(wanted);
  }
  const text = asText(value);
  return text < wanted ? -1 : text > wanted ? 1 : 0;
}

function equals(value: RecordValue, wanted: string): boolean {
  return compare(value, wanted) === 0;
}

const COMPARISONS: Readonly<Record<SearchOperator, Comparison>> = {
  empty: (value) => isEmpty(value),
  'not-empty': (value) => !isEmpty(value),
  equal: equals,
  'not-equal': (value, wanted) => !equals(value, wanted),
  less: (value, wanted) => !isEmpty(value) && compare(value, wanted) < 0,
  greater: (value, wanted) => !isEmpty(value) && compare(value, wanted) > 0,
  'at-most': (value, wanted) => !isEmpty(value) && compare(value, wanted) <= 0,
  'at-least': (value, wanted) => !isEmpty(value) && compare(value, wanted) >= 0,
  contains: (value, wanted) => asText(value).includes(wanted),
  'not-contains': (value, wanted) => !asText(value).includes(wanted),
  'starts-with': (value, wanted) => asText(value).startsWith(wanted),
  'ends-with': (value, wanted) => asText(value).endsWith(wanted),
  'one-of': (value, wanted) => wanted.split(/\s+/u).some((choice) => equals(value, choice)),
};

const JUDGES: Readonly<Record<ConditionOperator, Judge>> = {
  ...COMPARISONS,
  changed: (_value, _wanted, view, field) => view.changed.includes(field),
  'changed-to': (value, wanted, view, field) => view.changed.includes(field) && equals(value, wanted),
  'changed-from': (_value, wanted, view, field) =>
    view.changed.includes(field) && view.previous !== undefined && equals(view.previous[field] ?? null, wanted),
};

function conditionHolds(condition: Condition, view: GuardView): boolean {
  const field = condition.field.value;
  return JUDGES[condition.is](view.record[field] ?? null, condition.value ?? '', view, field);
}

/** True when the value compares so with what is wanted, as in conditions. */
export function valueCompares(is: SearchOperator, value: RecordValue, wanted: string): boolean {
  return COMPARISONS[is](value, wanted);
}
