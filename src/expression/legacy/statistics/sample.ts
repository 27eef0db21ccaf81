import { MapwrightError } from '../../../core/error.ts';
import { type LegacyValue, toNumber } from '../value.ts';
import { countEach, roundedTo } from './frequency.ts';

/** Computes on at least one value; throws EXPRESSION_FAILED where a statistic is not defined. */
type SampleStatistic = (data: readonly LegacyValue[], options: readonly LegacyValue[]) => LegacyValue;

/** What is told of one list of numbers, by name. An option is the number of digits to round to, where nothing else is said. */
export const sampleStatistics: Readonly<Record<string, SampleStatistic>> = {
  count: (data) => data.length,
  mean: (data) => mean(numbers(data)),
  fmean: (data, [weights, digits]) => roundedTo(weightedMean(numbers(data), weights), digits),
  median: (data) => middle(data, 'middle'),
  medianLow: (data) => middle(data, 'low'),
  medianHigh: (data) => middle(data, 'high'),
  mode: (data) => multimode(data)?.[0] ?? null,
  multimode: (data) => multimode(data) ?? null,
  quantiles: (data, [parts = 4, digits]) => quantiles(data, toNumber(parts), digits),
  firstQuartile: (data, [digits]) => quantiles(data, 4, digits)[0] ?? null,
  thirdQuartile: (data, [digits]) => quantiles(data, 4, digits)[2] ?? null,
  interquartileRange: (data, [digits]) => {
    const [first = 0, , third = 0] = quantiles(data, 4);
    return roundedTo(third - first, digits);
  },
  pvariance: (data, [digits]) => roundedTo(squaredDeviations(data) / data.length, digits),
  pstdev: (data, [digits]) => roundedTo(Math.sqrt(squaredDeviations(data) / data.length), digits),
  variance: (data, [digits]) => roundedTo(squaredDeviations(data) / (atLeastTwo(data).length - 1), digits),
  stdev: (data, [digits]) => roundedTo(Math.sqrt(squaredDeviations(data) / (atLeastTwo(data).length - 1)), digits),
  geometricMean: (data, [digits]) =>
    roundedTo(Math.exp(sum(numbers(data).map((value) => Math.log(positive(value)))) / data.length), digits),
  harmonicMean: (data, [weights, digits]) => roundedTo(harmonicMean(numbers(data), weights), digits),
};

function numbers(data: readonly LegacyValue[]): readonly number[] {
  return data.map(toNumber);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function weightsFor(values: readonly number[], weights: LegacyValue | undefined): readonly number[] {
  if (typeof weights !== 'object' || weights === null) return values.map(() => 1);
  const given = Object.values<LegacyValue>(weights).map(toNumber);
  if (given.length === values.length) return given;
  throw new MapwrightError('EXPRESSION_FAILED', 'there must be as many weights as values');
}

function weightedMean(values: readonly number[], weights: LegacyValue | undefined): number {
  const given = weightsFor(values, weights);
  return sum(values.map((value, index) => value * (given[index] ?? 0))) / sum(given);
}

function harmonicMean(values: readonly number[], weights: LegacyValue | undefined): number {
  const given = weightsFor(values, weights);
  if (values.includes(0)) return 0;
  return sum(given) / sum(values.map((value, index) => (given[index] ?? 0) / positive(value)));
}

function positive(value: number): number {
  if (value > 0) return value;
  throw new MapwrightError('EXPRESSION_FAILED', 'this mean is only defined for numbers greater than 0');
}

function atLeastTwo<T>(data: readonly T[]): readonly T[] {
  if (data.length >= 2) return data;
  throw new MapwrightError('EXPRESSION_FAILED', 'the variance of a sample needs at least two numbers');
}

function sorted(data: readonly LegacyValue[]): readonly number[] {
  return numbers(data).toSorted((a, b) => a - b);
}

function middle(data: readonly LegacyValue[], which: 'low' | 'middle' | 'high'): number {
  const values = sorted(data);
  const high = values[Math.floor(values.length / 2)] ?? 0;
  if (values.length % 2 === 1 || which === 'high') return high;
  const low = values[values.length / 2 - 1] ?? 0;
  return which === 'low' ? low : (low + high) / 2;
}

/** The most frequent values; undefined when none occurs twice. */
function multimode(data: readonly LegacyValue[]): LegacyValue[] | undefined {
  const counts = countEach(data);
  const most = counts.reduce((greatest, { count }) => Math.max(greatest, count), 0);
  return most === 1 ? undefined : counts.filter(({ count }) => count === most).map(({ value }) => value);
}

/** The values that cut the data into parts of the same size, the data taken as a sample of more. */
function quantiles(data: readonly LegacyValue[], parts: number, digits?: LegacyValue): number[] {
  if (!(parts >= 1 && parts <= 1000)) throw new MapwrightError('EXPRESSION_FAILED', 'quantiles needs 1 to 1000 parts');
  const values = sorted(atLeastTwo(data));
  return Array.from({ length: Math.floor(parts) - 1 }, (_, index) => {
    const place = (index + 1) * (values.length + 1);
    const at = Math.min(Math.max(Math.floor(place / parts), 1), values.length - 1);
    const rest = place - at * parts;
    const [low = 0, high = 0] = [values[at - 1], values[at]];
    return roundedTo((low * (parts - rest) + high * rest) / parts, digits);
  });
}

function squaredDeviations(data: readonly LegacyValue[]): number {
  const values = numbers(data);
  const center = mean(values);
  return sum(values.map((value) => (value - center) ** 2));
}
