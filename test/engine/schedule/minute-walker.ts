/** A cron pattern of whole minutes, by the numbers that its fields name. */
export interface MinutePattern {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Undefined: any. */
  readonly days: ReadonlySet<number> | undefined;
  readonly months: ReadonlySet<number> | undefined;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number> | undefined;
  /** True when neither minutes nor hours are written with `*` or `/`. */
  readonly isFixed: boolean;
}

/** A minute as clocks of a zone show it. */
interface WallMinute {
  readonly at: number;
  /** Minutes since the epoch, if the zone were UTC. */
  readonly wall: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Every minute of a stretch of time with what clocks of the zone show, walked through one by one. */
export function wallMinutes(zone: string, from: number, to: number): readonly WallMinute[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const minutes: WallMinute[] = [];
  for (let at = from; at <= to; at += MINUTE_MS) {
    const [month, day, year, hour, minute] = format.format(at).match(/\d+/gu)?.map(Number) ?? [];
    const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute) / MINUTE_MS;
    minutes.push({ at, wall });
  }
  return minutes;
}

/** The slots of a pattern, found by looking at every minute. */
export function walkedSlots(pattern: MinutePattern, walk: readonly WallMinute[]): number[] {
  if (!pattern.isFixed) return walk.filter(({ wall }) => fits(pattern, wall)).map(({ at }) => at);
  const slots = new Set<number>();
  let shownUntil = (walk[0]?.wall ?? 0) - 1;
  for (const { at, wall } of walk) {
    // What clocks jump over comes at the end of the gap; what they show again has come.
    for (let skipped = shownUntil + 1; skipped <= wall; skipped++) if (fits(pattern, skipped)) slots.add(at);
    shownUntil = Math.max(shownUntil, wall);
  }
  return [...slots];
}

function fits({ minutes, hours, days, months, weekdays }: MinutePattern, wall: number): boolean {
  const date = new Date(wall * MINUTE_MS);
  if (!minutes.has(wall % 60) || !hours.has(Math.floor((wall % DAY_MINUTES) / 60))) return false;
  if (months !== undefined && !months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days?.has(date.getUTCDate());
  const isWeekday = weekdays?.has(date.getUTCDay());
  // Where both are named, either is enough, as in every crontab.
  if (isDay !== undefined && isWeekday !== undefined) return isDay || isWeekday;
  return isDay ?? isWeekday ?? true;
}
