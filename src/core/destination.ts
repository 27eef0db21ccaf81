/** How often calls may start: at most `calls` in any stretch of `periodMs`. */
export interface CallRate {
  readonly calls: number;
  readonly periodMs: number;
}

/** When a destination counts as down, and how often it is looked at then. */
export interface BreakerRules {
  /** So many runs in a row have to fail at it, within `withinMs`. */
  readonly failures: number;
  readonly withinMs: number;
  /** The longest time from one look at it to the next. */
  readonly probeEveryMs: number;
}

/** What holds for the calls to one destination, over all nodes together. */
export interface DestinationRules {
  /** The service's name, or the origin of maps without one. */
  readonly key: string;
  /** Calls under way at once. */
  readonly concurrent: number;
  readonly rate: CallRate | undefined;
  /** Undefined: it is called however often it fails. */
  readonly breaker: BreakerRules | undefined;
}

/**
 * closed: it is called. open: it does not answer, and one call at a time looks whether it does again. ramping: it answers
 * again, and at most `places` calls are under way at once, twice as many each time they went well. held: a person said that
 * nobody calls it.
 */
export type DestinationState =
  | { readonly kind: 'closed'; readonly wasDown?: Outage }
  | {
      readonly kind: 'open';
      readonly since: number;
      /** What the last call that failed came to. */
      readonly reason: string;
      /** Looks at it so far. */
      readonly probes: number;
      /** When the next look may begin. While one is under way: when it counts as lost. */
      readonly probeAt: number;
      /** The node that looks at it now. */
      readonly probeBy?: string;
    }
  | {
      readonly kind: 'ramping';
      readonly since: number;
      readonly places: number;
      /** When the outage began that is over now; undefined when there was none. */
      readonly downSince?: number;
    }
  | {
      readonly kind: 'held';
      readonly since: number;
      readonly by: string;
      readonly reason: string;
      /** When the outage began during which somebody held it back. */
      readonly downSince?: number;
    };

/** A time during which a destination did not answer. */
export interface Outage {
  readonly since: number;
  readonly until: number;
}

/** A state with its version, which rises by one with each change. */
export interface StoredDestination {
  readonly key: string;
  readonly version: number;
  readonly state: DestinationState;
}

/** The runs that wait for one destination. */
export interface DestinationBacklog {
  readonly key: string;
  readonly waiting: number;
  /** Since when the one that has waited longest does. */
  readonly since: number;
}

/** What a node uses of a destination and could use more. */
export interface ShareWish {
  readonly key: string;
  /** Over all nodes together. */
  readonly places: number;
  /** Over all nodes together; undefined: there is no rate. */
  readonly calls: number | undefined;
  /** Taken now: they cannot be given back yet. */
  readonly usedPlaces: number;
  readonly usedCalls: number;
  /** How many calls it would have under way at once if it could. 0, with no calls wanted either: it gives back its share. */
  readonly wantedPlaces: number;
  /** How many calls it would begin in a period if it could. */
  readonly wantedCalls: number;
}

/** A node's part of the places and of the calls in a period; good until its lease ends. */
export interface Share {
  readonly key: string;
  readonly places: number;
  readonly calls: number;
}

/**
 * What is known of destinations over restarts, and shared by all nodes. Every time is passed in. Every method rejects with
 * STORE_UNAVAILABLE when the database cannot be used.
 */
export interface DestinationStore {
  /** True when several processes may work on the install: then every one calls within its shares alone. */
  readonly isShared: boolean;
  /** All whose state was ever changed. */
  states(): Promise<readonly StoredDestination[]>;
  /** Stores a state in the place of version `after` (0: none was stored). False: somebody else has changed it meanwhile. */
  change(params: {
    readonly key: string;
    readonly after: number;
    readonly state: DestinationState;
    readonly at: number;
  }): Promise<boolean>;
  /** Of the destinations that runs wait for in the journal, by name. */
  backlog(): Promise<readonly DestinationBacklog[]>;
  /**
   * One round of a node: tells what it uses and wants, and gives what it may use until `now + leaseMs`. What all shares that
   * have not run out come to is never more than the limit, but for what was in use when the limit fell.
   */
  share(params: {
    readonly node: string;
    readonly now: number;
    readonly leaseMs: number;
    readonly wishes: readonly ShareWish[];
  }): Promise<readonly Share[]>;
  /** Gives back all shares of a node. */
  leave(node: string): Promise<void>;
}

/** What one process knows of a destination that it calls. */
export interface DestinationUse {
  readonly key: string;
  readonly state: DestinationState;
  /** Calls of this process that are under way. */
  readonly underWay: number;
  /** Undefined: nobody has called it since the start, so its limits are not known. */
  readonly limits: { readonly concurrent: number; readonly rate: CallRate | undefined } | undefined;
}

/** What came of a call, as far as its destination is concerned: it answered, it answered that it is broken, or not at all. */
export type Reached = 'answered' | 'faulty' | 'unreached';

export interface EntryRequest {
  readonly rules: DestinationRules;
  /** Who calls: failures of one caller in a row count once. */
  readonly caller: string;
  /** How long to wait in this process when nothing moves. */
  readonly waitMs: number;
  /** True for a run that has called before, so that what is begun gets done, and for one that has waited in the journal. */
  readonly goesFirst: boolean;
}

/** A place at a destination, to be left once; leaving it again does nothing. */
export interface Place {
  /** True when this call looks whether the destination answers again. */
  readonly isProbe: boolean;
  /** Tells what came of the call and the code of its failure; undefined when none was made. */
  leave(came?: { readonly reached: Reached; readonly code: string }): void;
}

/** `wait`: not now; `why` is said to people, and it goes on by itself at `until` at the latest. */
export type Entry =
  | { readonly kind: 'place'; readonly place: Place }
  | {
      readonly kind: 'wait';
      readonly because: 'places' | 'rate' | 'down' | 'held';
      readonly why: string;
      readonly until: number;
    };

/** The way to all destinations: nobody calls without a place. */
export interface DestinationGate {
  /** A place soon, or why not: then the run must wait, not the worker. Never rejects. */
  enter(request: EntryRequest): Promise<Entry>;
  /** To be told when a run has been put to wait in the journal, and that is stored. */
  parked(key: string): void;
  /** One round: reads what other nodes and people changed, renews shares, looks at what is down, calls those who wait. */
  tick(): Promise<void>;
  /** Reads at once what a person or another process has changed. */
  refresh(): Promise<void>;
  /** A round each second from now on. */
  start(): Promise<void>;
  /** No more rounds; gives back this node's shares. */
  stop(): Promise<void>;
  /** What this process knows, by name. */
  uses(): readonly DestinationUse[];
}
