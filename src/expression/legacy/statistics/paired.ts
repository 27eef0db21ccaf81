import { MapwrightError } from '../../../core/error.ts';
import type { LegacyValue } from '../value.ts';

/** Computes on two lists of the same length, of at least two numbers. */
type PairedStatistic = (first: readonly number[], second: readonly number[]) => LegacyValue;

/** What is told of two lists of numbers, by name. */
export const pairedStatistics: Readonly<Record<string, PairedStatistic>> = {
  covariance: (first, second) => products(first, second) / (first.length - 1),
  correlation: (first, second) => {
    const spread = Math.sqrt(products(first, first) * products(second, second));
    if (spread === 0) throw new MapwrightError('EXPRESSION_FAILED', 'one of the lists has the same number everywhere');
    return products(first, second) / spread;
  },
  /** Slope and intercept. */
  linearRegression: (first, second) => {
    const spread = products(first, first);
    if (spread === 0) throw new MapwrightError('EXPRESSION_FAILED', 'the first list has the same number everywhere');
    const slope = products(first, second) / spread;
    return [slope, mean(second) - slope * mean(first)];
  },
};

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** The sum of what the two lists deviate from their means, multiplied. */
function products(first: readonly number[], second: readonly number[]): number {
  const [center, otherCenter] = [mean(first), mean(second)];
  return first.reduce((total, value, index) => total + (value - center) * ((second[index] ?? 0) - otherCenter), 0);
}
