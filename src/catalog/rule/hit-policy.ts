import type { Aggregate, DecisionTable } from '../../document/rule/rule.ts';
import { jsonNumber } from '../../expression/legacy/number.ts';
import {
  compareLoosely,
  equalsLoosely,
  isNumeric,
  isTruthy,
  type LegacyValue,
  toNumber,
} from '../../expression/legacy/value.ts';

/** What a rule, and a table in which nothing holds, gives: the original's own word for it. */
export const DOES_NOT_PASS = '__DoesNotPass__';

/** The values that rows gave, by sequence and in the order in which each sequence came first. */
export type RowValues = ReadonlyMap<string, LegacyValue>;

/**
 * One answer out of the rows' values, by the original's rules: comparisons are loose, so a value that is no text counts as
 * passed unless it is `true`, and an answer that is empty or zero is as good as none.
 */
export function applyHitPolicy(values: RowValues, table: Pick<DecisionTable, 'hitPolicy' | 'aggregate'>): LegacyValue {
  const given = answerOf(values, table);
  const answer = typeof given === 'number' ? jsonNumber(given) : given;
  return answer !== undefined && isTruthy(answer) ? answer : DOES_NOT_PASS;
}

function answerOf(
  values: RowValues,
  { hitPolicy, aggregate }: Pick<DecisionTable, 'hitPolicy' | 'aggregate'>,
): LegacyValue | undefined {
  const passed = [...values.values()].filter(passes);
  switch (hitPolicy) {
    case 'U':
      return passed.length === 1 ? passed[0] : undefined;
    case 'F':
      return passed[0];
    case 'C':
      return passed;
    case 'A':
      return agreed(passed);
    case 'R':
      return bySequence(values).filter(passes);
    case 'G':
      return aggregate === undefined ? undefined : aggregated([...values.values()], aggregate);
  }
}

/** The value that all have in common; empty ones before the first that is filled do not count. */
function agreed(passed: readonly LegacyValue[]): LegacyValue | undefined {
  const first = passed.findIndex(isTruthy);
  const value = passed[first];
  if (value === undefined) return undefined;
  return passed.slice(first).every((other) => equalsLoosely(other, value)) ? value : undefined;
}

function passes(value: LegacyValue): boolean {
  return !equalsLoosely(value, DOES_NOT_PASS);
}

/** Sequences that are whole numbers go by their size, others as texts. */
function bySequence(values: RowValues): LegacyValue[] {
  const key = (sequence: string): LegacyValue => (/^(?:0|-?[1-9]\d*)$/u.test(sequence) ? Number(sequence) : sequence);
  return [...values].toSorted(([a], [b]) => compareLoosely(key(a), key(b)) || 0).map(([, value]) => value);
}

/** Values that are no numbers do not count. */
function aggregated(values: readonly LegacyValue[], aggregate: Aggregate): LegacyValue | undefined {
  const numbers = values.filter(isNumeric).map(toNumber);
  switch (aggregate) {
    case 'count':
      return numbers.length;
    case 'sum':
      return numbers.reduce((sum, value) => sum + value, 0);
    // Zero counts as not there yet, as in the original.
    case 'min':
      return numbers.reduce((least, value) => (least === 0 || value < least ? value : least), 0);
    case 'max':
      return numbers.reduce((most, value) => (most === 0 || value > most ? value : most), 0);
  }
}
