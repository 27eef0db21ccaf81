import { type FaultName, traitsOf } from './faults.ts';
import { createRandom } from './random.ts';

/** What is done to the process of one install. `atMs` counts from the beginning of the load. */
export type ProcessAction =
  | { readonly kind: 'kill'; readonly atMs: number }
  /** Killed this long after the start that followed the action before, whether it answers by then or not. */
  | { readonly kind: 'kill-early'; readonly atMs: number; readonly afterMs: number }
  | { readonly kind: 'restart'; readonly atMs: number }
  | { readonly kind: 'freeze'; readonly atMs: number; readonly forMs: number };

/** Harm done to calls from A to B for a while. */
export interface FaultAction {
  readonly fault: FaultName;
  readonly atMs: number;
  readonly forMs: number;
  /** Only calls that create or change a record are harmed. */
  readonly writesOnly: boolean;
}

/** All that will happen, told from the seed. */
export interface ChaosPlan {
  readonly lengthMs: number;
  readonly a: readonly ProcessAction[];
  readonly b: readonly ProcessAction[];
  readonly faults: readonly FaultAction[];
}

export interface PlanParams {
  /** Kills of both installs together. */
  readonly kills: number;
  readonly minutes: number;
  readonly faults: readonly FaultName[];
  readonly seed: number;
}

const KILLS_OF_A = 2 / 3;
const EARLY_SHARE = 0.15;
const LONGEST_EARLY_MS = 500;
const KILLS_PER_RESTART = 20;
const MINUTES_PER_FREEZE = 3;
/** Leases live for 9 s: a process that was frozen finds that all it holds looks abandoned. */
const FREEZE_MS = 10_000;
const FREEZE_SPREAD_MS = 3_000;
const LONGEST_SLOT_MS = 6_000;
const SHORTEST_SLOT_MS = 1_000;
const WRITES_ONLY_SHARE = 0.5;

/** Spreads kills, restarts, freezes and faults over the time. Every fault has its turn at least once. */
export function planChaos(params: PlanParams): ChaosPlan {
  const { kills, minutes, seed } = params;
  const lengthMs = Math.round(minutes * 60_000);
  const killsOfA = Math.round(kills * KILLS_OF_A);
  const restarts = kills === 0 ? 0 : Math.ceil(kills / KILLS_PER_RESTART);
  const freezes = kills === 0 ? 0 : Math.ceil(minutes / MINUTES_PER_FREEZE);
  return {
    lengthMs,
    a: planProcess({ lengthMs, kills: killsOfA, restarts, freezes, random: createRandom(seed) }),
    b: planProcess({ lengthMs, kills: kills - killsOfA, restarts, freezes: 0, random: createRandom(seed + 1) }),
    faults: planFaults(params, lengthMs),
  };
}

function planProcess(params: {
  readonly lengthMs: number;
  readonly kills: number;
  readonly restarts: number;
  readonly freezes: number;
  readonly random: () => number;
}): ProcessAction[] {
  const { lengthMs, kills, restarts, freezes, random } = params;
  const kinds = shuffle(
    [
      ...Array.from({ length: kills }, () => 'kill' as const),
      ...Array.from({ length: restarts }, () => 'restart' as const),
      ...Array.from({ length: freezes }, () => 'freeze' as const),
    ],
    random,
  );
  const slotMs = lengthMs / kinds.length;
  let before: ProcessAction | undefined;
  return kinds.map((kind, index) => {
    const action = planAction(kind, { atMs: Math.round((index + random()) * slotMs), before, random });
    before = action;
    return action;
  });
}

function planAction(
  kind: 'kill' | 'restart' | 'freeze',
  params: { readonly atMs: number; readonly before: ProcessAction | undefined; readonly random: () => number },
): ProcessAction {
  const { atMs, before, random } = params;
  if (kind === 'restart') return { kind, atMs };
  if (kind === 'freeze') return { kind, atMs, forMs: Math.round(FREEZE_MS + random() * FREEZE_SPREAD_MS) };
  // Only what was started a moment ago can be killed while it starts.
  const wasStarted = before !== undefined && before.kind !== 'freeze';
  if (!wasStarted || random() >= EARLY_SHARE) return { kind, atMs };
  return { kind: 'kill-early', atMs: before.atMs, afterMs: Math.round(random() * LONGEST_EARLY_MS) };
}

function planFaults({ faults, seed }: PlanParams, lengthMs: number): FaultAction[] {
  if (faults.length === 0) return [];
  const random = createRandom(seed + 2);
  const slotMs = Math.min(LONGEST_SLOT_MS, Math.max(SHORTEST_SLOT_MS, lengthMs / faults.length));
  const count = Math.max(faults.length, Math.floor(lengthMs / slotMs));
  const order: FaultName[] = [];
  while (order.length < count) order.push(...shuffle(faults, random));
  return order.slice(0, count).map((fault, index) => ({
    fault,
    atMs: Math.round((index + random() * 0.3) * slotMs),
    forMs: Math.round((0.3 + random() * 0.4) * slotMs),
    writesOnly: traitsOf(fault).writesOnly || (fault !== 'refused' && random() < WRITES_ONLY_SHARE),
  }));
}

function shuffle<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, rank: random() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ value }) => value);
}
