import type { SourceText } from '../../../core/diagnostic.ts';
import { sliceSource } from '../../../xml/source-text.ts';

/** One field of a cron pattern. */
export interface CronFieldRule {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** Words for numbers, the first for `from`; compared without letter case. */
  readonly names: readonly string[];
  /** What else an item may be. */
  readonly also: RegExp | undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** The days of the week, from Sunday on. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** The fields of a pattern with seconds, in their order. */
export const CRON_FIELDS: readonly CronFieldRule[] = [
  { what: 'second', from: 0, to: 59, names: [], also: undefined },
  { what: 'minute', from: 0, to: 59, names: [], also: undefined },
  { what: 'hour', from: 0, to: 23, names: [], also: undefined },
  { what: 'day of the month', from: 1, to: 31, names: [], also: /^l$/u },
  { what: 'month', from: 1, to: 12, names: MONTHS, also: undefined },
  {
    what: 'day of the week',
    from: 0,
    to: 7,
    names: [...WEEKDAYS],
    also: /^(?:[0-7]|sun|mon|tue|wed|thu|fri|sat)(?:#[1-5]|l)$/u,
  },
];

/** A field as it was understood: the numbers that it names, besides what `also` stands for. */
export interface CronField {
  readonly text: string;
  readonly isAny: boolean;
  readonly numbers: ReadonlySet<number>;
  readonly hasSpecial: boolean;
}

/** What is wrong with an item, and where. */
export interface CronProblem {
  readonly at: SourceText;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Reads one field; a problem instead when it says nothing, or something that its rule does not know. */
export function readCronField(source: SourceText, rule: CronFieldRule): CronField | CronProblem {
  const numbers = new Set<number>();
  let hasSpecial = false;
  let start = 0;
  for (const item of source.value.toLowerCase().split(',')) {
    const at = sliceSource(source, start, start + item.length);
    start += item.length + 1;
    if (rule.also?.test(item) === true) {
      hasSpecial = true;
      continue;
    }
    const read = readItem(item, rule);
    if (typeof read === 'string') return { at: item === '' ? source : at, message: read, hint: hintFor(item, rule) };
    for (const number of read) numbers.add(number);
  }
  const text = source.value.toUpperCase();
  return { text, isAny: text === '*', numbers, hasSpecial };
}

/** The numbers that an item stands for; what is wrong with it otherwise. */
function readItem(item: string, rule: CronFieldRule): readonly number[] | string {
  const [, first = '', last, step] = /^([^-/]*)(?:-([^/]*))?(?:\/(.*))?$/su.exec(item) ?? [];
  const isAny = first === '*' && last === undefined;
  const from = isAny ? rule.from : numberOf(first, rule);
  const to = isAny ? rule.to : last === undefined ? from : numberOf(last, rule);
  if (from === undefined || to === undefined) return `"${item.slice(0, 40)}" is no ${rule.what}`;
  if (from > to) return `"${item}" ends before it begins`;
  if (step === undefined) return rangeOf(from, to, 1);
  if (!isAny && last === undefined) return `"${item}" has a step and no range to step through`;
  const width = Number(step);
  if (!/^[1-9][0-9]?$/u.test(step) || width > to - from + 1) {
    return `"/${step.slice(0, 40)}" is no step through ${from} to ${to}`;
  }
  return rangeOf(from, to, width);
}

function numberOf(text: string, { from, to, names }: CronFieldRule): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return named + from;
  if (!/^[0-9]{1,2}$/u.test(text)) return undefined;
  const number = Number(text);
  return number >= from && number <= to ? number : undefined;
}

function rangeOf(from: number, to: number, step: number): number[] {
  const numbers: number[] = [];
  for (let number = from; number <= to; number += step) numbers.push(number);
  return numbers;
}

function hintFor(item: string, { what, from, to, names, also }: CronFieldRule): string {
  const [, first = '', step = ''] = /^([0-9]{1,2})\/([0-9]+)$/u.exec(item) ?? [];
  if (first !== '') return `write ${first}-${to}/${step}`;
  if (/^[0-9]*\/?[0-9]*\.[0-9]+$|\/0*\.[0-9]+$/u.test(item)) return 'a second is the finest step';
  const words = names.length === 0 ? '' : `, or ${names.slice(0, 2).join(', ')} ...`;
  const special =
    also === undefined ? '' : what === 'day of the month' ? ', L (the last)' : ', mon#2 (the second), friL';
  return `${what}: ${from} to ${to}${words}${special}; lists 1,2, ranges 1-5, steps */2`;
}
