import { trialOf } from './areas.ts';
import { reasonToSkip } from './skips.ts';
import { judgeVector, type Verdict } from './trial.ts';
import type { Vector } from './vector.ts';

/** Which vectors to run; all when nothing is named. */
export interface Selection {
  readonly area?: string | undefined;
  readonly id?: string | undefined;
}

/** Runs the chosen vectors, one after another. */
export async function runVectors(
  vectors: readonly Vector[],
  { area, id }: Selection = {},
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const vector of vectors) {
    if (area !== undefined && vector.area !== area) continue;
    if (id !== undefined && vector.id !== id) continue;
    verdicts.push(await runVector(vector));
  }
  return verdicts;
}

async function runVector(vector: Vector): Promise<Verdict> {
  const skip = reasonToSkip(vector);
  if (skip !== undefined) return { vector, result: 'skipped', got: null, reason: skip, told: [] };
  try {
    return await judgeVector(trialOf(vector), vector);
  } catch (thrown) {
    // A defect: whatever the input is, the product fails with an error of its own.
    const shown = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { vector, result: 'failed', got: null, reason: `broke off: ${shown}`, told: [] };
  }
}
