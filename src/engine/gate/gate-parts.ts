import type { Clock, Random } from '../../core/clock.ts';
import type { DestinationStore } from '../../core/destination.ts';
import type { EngineEvent } from '../engine-event.ts';

/** What a gate is made of. */
export interface GateParts {
  readonly store: DestinationStore;
  /** Tells this process from others; new with each start. */
  readonly node: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Lets up to so many runs go on that wait in the journal for a destination, the longest waiting first; gives how many. */
  readonly wake: (request: { readonly key: string; readonly limit: number }) => Promise<number>;
  readonly onEvent: (event: EngineEvent) => void;
}
