import type { Json, JsonObject } from './json.ts';
import type { RecordId } from './record.ts';
import type { RunId, RunStatus, RunWait } from './run.ts';

/** open: nobody looks after it; acknowledged: somebody does; resolved: it went on, or was dealt with; ignored: it may stay as it is. */
export type InboxState = 'open' | 'acknowledged' | 'resolved' | 'ignored';

/** The states of what still needs somebody. */
export const UNRESOLVED: readonly InboxState[] = ['open', 'acknowledged'];

/** Why a run came into the inbox. Texts are redacted. */
export interface InboxCause {
  readonly code: string;
  /** The service or origin that was called; empty when nobody was. */
  readonly destination: string;
  /** The task at which it stands or failed; undefined when it stands at none. */
  readonly task: string | undefined;
  /** One sentence for people. */
  readonly message: string;
  /** True when it is unknown whether the other side acted. */
  readonly inDoubt: boolean;
}

/** A run that needs a person, or needed one. A run has one row, however often it comes back. */
export interface InboxItem extends InboxCause {
  readonly run: RunId;
  readonly state: InboxState;
  /** waiting: it stands and goes on when somebody says so; failed: it has ended. */
  readonly kind: 'waiting' | 'failed';
  readonly workflow: string;
  readonly module: string | undefined;
  readonly recordId: RecordId | undefined;
  /** When it last came into the inbox, in milliseconds since the epoch. */
  readonly since: number;
  /** How often it came. */
  readonly times: number;
  /** Name of the user who looks after it. */
  readonly owner: string | undefined;
  readonly note: string | undefined;
  /** When a person last did something about it, and who. */
  readonly changedAt: number | undefined;
  readonly changedBy: string | undefined;
  /** How it was resolved: the command that did it. */
  readonly resolution: string | undefined;
  /** The run itself. */
  readonly status: RunStatus;
  readonly wait: RunWait['for'] | undefined;
  /** How many runs wait behind it in its lane. */
  readonly holdsBack: number;
}

/** Which rows of the inbox; what is left out does not count. */
export interface InboxFilter {
  /** Open and acknowledged ones when left out. */
  readonly state?: readonly InboxState[];
  /** Name of a user; null: those that nobody looks after. */
  readonly owner?: string | null;
  /** The cause's code. */
  readonly code?: string;
  readonly destination?: string;
  readonly workflow?: string;
  readonly module?: string;
  readonly recordId?: RecordId;
  /** Those that came at this time or later, in milliseconds since the epoch. */
  readonly since?: number;
  readonly runs?: readonly RunId[];
}

/** One page of rows. */
export interface InboxPage {
  /** Runs with a smaller id than this: the page of older ones. */
  readonly before?: RunId;
  /**
   * Of the runs with a greater id than this the nearest: the page of newer ones. 0 gives the oldest of all: the last page.
   * `before` does not count then.
   */
  readonly after?: RunId;
  readonly limit: number;
}

/** Rows of one cause. */
export interface InboxGroup {
  readonly code: string;
  readonly destination: string;
  readonly workflow: string;
  readonly count: number;
  /** When the first and the last of them came. */
  readonly oldest: number;
  readonly newest: number;
  /** The newest run among them, and its sentence. */
  readonly example: { readonly run: RunId; readonly message: string };
}

/** What somebody did to a run, as written down. */
export interface AuditEntry {
  readonly id: number;
  readonly run: RunId;
  readonly at: number;
  readonly by: string;
  /** Where the command came from: `command line`; undefined for entries of earlier versions. */
  readonly origin: string | undefined;
  readonly action: string;
  readonly reason: string | undefined;
  readonly tookEffect: boolean;
  /** What it changed, secrets as dots. */
  readonly before: Json;
  readonly after: Json;
}

/**
 * running: items are carried out; stopped: the rest is left; undoing: what has not begun is taken back; the others are ends.
 */
export type InboxJobState = 'running' | 'done' | 'stopped' | 'undoing' | 'undone';

/** pending: not reached yet; left: the job was stopped before; kept: it had begun when it was to be taken back. */
export type InboxJobItemState = 'pending' | 'applied' | 'refused' | 'left' | 'taken-back' | 'kept';

/** One command on many runs, carried out in the background. */
export interface InboxJob {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly origin: string;
  readonly reason: string | undefined;
  /** The command, the values that it gives sealed; read by whoever carries it out. */
  readonly command: JsonObject;
  readonly state: InboxJobState;
  /** At most so many runs become due in a second. */
  readonly perSecond: number;
  readonly endedAt: number | undefined;
  readonly counts: Readonly<Record<InboxJobItemState, number>>;
}

/** What became of one run of a job. */
export interface InboxJobItem {
  readonly run: RunId;
  readonly state: InboxJobItemState;
  /** Why it was refused or kept. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly at: number | undefined;
}

export type NewInboxJob = Pick<InboxJob, 'at' | 'by' | 'origin' | 'reason' | 'command' | 'perSecond'>;

/** Part of a job, for one worker: nobody else gets a part of it before the lease has run out. */
export interface InboxJobPart {
  readonly job: InboxJob;
  readonly runs: readonly RunId[];
  /** From when on the runs may become due, `perSecond` apart. */
  readonly dueFrom: number;
}

/** What is known of runs that need a person. Every method rejects with STORE_UNAVAILABLE when the database cannot be used. */
export interface InboxStore {
  /** The most frequent cause first. */
  groups(filter: InboxFilter): Promise<readonly InboxGroup[]>;
  /** The newest run first. */
  items(filter: InboxFilter & InboxPage): Promise<readonly InboxItem[]>;
  item(run: RunId): Promise<InboxItem | undefined>;
  /** What people did to the run, newest first. */
  history(params: { readonly run: RunId; readonly limit: number }): Promise<readonly AuditEntry[]>;
  /** The run that was started in the place of this one, and the one in whose place it was started. */
  restarts(run: RunId): Promise<{ readonly origin: RunId | undefined; readonly successor: RunId | undefined }>;
  /** Fixes what the filter finds now as the job's runs; undefined, and nothing is stored, when it finds none. */
  addJob(job: NewInboxJob, filter: InboxFilter): Promise<InboxJob | undefined>;
  job(id: number): Promise<InboxJob | undefined>;
  /** Newest first. */
  jobs(params: { readonly limit: number; readonly before?: number }): Promise<readonly InboxJob[]>;
  /** In the order of the runs; `after` is the last run of the page before. */
  jobItems(params: {
    readonly job: number;
    readonly state?: readonly InboxJobItemState[];
    readonly after?: RunId;
    readonly limit: number;
  }): Promise<readonly InboxJobItem[]>;
  /** The next part of the oldest job that is not at its end; jobs that turn out to be are ended. */
  claimJob(params: {
    readonly owner: string;
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<InboxJobPart | undefined>;
  /** Stores what became of a run of a job where no command was written; without effect when that is known already. */
  settleItem(params: {
    readonly job: number;
    readonly run: RunId;
    readonly state: 'refused' | 'kept';
    readonly code: string;
    readonly message: string;
    readonly at: number;
  }): Promise<void>;
  /** Leaves what has not been reached; with `takeBack` what has not begun is taken back. False when there was nothing to stop. */
  stopJob(params: { readonly id: number; readonly at: number; readonly takeBack: boolean }): Promise<boolean>;
}
