import type { RunId } from './run.ts';

/** Carries hints from each node of an install to all others. What is sent may be lost; nobody waits for it. */
export interface HintChannel {
  /** Gets what the others send, from now until `silence`. Rejects when it cannot listen now; it goes on trying then. */
  listen(onHint: (runs: readonly RunId[]) => void): Promise<void>;
  /** Ends `listen`. */
  silence(): Promise<void>;
  /** Resolves when it was given to the server. At most 400 at once. */
  send(runs: readonly RunId[]): Promise<void>;
}

/** Runs in one message: a notice of PostgreSQL holds 8,000 bytes. */
export const MOST_HINTS_AT_ONCE = 400;
