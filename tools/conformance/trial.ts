import type { Json } from '../../src/core/json.ts';
import type { Vector } from './vector.ts';

/** What the product makes of a vector's input. */
export interface Outcome {
  readonly got: Json;
  /** Warnings and refusals with which the product says that it departs from the plain result. */
  readonly told: readonly string[];
}

/** How the vectors of an area are run and compared. */
export interface AreaTrial {
  run(vector: Vector): Promise<Outcome>;
  /** True when the outcome is what is said here: the vector's `expected`, or a `recommended` that is a value. */
  matches(outcome: Outcome, wanted: Json, vector: Vector): boolean | Promise<boolean>;
  /** True when a recommendation is words about the outcome, not a value to compare with. */
  isProse(recommended: Json, vector: Vector): boolean;
}

/** How a vector fared. */
export interface Verdict {
  readonly vector: Vector;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly got: Json;
  /** Why it failed or was left out. */
  readonly reason: string | undefined;
  readonly told: readonly string[];
}

/**
 * The rule of a vector. No quirk, or one that documents depend on: as expected. One that is mended: as recommended; where
 * the recommendation is words, or there is none, anything but the original's silent result.
 */
export async function judgeVector(area: AreaTrial, vector: Vector): Promise<Verdict> {
  const outcome = await area.run(vector);
  const reason = await complaint(area, vector, outcome);
  const { got, told } = outcome;
  return { vector, result: reason === undefined ? 'passed' : 'failed', got, reason, told };
}

async function complaint(area: AreaTrial, vector: Vector, outcome: Outcome): Promise<string | undefined> {
  const { expected, quirk, recommended } = vector;
  if (quirk !== 'fix') return (await area.matches(outcome, expected, vector)) ? undefined : 'not as expected';
  if (recommended !== undefined) {
    if (await area.matches(outcome, recommended, vector)) return undefined;
    if (!area.isProse(recommended, vector)) return 'not as recommended';
  }
  const isQuirk = outcome.told.length === 0 && (await area.matches(outcome, expected, vector));
  return isQuirk ? 'still the oddity that is to be mended' : undefined;
}
