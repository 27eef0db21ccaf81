import type { JsonObject } from './json.ts';

/** An operation of the web service that is to be carried out later. */
export interface QueuedOperation {
  /** By which its result is asked for. */
  readonly id: string;
  /** User id (`19x1`) of whoever asked for it. */
  readonly user: string;
  /** Name in lower case. */
  readonly operation: string;
  readonly parameters: JsonObject;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** One that waits, and how often the process ended while it was carried out. */
export interface WaitingOperation extends QueuedOperation {
  readonly attempts: number;
}

/** What became of a queued operation; `answer` is undefined while it waits. */
export interface QueuedResult {
  readonly user: string;
  readonly answer: JsonObject | undefined;
}

/** Operations that wait, and the answers of those that were carried out. Durable: nothing accepted is lost. */
export interface OperationQueue {
  /** Accepted once it resolves. */
  add(operation: QueuedOperation): Promise<void>;
  /** Those that are due, in the order in which they became so: `limit` at most, fewer where they are large, one at least. */
  due(params: { readonly now: number; readonly limit: number }): Promise<readonly WaitingOperation[]>;
  /** When the next one is due; undefined when none waits. */
  nextDue(): Promise<number | undefined>;
  /** Counts an attempt; durable once it resolves, so that an attempt that ends the process has been counted. */
  begin(id: string): Promise<void>;
  /** Takes the attempt back: it ended without an answer, but the process goes on. */
  release(id: string): Promise<void>;
  /** Keeps the answer until then, and forgets answers whose time is over. The first answer of an operation stays. */
  finish(params: {
    readonly id: string;
    readonly answer: JsonObject;
    readonly now: number;
    readonly keptUntil: number;
  }): Promise<void>;
  /** Undefined when no such operation was queued, or its answer has been forgotten. */
  result(id: string): Promise<QueuedResult | undefined>;
}
