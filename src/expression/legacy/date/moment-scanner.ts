import { emptyDraft, type MomentDraft } from './moment-draft.ts';
import {
  addShift,
  aimAtWeekday,
  MONTH_PATTERN,
  monthNumber,
  ORDINAL_PATTERN,
  ordinalNumber,
  UNIT_PATTERN,
  WEEKDAY_PATTERN,
  weekdayNumber,
} from './moment-words.ts';
import { fullYear, isoWeekDay, readingOf } from './wall-clock.ts';

/** Takes what a pattern found into the draft; false when it cannot be so. */
type Reader = (groups: readonly string[], draft: MomentDraft) => boolean;

/** Reads a text in lower case from its beginning to its end; undefined when a part of it means nothing. */
export function scanMoment(text: string): MomentDraft | undefined {
  const draft = emptyDraft();
  let position = 0;
  while (position < text.length) {
    const end = readNext(text, position, draft);
    if (end === undefined) return undefined;
    position = end;
  }
  return draft;
}

function readNext(text: string, position: number, draft: MomentDraft): number | undefined {
  for (const [pattern, read] of FORMS) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) continue;
    const groups = match.slice(1).map((group: string | undefined) => group ?? '');
    return read(groups, draft) ? position + match[0].length : undefined;
  }
  return undefined;
}

function form(source: string, read: Reader): readonly [RegExp, Reader] {
  return [new RegExp(source, 'uy'), read];
}

const HALF = '([ap])\\.?m\\b\\.?';
const ORDINAL_END = '(?:st|nd|rd|th)?';

/** In the order in which they are tried; what could be read two ways is read as PHP does. */
const FORMS: readonly (readonly [RegExp, Reader])[] = [
  form('[ \\t,]+', () => true),
  form('@(-?\\d{1,13})(?:\\.\\d+)?', ([seconds = ''], draft) => setInstant(draft, Number(seconds) * 1000)),
  form('(\\d{4})-?w(\\d{2})(?:-?([0-7]))?(?!\\d)', ([year, week, day], draft) =>
    setIsoWeek(draft, Number(year), Number(week), day === '' ? 1 : Number(day)),
  ),
  form('([+-]?\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?!\\d)', ([year, month, day], draft) =>
    setDate(draft, year, month, day),
  ),
  form('(\\d{4})(\\d{2})(\\d{2})(?:t?(\\d{2}):?(\\d{2}):?(\\d{2}))?(?!\\d)', (groups, draft) => {
    const [year, month, day, hour = '', minute, second] = groups;
    return setDate(draft, year, month, day) && (hour === '' || setTime(draft, { hour, minute, second }));
  }),
  form('(\\d{4})-(\\d{1,2})(?!\\d)', ([year, month], draft) => setDate(draft, year, month, '1')),
  form('(\\d{1,2})([-.])(\\d{1,2})\\2(\\d{4})(?!\\d)', ([day, , month, year], draft) =>
    setDate(draft, year, month, day),
  ),
  form('(\\d{1,2})/(\\d{1,2})(?:/(\\d{4}|\\d{2}))?(?!\\d)', ([month, day, year], draft) =>
    setDate(draft, year, month, day),
  ),
  form('(\\d{2})-(\\d{1,2})-(\\d{1,2})(?!\\d)', ([year, month, day], draft) => setDate(draft, year, month, day)),
  form('(\\d{1,2})\\.(\\d{1,2})\\.([6-9]\\d)(?!\\d)', ([day, month, year], draft) => setDate(draft, year, month, day)),
  form(`(\\d{1,2})${ORDINAL_END}[ \\t.-]*(${MONTH_PATTERN})\\b\\.?(?:[ \\t.,-]*(\\d{4})(?![\\d:]))?`, (groups, draft) =>
    setDate(draft, groups[2], groups[1], groups[0]),
  ),
  form(`(\\d{4})[ \\t.-]*(${MONTH_PATTERN})\\b[ \\t.-]*(\\d{1,2})(?![\\d:])`, ([year, month, day], draft) =>
    setDate(draft, year, month, day),
  ),
  form(`(${MONTH_PATTERN})\\b[ \\t.-]*(\\d{4})(?![\\d:])`, ([month, year], draft) => setDate(draft, year, month, '1')),
  form(
    `(${MONTH_PATTERN})\\b[ \\t.-]*(\\d{1,2})${ORDINAL_END}(?![\\d:])(?:[ \\t.,-]+(\\d{4})(?![\\d:]))?`,
    ([month, day, year], draft) => setDate(draft, year, month, day),
  ),
  form(`(${MONTH_PATTERN})\\b`, ([month], draft) => setDate(draft, '', month, '')),
  form(`t?(\\d{1,2})[:.](\\d{1,2})(?:[:.](\\d{1,2})(?:[.,]\\d+)?)?(?:[ \\t]*${HALF})?(?!\\d)`, (groups, draft) => {
    const [hour, minute, second, half] = groups;
    return setTime(draft, { hour, minute, second, half });
  }),
  form(`(\\d{1,2})[ \\t]*${HALF}`, ([hour, half], draft) => setTime(draft, { hour, half })),
  form('(first|last) day of\\b', ([word = ''], draft) => {
    draft.dayOfMonth = { nth: ordinalNumber(word) };
    return true;
  }),
  form(`(${ORDINAL_PATTERN})[ \\t]+(${WEEKDAY_PATTERN})[ \\t]+of\\b`, ([word = '', day = ''], draft) => {
    draft.dayOfMonth = { nth: ordinalNumber(word), weekday: weekdayNumber(day) };
    draft.fromMidnight = true;
    return true;
  }),
  form(`(${ORDINAL_PATTERN})[ \\t]+(${UNIT_PATTERN})\\b`, ([word = '', unit = ''], draft) => {
    addShift(draft, ordinalNumber(word), unit, true);
    return true;
  }),
  form(`([+-]*)[ \\t]*(\\d{1,13})[ \\t]*(${UNIT_PATTERN})\\b`, ([signs = '', digits = '', unit = ''], draft) => {
    const negative = signs.replaceAll('+', '').length % 2 === 1;
    addShift(draft, negative ? -Number(digits) : Number(digits), unit, false);
    return true;
  }),
  form('ago\\b', (_, { shift }) => {
    for (const part of ['year', 'month', 'day', 'weekdays', 'second'] as const) shift[part] = -shift[part];
    return true;
  }),
  form('(now|today|midnight|noon|tomorrow|yesterday)\\b', ([word = ''], draft) => setWord(draft, word)),
  form(`(${WEEKDAY_PATTERN})\\b\\.?`, ([name = ''], draft) => {
    aimAtWeekday(draft, weekdayNumber(name), 'this');
    return true;
  }),
  form('(\\d{2})(\\d{2})(?![\\d])', ([first = '', second = ''], draft) =>
    Number(first) <= 24 && Number(second) <= 59
      ? setTime(draft, { hour: first, minute: second })
      : setYear(draft, Number(first + second)),
  ),
  form('(?:gmt|utc)?([+-])(\\d{1,2}):?(\\d{2})?(?!\\d)', ([sign, hours, minutes], draft) => {
    draft.offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    return true;
  }),
  form('(?:z|utc|gmt)\\b', (_, draft) => {
    draft.offsetMinutes = 0;
    return true;
  }),
  form('\\(?([a-z]+(?:/[a-z0-9_+-]+){1,2})\\)?', ([name = ''], draft) => setZone(draft, name)),
];

type Digits = string | undefined;

/** The month may be a name; what is empty is left open. */
function setDate(draft: MomentDraft, year: Digits, month: Digits, day: Digits): boolean {
  const monthValue = numberOr(month, monthNumber(month ?? ''));
  const dayValue = numberOr(day, undefined);
  if (draft.date !== undefined || monthValue === undefined || monthValue > 12 || (dayValue ?? 0) > 31) return false;
  const yearValue = numberOr(year, undefined);
  draft.date = {
    month: monthValue,
    ...(dayValue === undefined ? {} : { day: dayValue }),
    ...(yearValue === undefined ? {} : { year: year?.length === 2 ? fullYear(yearValue) : yearValue }),
  };
  return true;
}

function numberOr<T>(digits: Digits, otherwise: T): number | T {
  return digits !== undefined && /^[+-]?\d+$/u.test(digits) ? Number(digits) : otherwise;
}

function setYear(draft: MomentDraft, year: number): boolean {
  draft.date = { ...draft.date, year };
  return true;
}

function setIsoWeek(draft: MomentDraft, year: number, week: number, day: number): boolean {
  if (draft.date !== undefined || week < 1 || week > 53) return false;
  draft.date = readingOf(isoWeekDay(year, week, day));
  return true;
}

interface TimeDigits {
  readonly hour: Digits;
  readonly minute?: Digits;
  readonly second?: Digits;
  readonly half?: Digits;
}

function setTime(draft: MomentDraft, digits: TimeDigits): boolean {
  const [minute, second] = [Number(digits.minute ?? 0), Number(digits.second ?? 0)];
  const written = Number(digits.hour);
  const half = digits.half ?? '';
  const validHour = half === '' ? written <= 24 : written >= 1 && written <= 12;
  if (draft.time !== undefined || !validHour || minute > 59 || second > 60) return false;
  draft.time = { hour: half === '' ? written : (written % 12) + (half === 'p' ? 12 : 0), minute, second };
  return true;
}

function setInstant(draft: MomentDraft, instant: number): boolean {
  draft.instant = instant;
  return true;
}

function setWord(draft: MomentDraft, word: string): boolean {
  if (word === 'now') return true;
  draft.fromMidnight = true;
  if (word === 'tomorrow') draft.shift.day += 1;
  if (word === 'yesterday') draft.shift.day -= 1;
  return word === 'noon' ? setTime(draft, { hour: '12' }) : true;
}

function setZone(draft: MomentDraft, name: string): boolean {
  try {
    draft.timeZone = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    return true;
  } catch {
    return false;
  }
}
