import { MapwrightError } from '../../../core/error.ts';
import type { JsonObject } from '../../../core/json.ts';
import { roundHalfUp } from '../rounding.ts';
import { compareLoosely, type LegacyValue, toLegacyText, toNumber } from '../value.ts';

/** How often a value occurs. */
export interface ValueCount {
  readonly value: LegacyValue;
  readonly count: number;
}

/** The values that occur, each once, by their text, in the order in which they come first. */
export function countEach(data: readonly LegacyValue[]): readonly ValueCount[] {
  const counts = new Map<string, ValueCount>();
  for (const value of data) {
    const text = toLegacyText(value);
    counts.set(text, { value: counts.get(text)?.value ?? value, count: (counts.get(text)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** A number with so many digits behind the point; as it is when nothing is said. */
export function roundedTo(value: number, digits: LegacyValue | undefined): number {
  return digits === undefined || digits === null ? value : roundHalfUp(value, toNumber(digits));
}

/** How often each value occurs, by its text, the least value first; shares in percent. */
export function frequencies(
  data: readonly LegacyValue[],
  as: 'count' | 'cumulative count' | 'percent' | 'cumulative percent',
  digits?: LegacyValue,
): JsonObject {
  let before = 0;
  const counts = countEach(data).toSorted((a, b) => compareLoosely(a.value, b.value));
  return Object.fromEntries(
    counts.map(({ value, count }) => {
      const counted = as.startsWith('cumulative') ? (before += count) : count;
      return [toLegacyText(value), as.endsWith('percent') ? roundedTo((counted * 100) / data.length, digits) : counted];
    }),
  );
}

const MAX_CLASSES = 10_000;

/** How many numbers lie in each of so many classes of the same size; without a number of classes, of size 1. */
export function frequencyTable(data: readonly number[], classes: number | undefined): JsonObject {
  if (classes === undefined) return frequencyTableBySize(data, 1);
  const spread = data.reduce((most, value) => Math.max(most, value), -Infinity) - leastOf(data);
  return frequencyTableBySize(data, Math.max(1, Math.ceil(spread / Math.max(1, classes))));
}

/** How many numbers lie in each class; a class is named by the number it begins at. */
export function frequencyTableBySize(data: readonly number[], size: number): JsonObject {
  if (data.length === 0) return {};
  const least = Math.floor(leastOf(data));
  const most = data.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  const classes = Math.floor((most - least) / size) + 1;
  if (!(size > 0) || !(classes <= MAX_CLASSES)) {
    throw new MapwrightError('EXPRESSION_FAILED', `a table of frequencies has 1 to ${MAX_CLASSES} classes`);
  }
  const counts = Array.from({ length: classes }, () => 0);
  for (const value of data) {
    const at = Math.floor((value - least) / size);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return Object.fromEntries(counts.map((count, index) => [toLegacyText(least + index * size), count]));
}

function leastOf(data: readonly number[]): number {
  return data.reduce((least, value) => Math.min(least, value), Infinity);
}
