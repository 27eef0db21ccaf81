import type { CallTimings } from './call.ts';
import type { Json, JsonObject } from './json.ts';
import type { Failure, RunId } from './run.ts';

/** Counts from 1 in each run. */
export type StepNumber = number;

/** running: begun, outcome unknown; waiting: the last try failed and another will follow; skipped: its condition was false. */
export type StepStatus = 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

/** main: a task in its order; renew: a session's opening task run again; cleanup: an always task; look: finds out what a task's lost call did. */
export type StepPurpose = 'main' | 'renew' | 'cleanup' | 'look';

/** One stored try of a step. Requests and answers are redacted before they get here, and cut at 64 KiB each. */
export interface Attempt {
  /** Counts from 1 in each step. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
}

/** A request as shown to people: secrets as dots. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: RecordedBody | undefined;
  /** Where each parameter's value came from, in the order of the map. */
  readonly parameters: readonly { readonly name: string; readonly source: string; readonly value: string }[];
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: RecordedBody | undefined;
  /** From the first byte sent to the last byte read. */
  readonly durationMs: number;
  /** Where that time went. */
  readonly timings?: CallTimings | undefined;
}

/** Text of at most 64 KiB; `bytes` counts all of it. Binary bodies are told by their size alone. */
export interface RecordedBody {
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
}

/** One execution of one task in a run. */
export interface Step {
  readonly run: RunId;
  readonly number: StepNumber;
  readonly task: string;
  readonly purpose: StepPurpose;
  /** 1 at first, plus one with every renewal of the session. */
  readonly round: number;
  readonly status: StepStatus;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** What a retry is evaluated on, so that it sends what the first try sent: record values, time, random seed. */
  readonly frozen: JsonObject | undefined;
  /** Which branch a choice took, what a set-fields task set, what an output wrote: for people. */
  readonly effects: readonly StepEffect[];
  readonly warnings: readonly string[];
  readonly failure: Failure | undefined;
  readonly attempts: readonly Attempt[];
}

/** One thing a step changed. Values are redacted. */
export interface StepEffect {
  /** record: another record created or changed; run: a workflow launched; notice: somebody told. */
  readonly kind: 'field' | 'context' | 'branch' | 'skip' | 'end' | 'record' | 'run' | 'notice';
  /** The field, the context key, the task, the record's id, the workflow or the user. */
  readonly name: string;
  /** Where the value came from: a response path, a literal. */
  readonly from?: string;
  readonly value?: Json;
  readonly previous?: Json;
  /** Of a run: its index among the unit's runs. The journal stores its id as the value instead, null when it was left out. */
  readonly accepted?: number;
}

/** What is recorded before a step acts, in the commit that ends the one before. */
export interface StepIntent {
  readonly number: StepNumber;
  readonly task: string;
  readonly purpose: StepPurpose;
  readonly round: number;
  /** 1 for a new step; higher for another try of a step that is already stored. */
  readonly attempt: number;
  readonly frozen: JsonObject | undefined;
  readonly request: RecordedRequest | undefined;
}

/** What came of a step's try. A step without an outward call is begun and ended in one commit: `intent` is then given here. */
export interface StepOutcome {
  readonly number: StepNumber;
  readonly status: 'waiting' | 'done' | 'failed' | 'skipped';
  readonly intent?: StepIntent;
  /** True: what the try sent, which its intent says, is not kept any longer. */
  readonly forgetsRequest?: boolean;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  readonly effects: readonly StepEffect[];
  readonly warnings: readonly string[];
}

/** The outcome with the ids of the runs that it started; `acceptedAs` are those of the unit of work. */
export function tellAcceptedRuns(
  effects: readonly StepEffect[],
  acceptedAs: readonly (RunId | undefined)[],
): readonly StepEffect[] {
  return effects.map(({ accepted, ...effect }) =>
    accepted === undefined ? effect : { ...effect, value: acceptedAs[accepted] ?? null },
  );
}
