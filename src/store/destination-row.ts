import type { DestinationState, StoredDestination } from '../core/destination.ts';

/** A destination as it is stored. */
export interface DestinationRow {
  readonly key: string;
  readonly version: number;
  readonly state: string;
}

/** The row as the interface gives it. */
export function destinationOf({ key, version, state }: DestinationRow): StoredDestination {
  // Written by `storedState` alone.
  return { key, version, state: JSON.parse(state) as DestinationState };
}

/** The state as text. */
export function storedState(state: DestinationState): string {
  return JSON.stringify(state);
}
