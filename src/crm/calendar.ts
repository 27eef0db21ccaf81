const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u;
const TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?$/u;
const DATETIME =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]{1,9})?)?(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?$/u;

/** `YYYY-MM-DD` of a day that exists, as given; undefined otherwise. */
export function parseDate(text: string): string | undefined {
  if (!DATE.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** `HH:MM:SS` from `HH:MM` or `HH:MM:SS`; undefined otherwise. */
export function parseTime(text: string): string | undefined {
  const match = TIME.exec(text);
  return match === null ? undefined : `${match[1]}:${match[2]}:${match[3] ?? '00'}`;
}

/**
 * `YYYY-MM-DDTHH:MM:SSZ` from a date and time with a blank or `T` between them; undefined otherwise.
 * Without an offset the text is taken as UTC; fractions of a second are dropped.
 */
export function parseDatetime(text: string): string | undefined {
  const match = DATETIME.exec(text);
  if (match?.[1] === undefined || parseDate(match[1]) === undefined) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}:${match[3] ?? '00'}${match[4] ?? 'Z'}`);
  if (Number.isNaN(at)) return undefined;
  const utc = formatDatetime(at);
  return utc.length === 'YYYY-MM-DDTHH:MM:SSZ'.length ? utc : undefined;
}

/** `YYYY-MM-DDTHH:MM:SSZ` of milliseconds since the epoch. */
export function formatDatetime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -5)}Z`;
}

/** `YYYY-MM-DD HH:MM:SS`, as the web service writes it, of `YYYY-MM-DDTHH:MM:SSZ`. */
export function wireDatetime(datetime: string): string {
  return datetime.replace('T', ' ').replace('Z', '');
}
