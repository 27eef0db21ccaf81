import type { InboxCause } from '../core/inbox.ts';
import type { JsonObject } from '../core/json.ts';
import type { RetryPlan } from '../core/retry.ts';
import type { Failure, RunProgress, RunWait } from '../core/run.ts';
import type { PendingIntake } from './record-intake.ts';
import type { RunOrder } from './intervention/run-order.ts';
import type { PlannedDecision } from './retry-decision.ts';

/** A step that failed and is tried again: the same step, one attempt more. */
export interface PendingRetry {
  readonly task: string;
  readonly step: number;
  readonly attempts: number;
  /** What the request is built on again; undefined: on the record as it is then. */
  readonly frozen: JsonObject | undefined;
  /** True while the step is stored as waiting for its next try; false when its failure was final until a person said otherwise. */
  readonly isWaiting: boolean;
  /** True when one of its tries may have made the other side act: its key then stands for that very request. */
  readonly mayHaveActed?: boolean;
}

/** A call whose answer was lost, and what follows when the other side turns out not to have acted. */
export interface PendingLook {
  readonly task: string;
  readonly failure: Failure;
  /** The status that came before the answer broke off. */
  readonly status: number | null;
  readonly then: PlannedDecision;
  /** The look itself, when it is tried again. */
  readonly retry: PendingRetry | undefined;
}

/** Tasks to run before the run goes on, waits or ends. */
export interface Agenda {
  readonly tasks: readonly { readonly task: string; readonly purpose: 'renew' | 'cleanup' }[];
  readonly after:
    | { readonly kind: 'go-on' | 'end' }
    | { readonly kind: 'wait'; readonly wait: RunWait; readonly cause?: InboxCause };
}

/** The pages of a list that have been received. */
export interface PendingPages {
  readonly task: string;
  readonly pages: number;
  readonly items: number;
  readonly bytes: number;
  /** What the request of the first page was built on, and those of all others are. */
  readonly frozen: JsonObject | undefined;
}

export interface FailingStreak {
  readonly count: number;
  readonly firstFailureAt: number;
  /** The retry as its values were worked out at the first failure, null for none; undefined when they stand in the document. */
  readonly plan?: RetryPlan | null;
}

/** The streak of the looks of a task; no task is called so. */
export function lookStreak(task: string): string {
  return `${task}/look`;
}

export interface RunOutcome {
  readonly status: 'completed' | 'failed' | 'canceled';
  readonly failure: Failure | undefined;
}

/** What the interpreter keeps of a run between two commits. Positions are task names. */
export interface Progress {
  /** False until the trigger has been judged and the first task found. */
  started: boolean;
  /** True when the trigger turned out not to hold, or nobody judged it before the run was canceled. */
  unfired: boolean;
  /** The task in the main flow that is next or under way; undefined past the last one. */
  cursor: string | undefined;
  round: number;
  /** The number of the latest step. */
  steps: number;
  retry: PendingRetry | undefined;
  agenda: Agenda | undefined;
  /** The step of the agenda's first task, when that is tried again. */
  agendaRetry: PendingRetry | undefined;
  /** Set while it is to be found out what a call did. */
  look: PendingLook | undefined;
  /** Failing streaks by task. */
  tries: Record<string, FailingStreak>;
  /** Renewals made at once, because of an authentication code, since the last success of a main task. */
  renewals: number;
  /** Renew tasks that have succeeded, in order: what a renewal runs again. */
  opened: string[];
  /** The step in which each context key was last set. */
  contextSetAt: Record<string, number>;
  /** The step after which each always task last ran. */
  cleanedAt: Record<string, number>;
  /** The latest step that called the other side with success. */
  reachedAt: number;
  lastAt: number;
  /** Commits that wrote to a host that keeps its own records. */
  hostWrites: number;
  outcome: RunOutcome | undefined;
  /** True after an abort transition. */
  handled: boolean;
  /** The tasks that an abort has led away from. */
  aborted: readonly string[];
  /** What expressions see as `answer`; undefined before the first call. */
  answer: JsonObject | undefined;
  /** The first failure that the run went on after, as the original does. */
  passedFailure: Failure | undefined;
  /** What a person wants done before the run goes on. */
  order: RunOrder | undefined;
  /** Set while lists of an answer become records. */
  intake: PendingIntake | undefined;
  /** Set while a list is asked for page by page: what stands here has been received. */
  paging: PendingPages | undefined;
}

const INITIAL: Progress = {
  started: false,
  unfired: false,
  cursor: undefined,
  round: 1,
  steps: 0,
  retry: undefined,
  agenda: undefined,
  agendaRetry: undefined,
  look: undefined,
  tries: {},
  renewals: 0,
  opened: [],
  contextSetAt: {},
  cleanedAt: {},
  reachedAt: 0,
  lastAt: 0,
  hostWrites: 0,
  outcome: undefined,
  handled: false,
  aborted: [],
  answer: undefined,
  passedFailure: undefined,
  order: undefined,
  intake: undefined,
  paging: undefined,
};

/** The progress as the journal gave it back; a new run's is empty. */
export function readProgress(stored: RunProgress): Progress {
  // The journal gives back what `storeProgress` gave it: no other code writes this column.
  return copied({ ...INITIAL, ...(stored as Partial<Progress>) });
}

/** The task at which the run stands; undefined when it stands at none. */
export function currentTask(stored: RunProgress): string | undefined {
  const { cursor } = readProgress(stored);
  return cursor;
}

/** The progress as it is now, whatever happens to it later: a JSON object once absent members are left out. */
export function storeProgress(progress: Progress): RunProgress {
  return copied(progress) as unknown as RunProgress;
}

/** A copy that shares only what is never changed in place. */
function copied(progress: Progress): Progress {
  const { tries, contextSetAt, cleanedAt, opened } = progress;
  return {
    ...progress,
    opened: [...opened],
    tries: bare(tries),
    contextSetAt: bare(contextSetAt),
    cleanedAt: bare(cleanedAt),
  };
}

/** Tasks and context keys may be called `constructor`: nothing is inherited. */
function bare<T>(record: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, record);
}
