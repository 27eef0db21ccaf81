/** How many runs ended in which way; `handled` are those after an abort, which count under their status too. */
export interface EndedCounts {
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
  readonly handled: number;
}

/** A run that has ended, as far as it is counted; `handled` is 0 or 1. */
export interface EndedRun {
  readonly status: string;
  readonly handled: number;
}

/** How many of each there are among these runs; those that have not ended count nowhere. */
export function endedCountsOf(runs: readonly EndedRun[]): EndedCounts {
  const of = (wanted: string): number => runs.filter(({ status }) => status === wanted).length;
  const handled = runs.filter((run) => run.handled === 1).length;
  return { completed: of('completed'), failed: of('failed'), canceled: of('canceled'), handled };
}

/** The counts to add for runs that are removed. */
export function minus({ completed, failed, canceled, handled }: EndedCounts): EndedCounts {
  return { completed: -completed, failed: -failed, canceled: -canceled, handled: -handled };
}
