/** One round of chains that a contestant makes. */
export interface RoundParams {
  /** Goes into the names of the products, which must be new. */
  readonly label: string;
  readonly chains: number;
  readonly atOnce: number;
}

/** What a round took. */
export interface RoundFacts {
  /** From the first save to the end of the last chain. */
  readonly seconds: number;
  /** Of each chain, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** What a contestant needs to know before its first round. */
export interface ContestantSetup {
  /** Where the peer is. */
  readonly url: string;
  /** The contestant's own, empty, but for an install that has been prepared in it. */
  readonly folder: string;
  /** Calls under way at once to the peer, at most. */
  readonly connections: number;
}

/** The id that was written back to each product, by its name. */
export type WrittenIds = ReadonlyMap<string, string>;

/** What a contestant's process is asked. A type of its own kind, for a channel takes any names of methods. */
export type Contestant = {
  open(setup: ContestantSetup): void | Promise<void>;
  /** What a round needs and does not measure. */
  prepare(params: RoundParams): void | Promise<void>;
  round(params: RoundParams): Promise<RoundFacts>;
  /** Lets go of the database, reads it once more, and tells what stands in it. */
  close(): Promise<WrittenIds>;
};
