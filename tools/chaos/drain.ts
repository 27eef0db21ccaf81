import { setTimeout as pause } from 'node:timers/promises';
import { JournalFile } from '../stage/journal-file.ts';

const POLL_MS = 250;

/**
 * Waits until every run of the install has ended, or none has ended for `stallMs`. Gives the number of runs that are left.
 */
export async function drainRuns(params: {
  readonly folder: string;
  readonly stallMs: number;
  /** Told at each look how many are left. */
  readonly onLook: (left: number) => void;
}): Promise<number> {
  const { folder, stallMs, onLook } = params;
  const journal = new JournalFile(folder);
  let fewest = Number.POSITIVE_INFINITY;
  let stalledAt = performance.now() + stallMs;
  try {
    for (;;) {
      const left = journal.unfinished();
      onLook(left);
      if (left < fewest) stalledAt = performance.now() + stallMs;
      fewest = Math.min(fewest, left);
      if (left === 0 || performance.now() > stalledAt) return left;
      await pause(POLL_MS);
    }
  } finally {
    journal.close();
  }
}
