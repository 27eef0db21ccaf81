import type { JsonObject } from './json.ts';

/** What somebody is about to do. */
export interface AuditIntent {
  readonly at: number;
  /** `anna`, `token:deploy` */
  readonly by: string;
  readonly kind: 'user' | 'token' | 'local';
  /** The address it came from; `local` from the machine of the install. */
  readonly from: string;
  /** The name of the command: `setSetting`. */
  readonly action: string;
  /** What it is about: the setting's name, the run's number. Empty when it is about the install. */
  readonly target: string;
  /** What was asked for, and what was there before; without secrets. */
  readonly detail: JsonObject;
}

/** One line of the audit. */
export interface AuditEntry extends AuditIntent {
  /** Counts from 1. */
  readonly id: number;
  /** begun: nobody knows whether it took effect, because the process ended meanwhile. */
  readonly outcome: 'begun' | 'done' | 'refused';
  /** Why it was refused. */
  readonly code: string | undefined;
}

export interface AuditFilter {
  readonly by?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** From this time on, and before that one; milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Entries with a smaller id than this: the page of older ones. */
  readonly before?: number | undefined;
  /**
   * Of the entries with a greater id than this the nearest: the page of newer ones. 0 gives the oldest of all: the last page.
   * `before` does not count then.
   */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Who changed what. An entry is written before the change, and completed after it: no change is without one. */
export interface AuditStore {
  /** Gives the id of the entry. */
  begin(intent: AuditIntent): Promise<number>;
  /** `detail` is added to what the entry says. */
  end(params: { id: number; outcome: 'done' | 'refused'; code?: string; detail?: JsonObject }): Promise<void>;
  /** Newest first. */
  entries(filter: AuditFilter): Promise<readonly AuditEntry[]>;
}
