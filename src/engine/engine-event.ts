import type { RecordId } from '../core/record.ts';
import type { Failure, RunId, RunWait } from '../core/run.ts';
import type { StepNumber, StepOutcome, StepPurpose } from '../core/step.ts';

/** A run is worked on for the first time. Told again when a crash undid that. */
export interface RunStartedEvent {
  readonly kind: 'run-started';
  readonly run: RunId;
  readonly workflow: string;
  readonly recordId: RecordId | undefined;
}

/** A try of a step is over and stored. `waiting` and `failed` tries carry the code of their failure. */
export interface StepEndedEvent {
  readonly kind: 'step-ended';
  readonly run: RunId;
  readonly workflow: string;
  readonly step: StepNumber;
  readonly task: string;
  readonly purpose: StepPurpose;
  readonly status: StepOutcome['status'];
  /** Milliseconds from the commit that began the try to the one that ended it; 0 for a task that calls nobody. */
  readonly durationMs: number;
  readonly code: string | undefined;
}

/** A run has been put to wait, and the wait is stored. */
export interface RunWaitingEvent {
  readonly kind: 'run-waiting';
  readonly run: RunId;
  readonly workflow: string;
  readonly wait: RunWait;
}

/** A run has reached its final status, and that is stored. */
export interface RunEndedEvent {
  readonly kind: 'run-ended';
  readonly run: RunId;
  readonly workflow: string;
  readonly status: 'completed' | 'failed' | 'canceled';
  readonly failure: Failure | undefined;
  /** True when the run came to its end through an abort transition. */
  readonly handled: boolean;
}

/** Another worker holds the run by now; what this one did since its last commit is not stored. */
export interface RunFencedEvent {
  readonly kind: 'run-fenced';
  readonly run: RunId;
}

/** Something went wrong that belongs to no step: a database that cannot be reached, a fault of the program. */
export interface FaultEvent {
  readonly kind: 'fault';
  readonly run: RunId | undefined;
  readonly error: unknown;
}

/** What happens inside the engine, for logs, metrics and applications. Values are redacted. */
export type EngineEvent =
  | RunStartedEvent
  | StepEndedEvent
  | RunWaitingEvent
  | RunEndedEvent
  | RunFencedEvent
  | FaultEvent;
