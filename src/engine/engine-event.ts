import type { CallFailure } from '../core/call.ts';
import type { DestinationState } from '../core/destination.ts';
import type { RecordId } from '../core/record.ts';
import type { Failure, RunId, RunWait } from '../core/run.ts';
import type { StepNumber, StepOutcome, StepPurpose } from '../core/step.ts';

/** A run was accepted, and that is stored. */
export interface RunAcceptedEvent {
  readonly kind: 'run-accepted';
  /** Undefined for a run that another run started. */
  readonly run: RunId | undefined;
  readonly workflow: string;
}

/** A change, or what starts runs, was committed or not. */
export interface SaveEndedEvent {
  readonly kind: 'save-ended';
  /** conflict: it is decided again and tried once more. duplicate: it had been made before. */
  readonly outcome: 'committed' | 'conflict' | 'duplicate' | 'failed';
  /** Milliseconds until it was on disk, from when it was decided. */
  readonly durationMs: number;
}

/** A call of a step was answered or not; what the answer means is told when the step ends. */
export interface CallEndedEvent {
  readonly kind: 'call-ended';
  readonly run: RunId;
  readonly workflow: string;
  readonly step: StepNumber;
  readonly task: string;
  /** The service, or the origin of a map without one. */
  readonly destination: string;
  /** The answer's HTTP status, or why no whole answer came. */
  readonly outcome: number | CallFailure['cause'];
  readonly code: string | undefined;
  readonly durationMs: number;
}

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

/** The lease is over, and another worker holds the run by now, or may; what this one did since its last commit is not stored. */
export interface RunFencedEvent {
  readonly kind: 'run-fenced';
  readonly run: RunId;
}

/** What became of a slot of a schedule, or of slots that came while nothing could fire. */
export interface ScheduleEvent {
  readonly kind: 'schedule-slot';
  readonly schedule: string;
  /** Milliseconds since the epoch; of missed slots, until when they came. */
  readonly slot: number;
  /** accepted: all its runs were; waits: the slot before is still being worked. */
  readonly outcome: 'accepted' | 'skipped' | 'failed' | 'missed' | 'waits';
  /** Runs accepted, or slots missed. */
  readonly count: number;
  readonly reason: string | undefined;
}

/** A destination went down, answers again, or was held back or let go by hand; told by the process that stored it and by all that read it. */
export interface DestinationChangedEvent {
  readonly kind: 'destination-changed';
  readonly destination: string;
  readonly state: DestinationState;
}

/** Something went wrong that belongs to no step: a database that cannot be reached, a fault of the program. */
export interface FaultEvent {
  readonly kind: 'fault';
  readonly run: RunId | undefined;
  readonly error: unknown;
}

/** What happens inside the engine, for logs, metrics and applications. Values are redacted. */
export type EngineEvent =
  | RunAcceptedEvent
  | SaveEndedEvent
  | CallEndedEvent
  | RunStartedEvent
  | StepEndedEvent
  | RunWaitingEvent
  | RunEndedEvent
  | RunFencedEvent
  | DestinationChangedEvent
  | ScheduleEvent
  | FaultEvent;
