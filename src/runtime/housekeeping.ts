import type { EngineEvent } from '../engine/engine.ts';
import { type RetentionParts, retentionRound } from './retention/retention-round.ts';

/** Removes in the background what has been kept long enough. */
export interface Housekeeping {
  /** One round, now; false when another process is at it. Rejects with STORE_UNAVAILABLE. */
  round(): Promise<boolean>;
  start(): void;
  /** Ends a round that is under way after its transaction. */
  stop(): Promise<void>;
}

const EVERY_MS = 10 * 60_000;
/** A process that has just started has something better to do. */
const FIRST_AFTER_MS = 30_000;

/** Rounds half a minute after the start and every ten minutes after the end of the last one; faults are told as events. */
export function createHousekeeping(
  parts: RetentionParts & { readonly onEvent: (event: EngineEvent) => void },
): Housekeeping {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<boolean> | undefined;
  const round = (): Promise<boolean> =>
    (underWay ??= retentionRound(parts, stopping.signal).finally(() => (underWay = undefined)));
  const wait = (ms: number): void => {
    timer = setTimeout(() => void next(), ms).unref();
  };
  const next = async (): Promise<void> => {
    try {
      await round();
    } catch (error) {
      if (!stopping.signal.aborted) parts.onEvent({ kind: 'fault', run: undefined, error });
    }
    if (!stopping.signal.aborted) wait(EVERY_MS);
  };
  return {
    round,
    start: () => wait(FIRST_AFTER_MS),
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await underWay?.catch(() => undefined);
    },
  };
}
