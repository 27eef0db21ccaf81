/** How one question is asked again and again, bounded in number and time. */
export interface AskingParams {
  readonly question: number;
  readonly times: number;
  readonly mostMs: number;
}

/** What asking gave. */
export interface Asking {
  readonly latenciesMs: readonly number[];
  /** The ids found, or the one number; the same whoever is asked. */
  readonly found: readonly string[];
}

/** Asks at least once. */
export async function askRepeatedly(
  { times, mostMs }: AskingParams,
  ask: () => readonly string[] | Promise<readonly string[]>,
): Promise<Asking> {
  const latenciesMs: number[] = [];
  const until = performance.now() + mostMs;
  let found: readonly string[] = [];
  do {
    const startedAt = performance.now();
    found = await ask();
    latenciesMs.push(performance.now() - startedAt);
  } while (latenciesMs.length < times && performance.now() < until);
  return { latenciesMs, found };
}
