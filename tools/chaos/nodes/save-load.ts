import { setTimeout as pause } from 'node:timers/promises';
import type { Install } from '../../../src/runtime/install.ts';

const CLIENTS = 8;
const REPEAT_PAUSE_MS = 50;
const ACTOR = { user: '19x1' };

export interface SaveLoad {
  /** Saves that were answered. */
  saves: number;
  /** Resolves when all are answered; a save that is not is repeated under the same identifier. */
  readonly done: Promise<void>;
}

/** Clients that save records, `runs` times in all and evenly over `lengthMs`; each record is saved by one client, some twenty times. */
export function startSaves(params: {
  readonly install: Install;
  readonly runs: number;
  readonly lengthMs: number;
  readonly signal: AbortSignal;
}): SaveLoad {
  const { install, runs, lengthMs, signal } = params;
  const startedAt = performance.now();
  const load = { saves: 0 };
  let next = 0;
  const client = async (name: number): Promise<void> => {
    let [record, turn] = ['', 0];
    while (!signal.aborted) {
      const number = next++;
      if (number >= runs) return;
      await pause(Math.max(0, startedAt + (number / runs) * lengthMs - performance.now()));
      turn = (turn + 1) % SAVES_PER_RECORD;
      const options = { actor: ACTOR, requestIdentifier: `client-${name}-${number}` };
      const saved = await persistently(() =>
        turn === 1
          ? install.crm.create({ ...options, module: 'Parcels', element: { label: `Parcel ${number}`, turn: '1' } })
          : install.crm.revise({ ...options, element: { id: record, turn: String(turn + 1) } }),
      );
      record = saved.id;
      load.saves++;
    }
  };
  const done = Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index))).then(() => undefined);
  return Object.assign(load, { done });
}

const SAVES_PER_RECORD = 20;
const GIVE_UP_AFTER_MS = 120_000;

/** The database may be away for a moment, and a save may meet another of its record. */
async function persistently<T>(save: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      return await save();
    } catch (thrown) {
      if (performance.now() > giveUpAt) throw thrown;
      await pause(REPEAT_PAUSE_MS);
    }
  }
}
