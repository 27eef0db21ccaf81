import type { EngineEvent } from '../../engine/engine-event.ts';

/** Where events of the engine are told. */
export interface EventSource {
  /** Listens until the function it gives is called. */
  on<K extends EngineEvent['kind']>(
    kind: K,
    listener: (event: Extract<EngineEvent, { readonly kind: K }>) => unknown,
  ): () => void;
}
