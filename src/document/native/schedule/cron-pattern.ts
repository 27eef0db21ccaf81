import type { SourceText } from '../../../core/diagnostic.ts';
import { sliceSource } from '../../../xml/source-text.ts';
import type { Place } from '../../place.ts';
import { CRON_FIELDS, type CronField, readCronField } from './cron-field.ts';

/** Short forms that crontabs know. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 0 1 1 *'],
  ['@annually', '0 0 0 1 1 *'],
  ['@monthly', '0 0 0 1 * *'],
  ['@weekly', '0 0 0 * * 0'],
  ['@daily', '0 0 0 * * *'],
  ['@midnight', '0 0 0 * * *'],
  ['@hourly', '0 0 * * * *'],
]);

/** In a leap year. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The pattern with six fields; undefined after a problem was reported: WORKFLOW_SCHEDULE_CRON, or WORKFLOW_SCHEDULE_NEVER
 * for one that no day fits.
 */
export function readCronPattern(place: Place, source: SourceText): string | undefined {
  const named = NAMED.get(source.value.trim().toLowerCase());
  if (named !== undefined) return named;
  const words = [...source.value.matchAll(/[^ \t\r\n]+/gu)];
  if (words.length !== 5 && words.length !== 6) {
    const hint = 'minute hour day month weekday, as in "30 6 * * mon-fri"; a field for seconds may stand before them';
    const message = `a cron pattern has five or six fields, and this has ${words.length}`;
    place.errorAt(source, 'WORKFLOW_SCHEDULE_CRON', message, hint);
    return undefined;
  }
  const rules = CRON_FIELDS.slice(CRON_FIELDS.length - words.length);
  const fields: CronField[] = [];
  for (const [index, rule] of rules.entries()) {
    const { 0: text = '', index: start = 0 } = words[index] ?? {};
    const field = readCronField(sliceSource(source, start, start + text.length), rule);
    if ('message' in field) {
      place.errorAt(field.at, 'WORKFLOW_SCHEDULE_CRON', field.message, field.hint);
      return undefined;
    }
    fields.push(field);
  }
  if (!everFires(fields)) {
    const hint = 'a day that each of the months has, or L for the last of the month';
    place.errorAt(source, 'WORKFLOW_SCHEDULE_NEVER', 'no month named has the day: this never fires', hint);
    return undefined;
  }
  return [...(words.length === 5 ? ['0'] : []), ...fields.map(({ text }) => text)].join(' ');
}

/** Weekdays come in every month, and either day is enough where both kinds are named. */
function everFires(fields: readonly CronField[]): boolean {
  const [day, month, weekday] = fields.slice(-3);
  if (day === undefined || month === undefined || weekday?.isAny !== true || day.isAny || day.hasSpecial) return true;
  return [...month.numbers].some((one) => [...day.numbers].some((date) => date <= (LONGEST_MONTHS[one - 1] ?? 0)));
}
