/** A figure with the range in which nine of ten repetitions of the same measurement would find it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 400;
const SHARE_OUTSIDE = 0.05;
const SEED = 20_260_101;

/**
 * Estimates a figure of several rounds: its value is that of all rounds, its range comes from rounds drawn again and again
 * with replacement (bootstrap over rounds), so that what differs from round to round shows in it. The same rounds give
 * the same range.
 */
export function estimate<T>(rounds: readonly T[], figure: (rounds: readonly T[]) => number): Estimate {
  const random = generator(SEED);
  const found = Array.from({ length: RESAMPLES }, () => {
    return figure(rounds.flatMap(() => rounds.slice(Math.floor(random() * rounds.length)).slice(0, 1)));
  }).toSorted((a, b) => a - b);
  const at = (share: number): number => found[Math.round(share * (found.length - 1))] ?? Number.NaN;
  return { value: figure(rounds), low: at(SHARE_OUTSIDE), high: at(1 - SHARE_OUTSIDE) };
}

/** Numbers from 0 to below 1, the same ones for a seed: the generator of Park and Miller. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
