import type { CallRate, DestinationState } from '../core/destination.ts';

/** A destination, as an administrator sees it. */
export interface DestinationEntry {
  /** The service's name, or the origin of maps without one. */
  readonly name: string;
  readonly state: DestinationState;
  /** Runs that wait for it in the journal. */
  readonly waiting: number;
  /** Since when the one that has waited longest does. */
  readonly waitingSince?: number;
  /** Calls of this process that are under way. */
  readonly underWay: number;
  /** Calls at once, over all nodes; left out when nobody has called it since the start. */
  readonly concurrent?: number;
  readonly rate?: CallRate;
}

/** The part of Administration that is about whom runs call. */
export interface DestinationAdministration {
  /** All services, and all other destinations that were called, are waited for or were down, by name. */
  destinations(): Promise<readonly DestinationEntry[]>;
  /** Nobody calls it from now on, and runs wait. Safe to repeat: the later reason counts. Rejects with DESTINATION_UNKNOWN. */
  holdDestination(params: { name: string; reason: string; by: string }): Promise<DestinationEntry>;
  /**
   * Lets runs call it again, few at once at first; one that is down is looked at now. Rejects with DESTINATION_UNKNOWN, and
   * with DESTINATION_NOT_HELD when it is called as ever.
   */
  releaseDestination(params: { name: string; by: string }): Promise<DestinationEntry>;
}
