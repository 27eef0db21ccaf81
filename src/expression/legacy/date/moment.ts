import { MapwrightError } from '../../../core/error.ts';
import { inZone, instantAt } from '../../zoned-time.ts';
import type { DateClock } from './date-clock.ts';
import { scanMoment } from './moment-scanner.ts';
import { type MomentDraft, shiftDay } from './moment-draft.ts';
import { inCalendar, localOf, readingOf } from './wall-clock.ts';

const MAX_TEXT_LENGTH = 200;
const MIDNIGHT = { hour: 0, minute: 0, second: 0 };

/**
 * The instant that a text stands for, as PHP's `strtotime` reads it: stored dates and times, dates as people write them
 * (`31.12.2024`, `12/31/2024`, `31 Dec 2024`), ISO 8601 with a zone, `@` and seconds, and words (`tomorrow`, `+2 weeks`,
 * `monday next week`, `last day of february`). What the text leaves open is that of the clock; a date alone is its first
 * moment. Undefined for any other text. Throws EXPRESSION_FAILED when it leaves the calendar.
 */
export function readMoment(text: string, clock: DateClock): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEXT_LENGTH) return undefined;
  const draft = scanMoment(trimmed.toLowerCase());
  return draft === undefined ? undefined : settle(draft, clock);
}

/** As `readMoment`, where the original makes a date object: an empty text is now; throws EXPRESSION_FAILED for what is no date. */
export function requireMoment(text: string, clock: DateClock): number {
  if (text.trim() === '') return clock.now;
  const moment = readMoment(text, clock);
  if (moment !== undefined) return moment;
  throw new MapwrightError('EXPRESSION_FAILED', `"${text.slice(0, 40)}" is not a date`, {
    hint: 'write it as 2024-12-31 or 2024-12-31 13:05:00',
  });
}

function settle(draft: MomentDraft, clock: DateClock): number {
  const given = draft.instant === undefined ? clock : { now: draft.instant, timeZone: 'UTC' };
  const timeZone = draft.timeZone ?? given.timeZone;
  const now = readingOf(inZone(given.now, timeZone).local);
  const beginsAtMidnight = draft.date !== undefined || draft.fromMidnight;
  const time = draft.time ?? (beginsAtMidnight ? MIDNIGHT : now);
  const { year = now.year, month = now.month, day = now.day } = draft.date ?? {};
  const { hour, minute, second } = time;
  const local = shiftDay(localOf({ year, month, day, hour, minute, second }), draft);
  const instant = draft.offsetMinutes === undefined ? instantAt(local, timeZone) : local - draft.offsetMinutes * 60_000;
  return inCalendar(instant + draft.shift.second * 1000);
}
