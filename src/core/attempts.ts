/** What is counted under one key, and how often it may be within a window that begins with the first. */
export interface AttemptBound {
  readonly key: string;
  readonly most: number;
  readonly windowMs: number;
  /** The bound does not hold while something is counted under this key. */
  readonly unless?: string;
}

/** What stands under a key. */
export interface AttemptCount {
  readonly count: number;
  /** When it begins anew, in milliseconds since the epoch. */
  readonly until: number;
}

/** What nodes counted under a key by themselves. */
export interface CountedAttempts {
  readonly key: string;
  readonly count: number;
  /** From now on, where nothing stands under the key. */
  readonly windowMs: number;
}

/**
 * Counts what somebody tries again and again, for as long as the windows last. Kept in bounds however many keys there are:
 * what would be forgotten first anyway then goes early. Every time is passed in.
 */
export interface AttemptStore {
  /**
   * Counts one under every key, or, when one of them has reached its bound, none. Gives the milliseconds until that may be
   * asked again; 0: it was counted. Of many at once no more are counted than of one after another.
   */
  take(bounds: readonly AttemptBound[], now: number): Promise<number>;
  /** Takes one back under each. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** Forgets what stands under these keys. */
  clear(keys: readonly string[]): Promise<void>;
  /** Adds counts, each key once; gives what stands under each now, in the same order. */
  add(counted: readonly CountedAttempts[], now: number): Promise<readonly AttemptCount[]>;
}
