import { inZone, instantAt } from '../../zoned-time.ts';
import { fromUserDate } from '../date/user-date.ts';
import { isoDate, isoTime, localFromIso } from '../date/wall-clock.ts';
import type { LegacyPreferences } from '../services.ts';
import type { LegacyViewer } from './viewer.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$/u;
const CLOCK_12 = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*([ap])\.?m\.?$/iu;

/** `2024-12-31` as `31-12-2024`, by the viewer's format; with a time, the day it is in the viewer's zone. */
export function showDate(stored: string, viewer: LegacyViewer): string {
  const [date = '', time] = stored.trim().split(/[ T]/u);
  const day = time === undefined ? date : isoDate(inViewersZone(stored, viewer) ?? Number.NaN);
  const [, year = '', month = '', dayOfMonth = ''] = DATE.exec(day) ?? [];
  if (year === '') return stored;
  const parts = { yyyy: year, mm: month, dd: dayOfMonth };
  return viewer.preferences.dateFormat.replace(/yyyy|mm|dd/gu, (part) => parts[part as keyof typeof parts]);
}

/** `2024-12-31 13:05:09` in the viewer's zone and format; with a 12 hour clock `31-12-2024 01:05PM`. */
export function showDateTime(stored: string, viewer: LegacyViewer): string {
  const local = inViewersZone(stored, viewer);
  if (local === undefined) return showDate(stored, viewer);
  return `${showDate(isoDate(local), viewer)} ${showTime(isoTime(local), viewer.preferences)}`;
}

/** A time of day, which belongs to no zone: `13:05:09`, with a 12 hour clock `01:05PM`. */
export function showTime(stored: string, preferences: LegacyPreferences): string {
  const [, hourText = '', minute = '', second] = TIME.exec(stored.trim()) ?? [];
  if (hourText === '') return stored;
  const hour = Number(hourText);
  if (preferences.hourFormat === '24') return `${twoDigits(hour)}:${minute}:${second ?? '00'}`;
  return `${twoDigits(hour % 12 || 12)}:${minute}${hour % 24 < 12 ? 'AM' : 'PM'}`;
}

/** A date in the person's format, with `-`, `/` or `.` between, as `2024-12-31`; undefined when it is no date. */
export function readShownDate(shown: string, preferences: LegacyPreferences): string | undefined {
  const date = fromUserDate(shown.trim(), preferences.dateFormat);
  return date !== undefined && localFromIso(date) !== undefined ? date : undefined;
}

/** A date and time in the viewer's format and zone as it is stored; a date alone stands for its first moment. */
export function readShownDateTime(shown: string, viewer: LegacyViewer): string | undefined {
  const [dateText = '', ...timeTexts] = shown.trim().split(/[ T]+/u);
  const date = readShownDate(dateText, viewer.preferences);
  const time = timeTexts.length === 0 ? '00:00:00' : readShownTime(timeTexts.join(' '));
  const local = date === undefined || time === undefined ? undefined : localFromIso(`${date} ${time}`);
  if (local === undefined) return undefined;
  const stored = inZone(instantAt(local, viewer.preferences.timeZone), viewer.storedTimeZone).local;
  return `${isoDate(stored)} ${isoTime(stored)}`;
}

/** A time of day on either clock as `13:05:09`; undefined when it is none. */
export function readShownTime(shown: string): string | undefined {
  const text = shown.trim();
  const [, hour12 = '', minute12 = '00', second12 = '00', half = ''] = CLOCK_12.exec(text) ?? [];
  if (hour12 !== '') {
    const hour = Number(hour12);
    if (hour < 1 || hour > 12) return undefined;
    return clockTime((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minute12, second12);
  }
  const [, hour = '', minute = '', second = '00'] = TIME.exec(text) ?? [];
  return hour === '' ? undefined : clockTime(Number(hour), minute, second);
}

function clockTime(hour: number, minute: string, second: string): string | undefined {
  return hour > 23 || Number(minute) > 59 || Number(second) > 59 ? undefined : `${twoDigits(hour)}:${minute}:${second}`;
}

/** What a clock of the viewer shows at a stored date with a time. */
function inViewersZone(stored: string, viewer: LegacyViewer): number | undefined {
  const text = stored.trim().replace('T', ' ');
  const local = text.includes(' ') ? localFromIso(text) : undefined;
  if (local === undefined) return undefined;
  return inZone(instantAt(local, viewer.storedTimeZone), viewer.preferences.timeZone).local;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
