import type { DestinationState } from './destination.ts';
import type { RetentionFigures } from './retention-store.ts';
import type { StoreWatch } from './store-watch.ts';
import type { Tracer } from './trace.ts';
import type { WorkerPulse } from './worker-pulse.ts';

/** How an install is doing, for whoever looks at it from outside. What asks the database rejects with STORE_UNAVAILABLE. */
export interface Observation {
  readonly store: StoreWatch;
  readonly pulse: WorkerPulse;
  readonly tracer: Tracer;
  /** The text with dots in the place of every secret that this process has read or set. */
  readonly mask: (text: string) => string;
  /** Runs in the inbox that still need somebody, by workflow. */
  unresolved(): Promise<ReadonlyMap<string, number>>;
  /** Destinations that are not simply called. */
  destinations(): Promise<readonly { readonly key: string; readonly state: DestinationState['kind'] }[]>;
  /** What was removed because it had been kept long enough. */
  retention(): Promise<RetentionFigures>;
  /** The secret that readers of figures from elsewhere must know; undefined: there are none. */
  metricsToken(): Promise<string | undefined>;
}
