const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const TIME = String.raw`\d{2}:\d{2}:\d{2}`;
/** The three forms of RFC 9110 section 5.6.7: the preferred one, that of RFC 850, and that of asctime. */
const HTTP_DATES = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, \d{2} (?:${MONTHS}) \d{4} ${TIME} GMT$`, 'u'),
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, \d{2}-(?:${MONTHS})-\d{2} ${TIME} GMT$`, 'u'),
  new RegExp(String.raw`^[A-Z][a-z]{2} (?:${MONTHS}) [ \d]\d ${TIME} \d{4}$`, 'u'),
];

/**
 * The pause that an answer asks for by Retry-After (RFC 9110 section 10.2.3), in milliseconds; undefined when it asks for
 * none, or in a way that nobody can understand. A moment counts from the answer's own Date, so that clocks may differ.
 * Of several headers the longest pause counts. It is not bounded: the caller knows what it is willing to wait.
 */
export function retryAfterMs(
  headers: readonly (readonly [name: string, value: string])[],
  now: number,
): number | undefined {
  const asked = headers.filter(([name]) => name === 'retry-after');
  if (asked.length === 0) return undefined;
  const date = headers.find(([name]) => name === 'date')?.[1];
  const from = (date === undefined ? undefined : httpDate(date.trim())) ?? now;
  const pauses = asked.flatMap(([, value]) => pauseOf(value.trim(), from) ?? []);
  return pauses.length === 0 ? undefined : Math.max(...pauses);
}

function pauseOf(value: string, from: number): number | undefined {
  if (/^\d+$/u.test(value)) return Number(value) * 1000;
  const until = httpDate(value);
  return until === undefined ? undefined : Math.max(0, until - from);
}

function httpDate(text: string): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : at;
}
