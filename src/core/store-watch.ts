import type { RunWait } from './run.ts';

/** Things that wait, and the longest waiting of them. */
export interface Waiting {
  readonly count: number;
  /** Milliseconds since the epoch; undefined when there is none. */
  readonly oldestAt: number | undefined;
}

/** What has been accepted and is not done, at one moment. */
export interface Backlog {
  /** Runs that have not ended. */
  readonly unfinished: number;
  /** Those of them that wait, by what for; `oldestAt` is when the longest wait began. */
  readonly waiting: Readonly<Record<RunWait['for'], Waiting>>;
  /** Runs that a worker could claim now and none has; `oldestAt` is when the first of them became due. */
  readonly due: Waiting;
  /** Runs in the lane that has most of them. */
  readonly deepestLane: number;
  /** Operations of the web service that were put off; `oldestAt` is when the first of them is due, or was. */
  readonly operations: Waiting;
  /** Notices that are to leave the product; `oldestAt` is when the first of them is due, or was. */
  readonly deliveries: Waiting;
}

/** What this process has committed since it opened the store. */
export interface CommitCounts {
  readonly transactions: number;
  /** Units of work in them. Many in one transaction share one wait for the disk. */
  readonly units: number;
}

/** Looks at how a store is doing. What asks the database rejects with STORE_UNAVAILABLE when it cannot be used. */
export interface StoreWatch {
  /** Reads what waits from end to end: not for every request. */
  backlog(now: number): Promise<Backlog>;
  /** Resolves when something was written, reached the disk, and was taken back. */
  probe(now: number): Promise<void>;
  commits(): CommitCounts;
}
