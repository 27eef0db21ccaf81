import type { Json, JsonObject } from './json.ts';
import type { ChangeKind, RecordId, RecordValues } from './record.ts';
import type { RelationEnd, RelationKind } from './relation.ts';
import type { RunSlot } from './schedule.ts';
import type { Step } from './step.ts';

/** Counts from 1 in each install. */
export type RunId = number;

/** `completed`, `failed` and `canceled` are final. A waiting run is `running` (or still `pending`) and has a `wait`. */
export type RunStatus = 'pending' | 'running' | 'completed' | 'failed' | 'canceled';

/** Why a run does nothing at the moment. */
export interface RunWait {
  /** time: until `until`; limit: until a place at the destination `key` is free; person: until somebody acts; lane: behind another run. */
  readonly for: 'time' | 'limit' | 'person' | 'lane';
  /** One sentence for people. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When it goes on by itself; undefined when only an event ends the wait. */
  readonly until?: number;
  /** The destination waited for (limit), the run waited for (lane), or what holds the run until a person says otherwise. */
  readonly key?: string;
}

/** Why a run or a step failed, as stored and shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** The task it happened in. */
  readonly task?: string;
}

/** What can start a run: a change of its record, a link of it made or taken away, somebody who says so, or a clock. */
export type TriggerEvent = ChangeKind | RelationKind | 'manual' | 'schedule';

/** What started a run, stored with it. */
export interface RunTrigger {
  readonly event: TriggerEvent;
  /** The record as it was committed by the change that started the run. */
  readonly record: RecordValues;
  /** The record before that change; undefined for a creation. */
  readonly previous: RecordValues | undefined;
  readonly changed: readonly string[];
  /** The record at the other end of the link; for `relate` and `unrelate` only. */
  readonly related?: RelationEnd;
  /**
   * True for a trigger that fires once for each record: the commit leaves the run out when the workflow has a mark for
   * the record already, and sets the mark otherwise.
   */
  readonly once?: true;
  /** The place in a trace at which it was accepted (W3C `traceparent`); left out where nobody traces. */
  readonly traceparent?: string;
  /** The slot of the schedule that started it; for `schedule` only. */
  readonly schedule?: RunSlot;
}

/** Names of business keys and their values, by which people find runs: `order` -> `SO-17`. At most 200 characters each. */
export type RunKeys = Readonly<Record<string, string>>;

/** Characters of a business key's value that are kept. */
export const LONGEST_RUN_KEY = 200;

/** A run that the deciding side accepts; it gets its id when the unit of work that holds it is committed. */
export interface AcceptedRun {
  readonly workflow: string;
  /** The revision of all documents that it keeps to. */
  readonly revision: number;
  readonly module: string | undefined;
  readonly recordId: RecordId | undefined;
  /** Runs of one lane go one at a time, in the order of their acceptance. The empty text is no lane: the run waits for no other. */
  readonly lane: string;
  /** True when later runs of the lane may overtake this one while it waits. */
  readonly passWhenWaiting: boolean;
  readonly trigger: RunTrigger;
  /** True when the trigger's condition could not be judged at the save and the run has to judge it first. */
  readonly undecided: boolean;
  /** The run whose record write started this one, at the root of the chain. */
  readonly rootRun: RunId | undefined;
  /** How many runs stand between this one and its root. */
  readonly depth: number;
  /** User id of the person or client whose action started it. */
  readonly initiator: string;
  /** What its context starts with, in the form in which contexts are stored; nothing when left out. */
  readonly context?: RunContext;
  /** What it can be found by from the start; more may follow. */
  readonly keys?: RunKeys;
  /** How long whoever starts it waits for its end, in milliseconds; not at all when left out. Not stored. */
  readonly waitMs?: number;
}

/**
 * What the interpreter keeps of a run between two commits. The journal stores it and does not look inside.
 * Declared by the engine; JSON here.
 */
export type RunProgress = JsonObject;

/** The variables of a run. The journal stores values as they are given; sensitive ones come sealed. */
export type RunContext = Readonly<Record<string, Json>>;

/** A run as the journal knows it. */
export interface Run {
  readonly id: RunId;
  readonly workflow: string;
  readonly revision: number;
  readonly module: string | undefined;
  readonly recordId: RecordId | undefined;
  readonly lane: string;
  readonly passWhenWaiting: boolean;
  readonly trigger: RunTrigger;
  readonly undecided: boolean;
  readonly rootRun: RunId;
  readonly depth: number;
  readonly initiator: string;
  readonly status: RunStatus;
  readonly wait: RunWait | undefined;
  readonly failure: Failure | undefined;
  /** True when the run ended through an abort transition: a handled error, never a clean success. */
  readonly handled: boolean;
  readonly progress: RunProgress;
  readonly context: RunContext;
  readonly keys: RunKeys;
  /** Rises by one with every claim; a commit under an older epoch is refused. */
  readonly epoch: number;
  readonly acceptedAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Set when a person asked for the run to end; the interpreter sees it at its next commit. */
  readonly cancelRequested: string | undefined;
}

/** A worker's time-limited hold on a run. */
export interface Lease {
  readonly run: Run;
  readonly owner: string;
  /** The latest step that has begun and not ended: its request may or may not have been sent by an earlier holder. */
  readonly openStep: Step | undefined;
}

/** True for a status that never changes again. */
export function isFinal(status: RunStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'canceled';
}
