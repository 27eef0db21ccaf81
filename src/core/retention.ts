import { MapwrightError } from './error.ts';
import type { RunId, RunStatus } from './run.ts';
import { didYouMean } from './suggestion.ts';

/** How a run ended, as far as that decides how long it is kept. `handled`: an abort led it to its end, whatever its status. */
export type RunOutcome = 'completed' | 'handled' | 'failed' | 'canceled';

export const RUN_OUTCOMES: readonly RunOutcome[] = ['completed', 'handled', 'failed', 'canceled'];

/** What is kept for a length of time: runs by their outcome, changes of records, who changed what. */
export type KeptKind = RunOutcome | 'history' | 'audit';

export const KEPT_KINDS: readonly KeptKind[] = [...RUN_OUTCOMES, 'history', 'audit'];

/** How long something is kept. */
export interface KeepRule {
  /** Milliseconds from the end of a run, or from when an entry was written; null: for ever. */
  readonly keepMs: number | null;
  /** Of runs: only so many of the newest are kept, of all workflows that say nothing themselves; null: as many as there are. */
  readonly atMost: number | null;
}

export type RetentionPolicy = Readonly<Record<KeptKind, KeepRule>>;

/** What a workflow says of its own runs; undefined: what holds for the install. */
export interface WorkflowKeep {
  /** Of runs that completed. */
  readonly keepMs: number | null | undefined;
  /** Of runs that failed, were canceled, or were led to their end by an abort. */
  readonly keepFailedMs: number | null | undefined;
}

/** Runs that have been kept long enough. */
export interface RunRule {
  readonly status: Extract<RunStatus, 'completed' | 'failed' | 'canceled'>;
  readonly handled: boolean;
  /** Those of this workflow alone. */
  readonly workflow?: string;
  /** Those of no workflow named here. */
  readonly except: readonly string[];
  /** Those that ended before this, in milliseconds since the epoch. */
  readonly endedBefore?: number;
  /** Those that were accepted before this run. */
  readonly before?: RunId;
}

const DAY_MS = 86_400_000;

/** Nothing that somebody may be waiting for or looking at is taken away. */
const SHORTEST_KEEP_MS = 3_600_000;
const LONGEST_KEEP_MS = 100 * 365 * DAY_MS;
const MOST_KEPT = 1_000_000_000;

/** What holds where nothing is set. */
const DEFAULT_RETENTION: RetentionPolicy = {
  completed: { keepMs: 30 * DAY_MS, atMost: null },
  handled: { keepMs: 180 * DAY_MS, atMost: null },
  failed: { keepMs: 180 * DAY_MS, atMost: null },
  canceled: { keepMs: 180 * DAY_MS, atMost: null },
  history: { keepMs: null, atMost: null },
  audit: { keepMs: 730 * DAY_MS, atMost: null },
};

/** The setting that says how long; its value is `30d` or `forever`. */
export function keepSetting(kind: KeptKind): string {
  return `retention.${kind}`;
}

/** The setting that says how many; its value is a whole number. */
export function atMostSetting(outcome: RunOutcome): string {
  return `retention.${outcome}.at-most`;
}

const SETTINGS: ReadonlySet<string> = new Set([
  ...KEPT_KINDS.map((kind) => keepSetting(kind)),
  ...RUN_OUTCOMES.map((outcome) => atMostSetting(outcome)),
]);

/** All settings of retention: nothing but a person who may change settings changes them. */
export const RETENTION_SETTINGS: ReadonlySet<string> = SETTINGS;

/**
 * The policy that settings make. A value that cannot be read keeps for ever: what is removed by mistake never comes back.
 */
export function retentionOf(settings: Readonly<Record<string, string>>): RetentionPolicy {
  const ruleOf = (kind: KeptKind): KeepRule => {
    const written = settings[keepSetting(kind)];
    const most = isOutcome(kind) ? settings[atMostSetting(kind)] : undefined;
    return {
      keepMs: written === undefined ? DEFAULT_RETENTION[kind].keepMs : (readKeep(written) ?? null),
      atMost: most === undefined ? DEFAULT_RETENTION[kind].atMost : (readMost(most) ?? null),
    };
  };
  return {
    completed: ruleOf('completed'),
    handled: ruleOf('handled'),
    failed: ruleOf('failed'),
    canceled: ruleOf('canceled'),
    history: ruleOf('history'),
    audit: ruleOf('audit'),
  };
}

/** Throws SETTING_INVALID for a value that a setting of retention cannot have, and for a setting of that family which there is not. */
export function checkRetentionSetting(name: string, value: string): void {
  if (!name.startsWith('retention.')) return;
  if (!SETTINGS.has(name)) {
    throw new MapwrightError('SETTING_INVALID', `there is no setting ${name}`, {
      hint: didYouMean(name, [...SETTINGS]) ?? `those of retention are ${[...SETTINGS].join(', ')}`,
    });
  }
  const isRead = name.endsWith('.at-most') ? readMost(value) !== undefined : readKeep(value) !== undefined;
  if (isRead) return;
  throw new MapwrightError('SETTING_INVALID', `${name} cannot be "${value.slice(0, 40)}"`, {
    hint: name.endsWith('.at-most') ? 'a whole number from 1 up, such as 100000' : KEEP_HINT,
  });
}

/** What a length of time may be. */
export const KEEP_HINT = 'a length of time from 1h up, such as 12h, 30d or 180d, or forever';

export function isOutcome(kind: KeptKind): kind is RunOutcome {
  return RUN_OUTCOMES.some((outcome) => outcome === kind);
}

/** How a length of time is written: `30d`, `12h`, `forever`. */
export function keepText(keepMs: number | null): string {
  if (keepMs === null) return 'forever';
  const unit = UNITS.find(([, ms]) => keepMs % ms === 0) ?? ['ms', 1];
  return `${keepMs / unit[1]}${unit[0]}`;
}

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** Milliseconds, null for ever; undefined for what is no length of time, or too short a one. */
export function readKeep(written: string): number | null | undefined {
  if (written === 'forever') return null;
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,5})(s|m|h|d)$/u.exec(written) ?? [];
  const unitMs = UNITS.find(([name]) => name === unit)?.[1];
  if (unitMs === undefined) return undefined;
  const keepMs = Number(count) * unitMs;
  return keepMs >= SHORTEST_KEEP_MS && keepMs <= LONGEST_KEEP_MS ? keepMs : undefined;
}

function readMost(written: string): number | undefined {
  const most = /^[1-9][0-9]{0,9}$/u.test(written) ? Number(written) : Number.NaN;
  return most <= MOST_KEPT ? most : undefined;
}
