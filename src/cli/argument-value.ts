import { InvalidArgumentError } from 'commander';

/** Reads a number from 1 up, as run ids, revisions and limits are. */
export function wholeNumber(written: string): number {
  if (!/^[1-9][0-9]{0,14}$/u.test(written)) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(written);
}

/** Reads a TCP port; 0 takes any free one. */
export function portNumber(written: string): number {
  const port = Number(written);
  if (!/^[0-9]{1,5}$/u.test(written) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a length of time, `500ms 10s 5m 12h 90d`, in milliseconds. */
export function durationMs(written: string): number {
  const [, count, unit = ''] = /^([1-9][0-9]{0,5})(ms|s|m|h|d)$/u.exec(written) ?? [];
  const unitMs = UNIT_MS[unit];
  if (count !== undefined && unitMs !== undefined) return Number(count) * unitMs;
  throw new InvalidArgumentError('It must be a duration such as 500ms, 10s or 5m.');
}
