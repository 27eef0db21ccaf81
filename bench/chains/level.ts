import type { EntrantFacts } from './race.ts';

/** How many chains are under way at once, and the limit of the service when it is not the one that is shipped. */
export interface Level {
  readonly atOnce: number;
  readonly limit: number | undefined;
}

/** One race, under one delay and at one level. */
export interface RaceFacts extends Level {
  readonly delayMs: number;
  readonly chains: number;
  readonly rounds: number;
  readonly entrants: readonly EntrantFacts[];
}

/** `32 (limit 32)`; the shipped limit is not named. */
export function levelText({ atOnce, limit }: Level): string {
  return limit === undefined ? String(atOnce) : `${atOnce} (limit ${limit})`;
}
