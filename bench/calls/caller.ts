/** What a caller needs to know before its first round. */
export interface CallerSetup {
  /** Where the peer is. */
  readonly url: string;
  /** The caller's own, empty. */
  readonly folder: string;
  /** Calls under way at once in the rounds to come, and connections that there may be. */
  readonly atOnce: number;
  /** What proves who calls; undici by hand sends the key. */
  readonly proof: Proof;
}

export type Proof = 'api-key' | 'oauth2';

/** One round of calls. */
export interface CallRoundParams {
  /** Goes into the references of the orders, which must be new. */
  readonly label: string;
  readonly calls: number;
  readonly atOnce: number;
}

/** What a round took. */
export interface CallRound {
  readonly seconds: number;
  /** Of each call, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Processor time of all threads of the process, in milliseconds. */
  readonly cpuMs: number;
  /** The id that each order was given, by its reference, as this side read or stored it. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What a caller's process is asked. A type of its own kind, for a channel takes any names of methods. */
export type Caller = {
  open(setup: CallerSetup): Promise<void>;
  round(params: CallRoundParams): Promise<CallRound>;
  close(): Promise<void>;
};
