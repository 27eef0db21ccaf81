import { inZone } from '../../zoned-time.ts';
import type { LegacyViewer } from '../display/viewer.ts';
import type { LegacyPreferences } from '../services.ts';
import type { DateClock } from './date-clock.ts';
import { readMoment } from './moment.ts';
import { fullYear, isoDate, isoTime } from './wall-clock.ts';

const DATE_TEXT = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/u;

/**
 * A date as somebody writes it, with `-`, `/` or `.` between, as `2024-12-31`; one that begins with a year of four digits is
 * taken as such, whatever the format. Undefined when the text is no date in that format; the day may not exist.
 */
export function fromUserDate(text: string, format: LegacyPreferences['dateFormat']): string | undefined {
  const [, first = '', , second = '', third = ''] = DATE_TEXT.exec(text) ?? [];
  const yearFirst = first.length === 4 || (format === 'yyyy-mm-dd' && third.length <= 2);
  const parts = yearFirst ? [first, second, third] : partsByFormat(format, [first, second, third]);
  const [year = '', month = '', day = ''] = parts;
  if (first === '' || year.length === 3 || month.length > 2 || day.length > 2 || day === '') return undefined;
  return `${year.length <= 2 ? fullYear(Number(year)) : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function partsByFormat(format: LegacyPreferences['dateFormat'], parts: readonly string[]): readonly string[] {
  const [first = '', second = '', third = ''] = parts;
  // With the year first preferred, a year at the end is still readable: the day stands before the month then.
  return format === 'mm-dd-yyyy' ? [third, first, second] : [third, second, first];
}

const TIME_END = /^(.*?)(:?)$/u;

/**
 * A value of a record or a person as the stored text that times are compared in: a date alone as it is, a date with a time
 * moved from the viewer's zone to that of the store. Empty when the text is neither.
 */
export function toStoredMoment(value: string, viewer: LegacyViewer, clock: DateClock): string {
  const [dateText = '', timeText, more] = value.trim().split(' ');
  if (more !== undefined) return '';
  const date = plausible(fromUserDate(dateText, viewer.preferences.dateFormat));
  if (timeText === undefined) return date;
  const [, digits = '', colon = ''] = TIME_END.exec(timeText) ?? [];
  const time = digits.includes(':') && colon === '' ? digits : `${digits}:00`;
  const instant = readMoment(`${date} ${time}`, { now: clock.now, timeZone: viewer.preferences.timeZone });
  if (instant === undefined) return '';
  const { local } = inZone(instant, viewer.storedTimeZone);
  return `${isoDate(local)} ${isoTime(local)}`;
}

/** Months begin with 0 or 1, days with 0 to 3; what is beyond is no date. */
function plausible(date: string | undefined): string {
  return date !== undefined && /^\d{4}-[01]\d-[0-3]\d$/u.test(date) ? date : '';
}
