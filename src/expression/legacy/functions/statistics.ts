import { MapwrightError } from '../../../core/error.ts';
import { frequencyTable, frequencyTableBySize, frequencies } from '../statistics/frequency.ts';
import { pairedStatistics } from '../statistics/paired.ts';
import { sampleStatistics } from '../statistics/sample.ts';
import { isNumeric, type LegacyValue, toLegacyText, toNumber } from '../value.ts';
import type { FunctionFamily } from './function.ts';

/**
 * The functions of the statistics library that the original calls by name: `statistics('median', array(1, 2, 9))`. The data
 * are one list, or all arguments from the second on.
 */
export const STATISTICS_FUNCTIONS: FunctionFamily = {
  statistics: ([name, ...rest]) => statistics(toLegacyText(name ?? ''), rest),
  frequency: ([name, ...rest]) => frequency(toLegacyText(name ?? ''), rest),
};

/** What is computed on, and what is said about how. */
interface Given {
  readonly data: readonly LegacyValue[];
  readonly options: readonly LegacyValue[];
}

function givenIn(values: readonly LegacyValue[]): Given {
  const [first, ...options] = values;
  if (typeof first === 'object' && first !== null) return { data: Object.values<LegacyValue>(first), options };
  return { data: values, options: [] };
}

function statistics(name: string, values: readonly LegacyValue[]): LegacyValue {
  const given = givenIn(values);
  const sample = Object.hasOwn(sampleStatistics, name) ? sampleStatistics[name] : undefined;
  if (sample !== undefined) {
    if (given.data.length === 0) throw needsData(name);
    return sample(name === 'mode' || name === 'multimode' ? given.data : numbersOf(name, given.data), given.options);
  }
  const paired = Object.hasOwn(pairedStatistics, name) ? pairedStatistics[name] : undefined;
  if (paired === undefined) throw unknownName('statistics', name, [sampleStatistics, pairedStatistics]);
  const [second] = given.options;
  if (typeof second !== 'object' || second === null || given.data.length < 2) throw needsData(name);
  const others = numbersOf(name, Object.values<LegacyValue>(second));
  if (others.length !== given.data.length) {
    throw new MapwrightError('EXPRESSION_FAILED', `${name} needs two lists of the same length`);
  }
  return paired(numbersOf(name, given.data), others);
}

const FREQUENCIES: Readonly<Record<string, (given: Given) => LegacyValue>> = {
  frequencies: ({ data }) => frequencies(data, 'count'),
  cumulativeFrequencies: ({ data }) => frequencies(data, 'cumulative count'),
  relativeFrequencies: ({ data, options: [digits] }) => frequencies(data, 'percent', digits),
  cumulativeRelativeFrequencies: ({ data, options: [digits] }) => frequencies(data, 'cumulative percent', digits),
  frequencyTable: ({ data, options: [classes = null] }) =>
    frequencyTable(numbersOf('frequencyTable', data), classes === null ? undefined : toNumber(classes)),
  frequencyTableBySize: ({ data, options: [size = 1] }) =>
    frequencyTableBySize(numbersOf('frequencyTableBySize', data), toNumber(size)),
};

function frequency(name: string, values: readonly LegacyValue[]): LegacyValue {
  const compute = Object.hasOwn(FREQUENCIES, name) ? FREQUENCIES[name] : undefined;
  if (compute === undefined) throw unknownName('frequency', name, [FREQUENCIES]);
  return compute(givenIn(values));
}

function numbersOf(name: string, values: readonly LegacyValue[]): readonly number[] {
  return values.map((value) => {
    if (isNumeric(value)) return toNumber(value);
    throw new MapwrightError(
      'EXPRESSION_FAILED',
      `${name} needs numbers, and "${toLegacyText(value).slice(0, 40)}" is none`,
    );
  });
}

function needsData(name: string): MapwrightError {
  return new MapwrightError('EXPRESSION_FAILED', `${name} has nothing to compute on`, {
    hint: `statistics('${name}', array(1, 2, 9))`,
  });
}

function unknownName(called: string, name: string, known: readonly object[]): MapwrightError {
  const names = known.flatMap((functions) => Object.keys(functions)).join(', ');
  return new MapwrightError('EXPRESSION_FAILED', `${called} cannot compute "${name.slice(0, 40)}"`, {
    hint: `one of ${names}`,
  });
}
