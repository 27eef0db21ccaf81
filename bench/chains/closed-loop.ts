import type { RoundFacts } from './contestant.ts';

/** Works on all items, `atOnce` of them at any time, the next one beginning when one is done. */
export async function closedLoop<T>(params: {
  readonly items: readonly T[];
  readonly atOnce: number;
  readonly work: (item: T) => Promise<void>;
}): Promise<RoundFacts> {
  const { items, atOnce, work } = params;
  const latenciesMs: number[] = [];
  const queue = items.values();
  const startedAt = performance.now();
  const client = async (): Promise<void> => {
    // The clients share the iterator: each takes what no other has taken.
    for (const item of queue) {
      const begunAt = performance.now();
      await work(item);
      latenciesMs.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return { seconds: (performance.now() - startedAt) / 1_000, latenciesMs };
}
