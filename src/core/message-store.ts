/** A message left in a channel until somebody reads it. */
export interface NewMessage {
  readonly channel: string;
  readonly text: string;
  /** The same message sent again has the same key, and is not kept twice. */
  readonly key: string;
  /** Milliseconds since the epoch; nobody gets it from then on. */
  readonly expiresAt: number;
}

/** Messages that expressions leave for other runs. Durable, each for one reader. */
export interface MessageStore {
  /** True when it was kept; false when one with its key had been sent before. */
  send(message: NewMessage): Promise<boolean>;
  /**
   * The oldest message of the channel that nobody has and that has not expired; undefined when there is none. Whoever asks
   * again with the same key gets the same message, so that a step that begins anew after a crash misses none.
   */
  take(params: { channel: string; key: string; at: number }): Promise<string | undefined>;
}
