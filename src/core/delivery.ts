import type { JsonObject } from './json.ts';
import type { RunId } from './run.ts';

/** A notice that leaves the product, to be committed with what it tells of. */
export interface NewDelivery {
  /** mail: to one user; map: a call that some map makes. */
  readonly way: 'mail' | 'map';
  /** User id (`19x1`) of whom the mail is for; the map's name. */
  readonly to: string;
  /** What happened, as far as it makes two notices the same: at most so many of one cause go to one receiver in an hour. */
  readonly cause: string;
  /** Undefined for what is told of the install itself. */
  readonly run: RunId | undefined;
  readonly task: string;
  /** What is sent; redacted. */
  readonly content: JsonObject;
}

/** waiting: not sent yet, or not with success; sent: taken by the other side; failed: given up. */
export type DeliveryState = 'waiting' | 'sent' | 'failed';

/** A notice on its way, or at its end. */
export interface Delivery extends NewDelivery {
  /** Counts from 1 in each install. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried next; undefined when it will not be. */
  readonly dueAt: number | undefined;
  /** When it was sent or given up. */
  readonly endedAt: number | undefined;
  /** What went wrong at the last try. */
  readonly problem: string | undefined;
  /** True while it waits to be told together with others of its cause. */
  readonly isHeld: boolean;
}

/** What goes out as one message: a notice, or many of one cause. It stays together over all its tries. */
export interface DeliveryBatch {
  /** The id of its first notice; the same for every try. */
  readonly id: number;
  /** Its notices, oldest first: the first 50 of `count`. */
  readonly deliveries: readonly Delivery[];
  readonly count: number;
  /** Tries, this one included. */
  readonly attempts: number;
}

/** How a try ended. */
export type DeliveryOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'later'; readonly dueAt: number; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string };

/** Notices that leave the product. Durable: each is sent at least once, or given up visibly. They are added by units of work only. */
export interface DeliveryStore {
  /** When the next one is due; undefined when none waits. */
  nextDue(): Promise<number | undefined>;
  /**
   * The batch that has been due longest, for its holder alone until `now + leaseMs`; undefined when none is due. When
   * `perHour` batches of its cause have gone to its receiver within the hour, the notice is held until that hour is over,
   * with all that come meanwhile, and they go out together.
   */
  claim(params: { now: number; leaseMs: number; perHour: number }): Promise<DeliveryBatch | undefined>;
  /** Ends the try of a batch. Nothing happens when it has ended before. */
  settle(params: { batch: number; at: number; outcome: DeliveryOutcome }): Promise<void>;
  /** Those of a run, oldest first, at most 200. */
  ofRun(run: RunId): Promise<readonly Delivery[]>;
}

/** Notices of a batch that are read; the others are counted. */
export const SHOWN_DELIVERIES = 50;

/** The time within which notices of one cause are counted. */
export const STORM_WINDOW_MS = 3_600_000;
