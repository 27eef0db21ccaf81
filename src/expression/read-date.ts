import { inZone } from './zoned-time.ts';

const PART = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/gy;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** How each field of a pattern (UTS #35) is written. */
const FORMS: ReadonlyMap<string, string> = new Map([
  ['yyyy', '(\\d{4})'],
  ['y', '(\\d{1,4})'],
  ['yy', '(\\d{2})'],
  ['MMMM', '([A-Za-z]+)'],
  ['MMM', '([A-Za-z]{3})'],
  ['MM', '(\\d{2})'],
  ['M', '(\\d{1,2})'],
  ['dd', '(\\d{2})'],
  ['d', '(\\d{1,2})'],
  ['HH', '(\\d{2})'],
  ['H', '(\\d{1,2})'],
  ['hh', '(\\d{2})'],
  ['h', '(\\d{1,2})'],
  ['mm', '(\\d{2})'],
  ['m', '(\\d{1,2})'],
  ['ss', '(\\d{2})'],
  ['s', '(\\d{1,2})'],
  ['SSS', '(\\d{3})'],
  ['a', '([AaPp][Mm])'],
  ['XXX', '(Z|[+-]\\d{2}:\\d{2})'],
  ['XX', '(Z|[+-]\\d{4})'],
  ['Z', '([+-]\\d{4})'],
]);

interface DateForm {
  readonly regex: RegExp;
  /** The letter of each group. */
  readonly letters: readonly string[];
}

const forms = new Map<string, DateForm | undefined>();
const MAX_FORMS = 200;

/** True when dates can be read by the pattern, which has a year, a month and a day, each once. */
export function isReadablePattern(pattern: string): boolean {
  const letters = formOf(pattern)?.letters ?? [];
  return ['y', 'M', 'd'].every((letter) => letters.includes(letter)) && new Set(letters).size === letters.length;
}

/** The day that a text written by the pattern names, `YYYY-MM-DD`; undefined when it is not written so, or there is no such day. */
export function dateOf(text: string, pattern: string): string | undefined {
  const local = localOf(text, pattern)?.local;
  return local === undefined ? undefined : new Date(local).toISOString().slice(0, 10);
}

/**
 * The instant that a text names, in milliseconds since the epoch; of a time without an offset the one at which clocks in
 * `zone` show it. Without a pattern: ISO 8601. Undefined when it is not written so.
 */
export function instantOf(text: string, pattern: string | undefined, zone: string): number | undefined {
  const read = pattern === undefined ? isoOf(text) : localOf(text, pattern);
  if (read === undefined) return undefined;
  if (read.offsetMinutes !== undefined) return read.local - read.offsetMinutes * 60_000;
  // The offset there at about that time, and then at that time: they differ where clocks were put on or back in between.
  const about = read.local - inZone(read.local, zone).offsetMinutes * 60_000;
  return read.local - inZone(about, zone).offsetMinutes * 60_000;
}

interface LocalTime {
  /** What the clock on the wall shows, as if it were in UTC. */
  readonly local: number;
  readonly offsetMinutes: number | undefined;
}

function isoOf(text: string): LocalTime | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?(Z|[+-]\d{2}:?\d{2})?$/iu.exec(
    text,
  );
  if (match === null) return undefined;
  const [, date = '', time = '00:00', offset] = match;
  const local = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/u, '$1')}Z`);
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== date) return undefined;
  return { local, offsetMinutes: offset === undefined ? undefined : minutesOf(offset) };
}

function localOf(text: string, pattern: string): LocalTime | undefined {
  const form = formOf(pattern);
  const match = form?.regex.exec(text);
  if (form === undefined || match === null || match === undefined) return undefined;
  const parts = new Map(form.letters.map((letter, index) => [letter, match[index + 1] ?? '']));
  const number = (letter: string): number => Number(parts.get(letter) ?? 0);
  const monthText = parts.get('M') ?? '1';
  const month = /^\d/u.test(monthText) ? Number(monthText) : MONTHS.indexOf(monthText.slice(0, 3).toLowerCase()) + 1;
  const yearText = parts.get('y') ?? '1970';
  const year = yearText.length === 2 ? fullYear(Number(yearText)) : Number(yearText);
  const day = Number(parts.get('d') ?? 1);
  const hour = parts.has('h') ? hourOf(number('h'), parts.get('a')) : number('H');
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || number('m') > 59 || number('s') > 59) return undefined;
  const local = date.setUTCHours(hour, number('m'), number('s'), number('S'));
  const offset = parts.get('X') ?? parts.get('Z');
  return { local, offsetMinutes: offset === undefined ? undefined : minutesOf(offset) };
}

/** Two digits are of this century up to 68, as POSIX has it. */
function fullYear(short: number): number {
  return short <= 68 ? 2000 + short : 1900 + short;
}

/** 24 stands for no hour at all. */
function hourOf(hour: number, half: string | undefined): number {
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0);
}

function minutesOf(offset: string): number {
  if (/^z$/iu.test(offset)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/u.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Undefined for a pattern with a field that cannot be read. */
function formOf(pattern: string): DateForm | undefined {
  if (forms.has(pattern)) return forms.get(pattern);
  const form = compileForm(pattern);
  if (forms.size >= MAX_FORMS) forms.clear();
  forms.set(pattern, form);
  return form;
}

function compileForm(pattern: string): DateForm | undefined {
  const letters: string[] = [];
  let source = '';
  let end = 0;
  for (const match of pattern.matchAll(PART)) {
    const [whole, literal, letter] = match;
    end = match.index + whole.length;
    if (letter === undefined) {
      const plain = literal === undefined ? whole : literal === '' ? "'" : literal.replaceAll("''", "'");
      source += plain.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
      continue;
    }
    const form = FORMS.get(whole);
    if (form === undefined) return undefined;
    source += form;
    letters.push(letter);
  }
  return end < pattern.length ? undefined : { regex: new RegExp(`^${source}$`, 'u'), letters };
}
