import { setTimeout } from 'node:timers/promises';
import type { KeyStore, RowPlace } from '../../core/key-store.ts';

/** What one round over everything that is sealed found; all are numbers of values. */
export interface SealedRound {
  /** By place. */
  readonly values: Readonly<Record<string, number>>;
  readonly outdated: number;
  readonly unknown: Readonly<Record<string, number>>;
}

/** Longest pause after one look: as long as the look took, so that saves and runs have half of the time at least. */
const LONGEST_PAUSE_MS = 100;

/**
 * Looks at everything that is sealed, and with `change` seals anew what is under another key than the one in force.
 * `onStep` is told after each look, and may reject to stop it.
 */
export async function sealedRound(params: {
  readonly keys: Pick<KeyStore, 'places' | 'walk'>;
  readonly change: boolean;
  readonly onStep: (place: string, so: SealedRound, resealed: number) => Promise<void>;
}): Promise<SealedRound> {
  const { keys, change, onStep } = params;
  const values: Record<string, number> = {};
  const unknown: Record<string, number> = {};
  let outdated = 0;
  for (const place of keys.places) {
    let after: RowPlace | undefined;
    do {
      const begun = performance.now();
      const looked = await keys.walk({ place, after, change });
      after = looked.next;
      values[place] = (values[place] ?? 0) + looked.values;
      outdated += looked.outdated;
      for (const [id, count] of Object.entries(looked.unknown)) unknown[id] = (unknown[id] ?? 0) + count;
      await onStep(place, { values: { ...values }, outdated, unknown: { ...unknown } }, looked.outdated - looked.left);
      const pause = Math.min(LONGEST_PAUSE_MS, performance.now() - begun);
      if (after !== undefined) await setTimeout(pause, undefined, { ref: false });
    } while (after !== undefined);
  }
  return { values, outdated, unknown };
}
