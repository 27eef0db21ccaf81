import type { Clock } from './clock.ts';

/** One of the processes that work on an install, as it last showed itself. Times are milliseconds since the epoch. */
export interface NodeEntry {
  readonly id: string;
  /** For people: the machine and the process. */
  readonly name: string;
  /** Of the program. */
  readonly version: string;
  readonly startedAt: number;
  /** When it last showed that it lives: every five seconds. */
  readonly seenAt: number;
  /** `gone`: it has shown no life for so long that others have taken over its runs. */
  readonly state: 'working' | 'gone';
  /** Runs whose leases it holds. */
  readonly runs: number;
  /** The ids of the encryption keys that it was given. */
  readonly keys: readonly string[];
  /** The id of the one that it seals under. */
  readonly sealingKey: string;
}

/** What a node says about itself when it joins. */
export interface JoiningNode {
  readonly name: string;
  readonly version: string;
  /** Told once: a newer program has changed the database so that this one has to end. */
  readonly onOutdated: () => void;
}

/** The nodes of an install. One that is kept in a folder has a single process, which is no node. */
export interface NodeRegister {
  /** Of this process, under which it holds runs; unguessable and new with each start. */
  readonly id: string;
  /** Shows this process among the nodes until it leaves. */
  join(node: JoiningNode): Promise<void>;
  /** The longest working first. */
  list(now: number): Promise<readonly NodeEntry[]>;
  /** By which all nodes tell what is due and what is held; undefined where this process's own clock is the only one. */
  readonly clock: SharedClock | undefined;
}

/** The time of the database, as a node knows it. */
export interface SharedClock extends Clock {
  /** Milliseconds by which the machine's own clock was ahead at the last look. */
  lead(): number;
  /** Asks the database what time it is. Rejects with STORE_UNAVAILABLE, and counts on from the last look then. */
  look(): Promise<void>;
  /**
   * True when the time is right as far as anybody can tell: nobody has set the machine's clock, and it has not slept, since the
   * last look; otherwise it looks first. Never rejects.
   */
  isSure(): Promise<boolean>;
}

/** A node that was not seen for this long is gone: its leases have run out. */
export const NODE_GONE_AFTER_MS = 15_000;
