import { inZone } from '../../zoned-time.ts';
import { dayNumberOf, isoWeekOf, localOf, pad, padYear, readingOf, type WallReading, weekdayOf } from './wall-clock.ts';

/** An instant and the wall clock that shows it. */
interface Shown {
  readonly instant: number;
  readonly local: number;
  readonly offsetMinutes: number;
  readonly timeZone: string;
  readonly reading: Required<WallReading>;
}

/**
 * An instant (milliseconds since the epoch) written with the letters of PHP's `date` on a clock in `timeZone`. A backslash
 * keeps the character after it; what is no letter of PHP's stays. Throws EXPRESSION_FAILED for an unknown zone.
 */
export function formatPhpDate(instant: number, timeZone: string, pattern: string): string {
  const { local, offsetMinutes } = inZone(instant, timeZone);
  const shown: Shown = { instant, local, offsetMinutes, timeZone, reading: readingOf(local) };
  return writePattern(shown, pattern);
}

function writePattern(shown: Shown, pattern: string): string {
  return pattern.replace(/\\([^]?)|[A-Za-z]/gu, (letter, escaped: string | undefined) =>
    escaped === undefined ? (LETTERS.get(letter)?.(shown) ?? letter) : escaped,
  );
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

type LetterWriter = (shown: Shown) => string | number;

/** https://www.php.net/manual/en/datetime.format.php */
const LETTER_WRITERS: Readonly<Record<string, LetterWriter>> = {
  d: ({ reading }) => pad(reading.day, 2),
  D: ({ local }) => dayName(local).slice(0, 3),
  j: ({ reading }) => reading.day,
  l: ({ local }) => dayName(local),
  N: ({ local }) => weekdayOf(local),
  S: ({ reading }) => ordinalSuffix(reading.day),
  w: ({ local }) => weekdayOf(local) % 7,
  z: ({ local, reading }) => dayNumberOf(local) - dayNumberOf(localOf({ year: reading.year, month: 1, day: 1 })),
  W: ({ local }) => pad(isoWeekOf(local).week, 2),
  F: ({ reading }) => MONTHS[reading.month - 1] ?? '',
  m: ({ reading }) => pad(reading.month, 2),
  M: ({ reading }) => (MONTHS[reading.month - 1] ?? '').slice(0, 3),
  n: ({ reading }) => reading.month,
  t: ({ reading }) => readingOf(localOf({ year: reading.year, month: reading.month + 1, day: 0 })).day,
  L: ({ reading }) => (readingOf(localOf({ year: reading.year, month: 2, day: 29 })).month === 2 ? 1 : 0),
  o: ({ local }) => isoWeekOf(local).year,
  Y: ({ reading }) => padYear(reading.year),
  X: ({ reading }) => (reading.year < 0 ? '' : '+') + padYear(reading.year),
  x: ({ reading }) => padYear(reading.year),
  y: ({ reading }) => pad(Math.abs(reading.year) % 100, 2),
  a: ({ reading }) => (reading.hour < 12 ? 'am' : 'pm'),
  A: ({ reading }) => (reading.hour < 12 ? 'AM' : 'PM'),
  B: ({ instant }) => swatchBeat(instant),
  g: ({ reading }) => reading.hour % 12 || 12,
  G: ({ reading }) => reading.hour,
  h: ({ reading }) => pad(reading.hour % 12 || 12, 2),
  H: ({ reading }) => pad(reading.hour, 2),
  i: ({ reading }) => pad(reading.minute, 2),
  s: ({ reading }) => pad(reading.second, 2),
  // Times are whole seconds.
  u: () => '000000',
  v: () => '000',
  e: ({ timeZone }) => timeZone,
  I: (shown) => (isSummerTime(shown) ? 1 : 0),
  O: ({ offsetMinutes }) => writeOffset(offsetMinutes, ''),
  P: ({ offsetMinutes }) => writeOffset(offsetMinutes, ':'),
  p: ({ offsetMinutes }) => (offsetMinutes === 0 ? 'Z' : writeOffset(offsetMinutes, ':')),
  T: (shown) => zoneAbbreviation(shown),
  Z: ({ offsetMinutes }) => offsetMinutes * 60,
  c: (shown) => writePattern(shown, 'Y-m-d\\TH:i:sP'),
  r: (shown) => writePattern(shown, 'D, d M Y H:i:s O'),
  U: ({ instant }) => Math.floor(instant / 1000),
};

const LETTERS: ReadonlyMap<string, (shown: Shown) => string> = new Map(
  Object.entries(LETTER_WRITERS).map(([letter, write]) => [letter, (shown) => String(write(shown))]),
);

function dayName(local: number): string {
  return DAYS[weekdayOf(local) - 1] ?? '';
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

/** Thousandths of a day in Biel, an hour ahead of UTC. */
function swatchBeat(instant: number): string {
  const seconds = (Math.floor(instant / 1000) + 3600) % 86_400;
  return pad(Math.floor((seconds < 0 ? seconds + 86_400 : seconds) / 86.4), 3);
}

function writeOffset(offsetMinutes: number, separator: string): string {
  const distance = Math.abs(offsetMinutes);
  const hours = pad(Math.floor(distance / 60), 2);
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}${separator}${pad(distance % 60, 2)}`;
}

/** Summer time is when the clock is further ahead than at another time of the year. */
function isSummerTime({ reading, offsetMinutes, timeZone }: Shown): boolean {
  const seasons = [0, 6].map((month) => inZone(Date.UTC(reading.year, month, 1), timeZone).offsetMinutes);
  return offsetMinutes > Math.min(...seasons);
}

/** Where names such as CET, EST, IST or AEST are in use; others write the offset. */
const NAMING_LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ'];

function zoneAbbreviation({ instant, timeZone, offsetMinutes }: Shown): string {
  for (const locale of NAMING_LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(instant);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{2,5}$/u.test(name)) return name;
  }
  return writeOffset(offsetMinutes, '').replace(/00$/u, '');
}
