/** Something whose single call is too short for a clock. */
export interface TimedWork {
  /** Does it once. Its result is kept, so that it cannot be left out. */
  readonly work: () => unknown;
  /** True: the result is awaited before the next call. */
  readonly isAsync: boolean;
}

/** The results of everything timed end here, where the compiler cannot know that nobody reads them. */
const results: unknown[] = [undefined];
const WARM_UP_MS = 300;

/** Finds how many calls take about `roundMs`, and warms up meanwhile. */
export async function calibrate(timed: TimedWork, roundMs: number): Promise<number> {
  const until = performance.now() + WARM_UP_MS;
  let calls = 1;
  let nanoseconds = 0;
  while (performance.now() < until || nanoseconds * calls < roundMs * 250_000) {
    nanoseconds = await timeCalls(timed, calls);
    if (nanoseconds * calls < roundMs * 500_000) calls *= 2;
  }
  return Math.max(1, Math.round((roundMs * 1_000_000) / nanoseconds));
}

/** Nanoseconds for one of so many calls, made one after the other. */
export async function timeCalls({ work, isAsync }: TimedWork, calls: number): Promise<number> {
  const startedAt = performance.now();
  if (isAsync) for (let call = 0; call < calls; call++) results[0] = await work();
  else for (let call = 0; call < calls; call++) results[0] = work();
  return ((performance.now() - startedAt) * 1_000_000) / calls;
}
