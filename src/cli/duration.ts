const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time for people, in one or two units: `38 ms`, `2.4 s`, `5m 12s`, `3h 4m`, `2d 5h`. */
export function renderDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < SECOND_MS) return `${whole} ms`;
  if (whole < MINUTE_MS) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  if (whole < HOUR_MS) return twoUnits(whole, [MINUTE_MS, 'm'], [SECOND_MS, 's']);
  if (whole < DAY_MS) return twoUnits(whole, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return twoUnits(whole, [DAY_MS, 'd'], [HOUR_MS, 'h']);
}

/** How long ago, in one unit: `4s`, `12m`, `3h`, `9d`. */
export function renderAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < MINUTE_MS) return `${Math.floor(age / SECOND_MS)}s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)}m`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)}h`;
  return `${Math.floor(age / DAY_MS)}d`;
}

/** A moment in UTC, to the second: `2026-01-31 09:05:00Z`. */
export function renderMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

function twoUnits(ms: number, large: readonly [ms: number, unit: string], small: readonly [number, string]): string {
  const count = Math.floor(ms / large[0]);
  const rest = Math.floor((ms % large[0]) / small[0]);
  return rest === 0 ? `${count}${large[1]}` : `${count}${large[1]} ${rest}${small[1]}`;
}
