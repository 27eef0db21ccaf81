import type { InboxCause, InboxState } from './inbox.ts';
import type { Json } from './json.ts';
import type { AcceptedRun, Failure, Lease, Run, RunContext, RunId, RunProgress, RunStatus, RunWait } from './run.ts';
import type { Step, StepIntent, StepOutcome } from './step.ts';
import type { RecordImage } from './record.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What happens to the run after this commit. */
export type Continuation =
  | { readonly kind: 'go-on' }
  /** Gives the lease back. */
  | {
      readonly kind: 'wait';
      readonly wait: RunWait;
      /** Of a wait for a person: what the inbox says of it; told from the reason when left out. */
      readonly cause?: InboxCause | undefined;
    }
  | {
      readonly kind: 'end';
      readonly status: 'completed' | 'failed' | 'canceled';
      readonly failure: Failure | undefined;
      readonly handled: boolean;
      /**
       * True when it turned out that the trigger had not fired: the mark of one that fires once goes to the next
       * undecided run that was accepted meanwhile, or is given back.
       */
      readonly unfired?: boolean;
      /** Of a failure that nothing has dealt with: what the inbox says of it; told from the failure when left out. */
      readonly cause?: InboxCause | undefined;
    };

/** One commit of a run: the outcome of a step, the intent of the next one, and what they change. */
export interface Settlement {
  readonly unit: UnitOfWork;
  readonly outcomes: readonly StepOutcome[];
  readonly begin: StepIntent | undefined;
  readonly progress: RunProgress;
  /** The whole context after this commit; undefined when it did not change. */
  readonly context: RunContext | undefined;
  /** Business keys to set; null takes one away, and the others stay. */
  readonly keys?: Readonly<Record<string, string | null>>;
  readonly then: Continuation;
}

/**
 * settled: committed; `released` are the runs that may go on because of it (next in the lane, newly accepted).
 * fenced: somebody else holds the run by now; stop quietly. conflict: a record changed meanwhile; decide again.
 */
export type SettleResult =
  | {
      readonly kind: 'settled';
      readonly records: readonly (RecordImage | undefined)[];
      readonly released: readonly RunId[];
      /** A person asked for the run to end. */
      readonly cancelRequested: string | undefined;
    }
  | { readonly kind: 'fenced' }
  | { readonly kind: 'conflict'; readonly id: string };

/** What every command of a person says. */
interface CommandHead {
  readonly run: RunId;
  readonly by: string;
  readonly at: number;
  /** Where it came from: `command line`. */
  readonly origin?: string | undefined;
  readonly reason?: string | undefined;
  /** What it changes, for the audit; secrets as dots. */
  readonly before?: Json;
  readonly after?: Json;
  /** The job that it is part of: without effect when what became of the run in it is known already, and stored with it. */
  readonly job?: number | undefined;
}

/** What a person says about the inbox's row of a run. */
export interface InboxMark {
  /** The states in which it takes effect. */
  readonly from: readonly InboxState[];
  readonly state?: InboxState;
  /** Null takes the owner away. */
  readonly owner?: string | null;
  readonly note?: string;
}

/**
 * What a person may do to a run. All are refused (false) when the run is not in a state the command fits. Those with an
 * epoch were decided on the run as it was then, and are refused when somebody had it since.
 */
export type Intervention = CommandHead &
  (
    | /** Try the failed or waiting step again now. */ { readonly kind: 'retry' }
    | /** End the run; its always tasks still run. */ { readonly kind: 'cancel'; readonly reason: string }
    | {
        /** Lets a waiting run go on as its progress then says. */
        readonly kind: 'order';
        /** What it is called in the audit. */
        readonly action: string;
        readonly epoch: number;
        readonly progress: RunProgress;
        /** The whole context; undefined when it stays. */
        readonly context: RunContext | undefined;
        readonly revision: number;
        readonly dueAt: number;
      }
    | {
        /** Takes an order back that no worker has seen: the run waits as it did, and stands in the inbox as it did. */
        readonly kind: 'withdraw';
        readonly epoch: number;
        readonly progress: RunProgress;
        readonly context: RunContext | undefined;
        readonly revision: number;
        readonly state: InboxState;
      }
    | {
        /** Starts another run in the place of this one, which is canceled if it has not ended. At most once for a run. */
        readonly kind: 'restart';
        readonly epoch: number;
        readonly successor: AcceptedRun;
        readonly dueAt: number;
      }
    | {
        /** Changes nothing but the row in the inbox. */
        readonly kind: 'mark';
        readonly action: string;
        readonly mark: InboxMark;
      }
  );

export interface RunFilter {
  readonly status?: readonly RunStatus[];
  readonly waiting?: boolean;
  /** True: only runs that an abort has led through; false: only the others. */
  readonly handled?: boolean;
  readonly workflow?: string;
  readonly recordId?: string;
  /** Runs with a business key of this value, cut at 200 characters like those; of any name when none is given. */
  readonly key?: { readonly name?: string; readonly value: string };
  /** Accepted from this time on, and before that one; milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** Runs with a smaller id than this: the page of older ones. */
  readonly before?: RunId;
  /**
   * Of the runs with a greater id than this the nearest: the page of newer ones. 0 gives the oldest of all: the last page.
   * `before` does not count then.
   */
  readonly after?: RunId;
  readonly limit: number;
}

/**
 * The durable truth about runs. Every time is passed in; no implementation reads a clock.
 * Heads of lanes only are ever claimed. Every method rejects with STORE_UNAVAILABLE when the database cannot be used.
 */
export interface Journal {
  /** Claims up to `limit` due runs, oldest due first. Each claim raises the epoch. */
  claimDue(params: { owner: string; limit: number; now: number; leaseMs: number }): Promise<readonly Lease[]>;
  /** Claims those of the given runs that are due; others are left out silently. */
  claim(params: { owner: string; runs: readonly RunId[]; now: number; leaseMs: number }): Promise<readonly Lease[]>;
  /** One transaction, conditional on the lease's epoch and owner. */
  settle(lease: Lease, settlement: Settlement): Promise<SettleResult>;
  /** Prolongs leases; gives the runs whose lease was lost meanwhile. */
  heartbeat(params: { leases: readonly Lease[]; now: number; leaseMs: number }): Promise<readonly RunId[]>;
  /** Makes due every run held by another owner than this one: for the one process of an embedded install, at its start. */
  takeOver(params: { owner: string; now: number }): Promise<number>;
  /** Makes due up to `limit` runs that wait for a place at the destination `key`, the longest waiting first. */
  release(params: { key: string; limit: number; now: number }): Promise<readonly RunId[]>;
  /** True when it took effect. */
  intervene(command: Intervention): Promise<boolean>;
  run(id: RunId): Promise<Run | undefined>;
  /** True when the run holds the mark of a trigger that fires once. */
  holdsMark(id: RunId): Promise<boolean>;
  /** Who last acted on the run by hand, with effect: the name as it was given; undefined when nobody did. */
  lastActor(id: RunId): Promise<string | undefined>;
  /** Newest first. */
  runs(filter: RunFilter): Promise<readonly Run[]>;
  /** In order, each with its attempts. */
  steps(run: RunId): Promise<readonly Step[]>;
  /** How many runs have not ended, by workflow; workflows without such runs are left out. */
  unfinished(): Promise<Readonly<Record<string, number>>>;
  /** Of every status, of all that wait, and of those that ended after an abort (which have a status too). */
  counts(): Promise<Readonly<Record<RunStatus, number>> & { readonly waiting: number; readonly handled: number }>;
}
