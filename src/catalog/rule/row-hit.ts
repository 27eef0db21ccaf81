import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../core/json.ts';
import type { Aggregate, RowTable } from '../../document/rule/rule.ts';
import { isNumeric } from '../../expression/legacy/value.ts';

/**
 * One answer out of the values that the rows of a native table gave, in their order; undefined when they give none: there is
 * no value, several where one is wanted, or several that differ where they must agree.
 */
export function answerOfRows(
  values: readonly Json[],
  { hitPolicy, aggregate }: Pick<RowTable, 'hitPolicy' | 'aggregate'>,
): Json | undefined {
  const [first] = values;
  switch (hitPolicy) {
    case 'F':
      return first;
    case 'U':
      return values.length === 1 ? first : undefined;
    case 'A':
      return values.every((value) => isDeepStrictEqual(value, first)) ? first : undefined;
    case 'C':
    case 'R':
      return values.length === 0 ? undefined : values;
    case 'G':
      return aggregate === undefined ? undefined : aggregated(values, aggregate);
  }
}

/** Numbers, and texts that are some, count. */
function aggregated(values: readonly Json[], aggregate: Aggregate): number | undefined {
  const numbers = values.filter(isNumeric).map(Number).filter(Number.isFinite);
  const [first, ...more] = numbers;
  if (first === undefined) return undefined;
  switch (aggregate) {
    case 'count':
      return numbers.length;
    case 'sum':
      return exactSum(numbers);
    case 'min':
      return more.reduce((least, value) => Math.min(least, value), first);
    case 'max':
      return more.reduce((most, value) => Math.max(most, value), first);
  }
}

/** 0.1 and 0.2 are 0.3: digits that only binary fractions have are left off. Whole numbers have none. */
function exactSum(numbers: readonly number[]): number | undefined {
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (numbers.every(Number.isSafeInteger) && Number.isSafeInteger(sum)) return sum;
  return Number.isFinite(sum) ? Number(sum.toPrecision(15)) : undefined;
}
