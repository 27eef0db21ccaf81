import type { Clock } from '../../core/clock.ts';
import type { Observation } from '../../core/observation.ts';
import type { Tracer } from '../../core/trace.ts';
import { createCallRecorder } from '../../connector/call-recorder.ts';
import type { Store } from '../../store/store.ts';
import type { EventHub } from '../event-hub.ts';
import { createObservation } from './observation.ts';
import { observedStore } from './observed-store.ts';
import { openTracer } from './open-tracer.ts';
import { SecretMask } from './secret-mask.ts';
import { PulseTaker } from './worker-pulse.ts';

/** A store that is watched, and what is seen of it. */
export interface WatchedStore {
  /** To be worked with in the place of the store that was given. */
  readonly store: Store;
  readonly tracer: Tracer;
  /** To be told when the worker starts and stops. */
  readonly pulse: PulseTaker;
  readonly observation: Observation;
}

/** Watches a store from now on. */
export async function watchStore(
  given: Store,
  { events, clock }: { readonly events: EventHub; readonly clock: Clock },
): Promise<WatchedStore> {
  const tracer = await openTracer();
  const pulse = new PulseTaker(clock);
  const mask = new SecretMask(createCallRecorder());
  const store = observedStore(given, { events, tracer, pulse, mask, clock });
  return { store, tracer, pulse, observation: createObservation(store, { pulse, tracer, mask: mask.mask }) };
}
