import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { KeyState, KeyStore } from '../../core/key-store.ts';
import type { NodeEntry, NodeRegister } from '../../core/node.ts';
import type { KeyRotation } from './key-administration.ts';
import { type SealedRound, sealedRound } from './sealed-round.ts';

export interface RotationParts {
  readonly keys: KeyStore;
  readonly nodes: Pick<NodeRegister, 'list'>;
  readonly clock: Clock;
  /** True when no other process works on the install. */
  readonly isAlone: boolean;
  /** Of this change of the key, unguessable. */
  readonly holder: string;
  readonly patience?: Patience;
}

/** How long a change of the key waits for others. */
interface Patience {
  readonly lookEveryMs: number;
  /** Of another process that changes it: when it dies, that is known. */
  readonly leaseMs: number;
  /** For nodes: they look at the keys every few seconds, and of one that died it is known after fifteen. */
  readonly nodeLooks: number;
  /** For what was sealed before the change and may still be on its way into the database. */
  readonly settlingMs: number;
}

export interface RotationParams {
  readonly leaveUnknown: boolean;
  readonly onProgress: (so: Partial<Omit<KeyRotation, 'id'>>) => void;
}

const COMMON = { lookEveryMs: 500, leaseMs: 6_000, nodeLooks: 36 } as const;
const PATIENCE = { alone: { ...COMMON, settlingMs: 1_000 }, nodes: { ...COMMON, settlingMs: 5_000 } } as const;

/**
 * Seals everything anew under another key: the first of those given, or a new one that is put into the key file. Killed at
 * any moment, the next call goes on; the old key is given up only when a whole round found nothing under it.
 * Rejects with KEY_ROTATION_RUNNING, KEY_NEXT_MISSING, KEY_FILE_UNWRITABLE, KEY_NODES_BEHIND or KEY_UNKNOWN; with the last
 * before anything is changed when the key in force was not given.
 */
export async function rotateKey(
  parts: RotationParts,
  { leaveUnknown, onProgress }: RotationParams,
): Promise<Pick<KeyRotation, 'to' | 'oldKeys' | 'stillGiven'>> {
  const { keys, holder } = parts;
  const turn = new RotationTurn(parts);
  await turn.begin();
  try {
    await keys.refresh();
    const state = await keys.state();
    if (!leaveUnknown && !state.given.includes(state.inForce)) throw keyInForceMissing(state.inForce);
    const to = await nextKey(keys, state);
    onProgress({ to });
    await requireNodes(parts, turn, (node) => node.keys.includes(to));
    if (to !== state.inForce) await keys.goOverTo({ key: to, at: parts.clock.now() });
    await requireNodes(parts, turn, (node) => node.sealingKey === to);
    const { unknown } = await sealAll(parts, turn, onProgress);
    if (!leaveUnknown && Object.keys(unknown).length > 0) throw unknownKeys(unknown);
    const oldKeys = await keys.finish();
    const stillGiven = (await keys.state()).given.filter((id) => id !== to);
    return { to, oldKeys, stillGiven };
  } finally {
    await keys.letGo(holder).catch(() => undefined);
  }
}

/** The first key given; where everything is under that already, and there is no other to be rid of, a new one. */
async function nextKey(keys: KeyStore, { given, inForce, rotatingSince }: KeyState): Promise<string> {
  const [first = inForce] = given;
  if (first !== inForce || given.length > 1 || rotatingSince !== undefined) return first;
  return keys.makeNext();
}

/** Rounds until one that began after everything on its way had arrived finds nothing under another key. */
async function sealAll(
  { keys }: RotationParts,
  turn: RotationTurn,
  onProgress: RotationParams['onProgress'],
): Promise<SealedRound> {
  // By no clock that somebody may set.
  const settledAt = performance.now() + turn.patience.settlingMs;
  let total = 0;
  for (let stage: 'sealing' | 'checking' = 'sealing'; ; stage = 'checking') {
    const isLast = performance.now() >= settledAt;
    const onStep = async (place: string, { values, unknown }: SealedRound, resealed: number): Promise<void> => {
      total += resealed;
      onProgress({ stage, place, values, unknown, resealed: total });
      await turn.prolong();
    };
    const round = await sealedRound({ keys, change: true, onStep });
    if (round.outdated > 0) continue;
    if (isLast) return round;
    await turn.sleepUntil(settledAt);
  }
}

/** The right to change the key, which one process has at a time. */
class RotationTurn {
  readonly patience: Patience;
  readonly #parts: RotationParts;
  #prolongAt = Number.NEGATIVE_INFINITY;

  constructor(parts: RotationParts) {
    this.#parts = parts;
    this.patience = parts.patience ?? (parts.isAlone ? PATIENCE.alone : PATIENCE.nodes);
  }

  /** Waits for as long as a process has it that died. Rejects with KEY_ROTATION_RUNNING. */
  async begin(): Promise<void> {
    const { lookEveryMs, leaseMs } = this.patience;
    for (let waited = 0; ; waited += lookEveryMs) {
      if (await this.#hold()) return;
      if (waited > leaseMs) throw rotationRunning();
      await pause(lookEveryMs);
    }
  }

  /** Rejects with KEY_ROTATION_RUNNING when another process has it. */
  async prolong(): Promise<void> {
    if (this.#parts.clock.now() < this.#prolongAt) return;
    if (!(await this.#hold())) throw rotationRunning();
  }

  /** @param at by `performance.now()` */
  async sleepUntil(at: number): Promise<void> {
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await pause(Math.min(left, this.patience.lookEveryMs));
      await this.prolong();
    }
  }

  async #hold(): Promise<boolean> {
    const { keys, clock, holder } = this.#parts;
    const { leaseMs } = this.patience;
    const now = clock.now();
    this.#prolongAt = now + leaseMs / 3;
    return keys.hold({ holder, now, leaseMs });
  }
}

/** Keeps no process from ending. */
async function pause(ms: number): Promise<void> {
  await setTimeout(ms, undefined, { ref: false });
}

/** Rejects with KEY_NODES_BEHIND when nodes are not so far after some time; they look at the keys every few seconds. */
async function requireNodes(
  { nodes, clock }: RotationParts,
  turn: RotationTurn,
  isSoFar: (node: NodeEntry) => boolean,
): Promise<void> {
  for (let looks = 1; ; looks++) {
    const working = (await nodes.list(clock.now())).filter(({ state }) => state === 'working');
    const behind = working.filter((node) => !isSoFar(node));
    if (behind.length === 0) return;
    if (looks >= turn.patience.nodeLooks) throw nodesBehind(behind);
    await pause(turn.patience.lookEveryMs);
    await turn.prolong();
  }
}

/** KEY_ROTATION_RUNNING. */
export function rotationRunning(): MapwrightError {
  return new MapwrightError('KEY_ROTATION_RUNNING', 'the encryption key is being changed already', {
    hint: 'wait until that is done',
    retryable: true,
  });
}

function nodesBehind(behind: readonly NodeEntry[]): MapwrightError {
  const names = behind.map(({ name }) => name).join(', ');
  return new MapwrightError('KEY_NODES_BEHIND', `these nodes do not have the new key: ${names}`, {
    hint: 'give every node both keys, the new one first (MAPWRIGHT_KEY="NEW OLD", or a copy of this mapwright.key), start them anew, and give the command again',
    retryable: true,
  });
}

/** Going over to another key would keep out whoever has the right one. */
function keyInForceMissing(id: string): MapwrightError {
  return new MapwrightError('KEY_UNKNOWN', `the install seals under key ${id}, which was not given`, {
    hint: 'give it too, after the new one (MAPWRIGHT_KEY="NEW OLD"), and again this command; where it is lost nobody can read what is sealed under it: --leave-unknown',
  });
}

function unknownKeys(unknown: Readonly<Record<string, number>>): MapwrightError {
  const told = Object.entries(unknown).map(([id, count]) => `${count} under key ${id}`);
  return new MapwrightError(
    'KEY_UNKNOWN',
    `some values are sealed under keys that were not given: ${told.join(', ')}`,
    {
      hint: 'give these keys too, after the others, and again this command; where they are lost nobody can read these values: --leave-unknown',
    },
  );
}
