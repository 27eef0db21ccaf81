import type { EngineEvent } from '../engine/engine-event.ts';

/** The event of one kind. */
export type EventOfKind<K extends EngineEvent['kind']> = Extract<EngineEvent, { readonly kind: K }>;

/** What is called with each event of a kind. May be async; nobody waits for it. */
export type EventListener<K extends EngineEvent['kind']> = (event: EventOfKind<K>) => unknown;

type Told = (event: EngineEvent) => unknown;

/** Gives events on to those who listen. A listener that throws or rejects harms nobody: it is told as a fault. */
export class EventHub {
  readonly #listeners = new Map<EngineEvent['kind'], Set<Told>>();

  /** True when somebody listens to this kind. */
  hears(kind: EngineEvent['kind']): boolean {
    return this.#listeners.has(kind);
  }

  /** Listens until the function it gives is called. Listening twice with one function is told twice. */
  on<K extends EngineEvent['kind']>(kind: K, listener: EventListener<K>): () => void {
    // Only events of this kind are given to it.
    const told: Told = (event) => listener(event as EventOfKind<K>);
    const known = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, known.add(told));
    return () => {
      known.delete(told);
      if (known.size === 0 && this.#listeners.get(kind) === known) this.#listeners.delete(kind);
    };
  }

  tell(event: EngineEvent): void {
    for (const told of this.#listeners.get(event.kind) ?? []) this.#give(event, told);
  }

  #give(event: EngineEvent, told: Told): void {
    try {
      const given = told(event);
      if (given instanceof Promise) given.catch((error: unknown) => this.#tellFault(event, error));
    } catch (error) {
      this.#tellFault(event, error);
    }
  }

  /** A listener to faults that fails itself is not told of: it would be told for ever. */
  #tellFault(event: EngineEvent, error: unknown): void {
    if (event.kind !== 'fault') this.tell({ kind: 'fault', run: 'run' in event ? event.run : undefined, error });
  }
}
