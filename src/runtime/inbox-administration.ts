import type {
  AuditEntry,
  InboxFilter,
  InboxGroup,
  InboxItem,
  InboxJob,
  InboxJobItem,
  InboxJobItemState,
  InboxPage,
} from '../core/inbox.ts';
import type { RunId } from '../core/run.ts';
import type { RunCommand, RunCommandKind } from '../engine/intervention/run-command.ts';
import type { RunDetails } from './administration.ts';

export type { RunCommand, RunCommandKind } from '../engine/intervention/run-command.ts';

/** Everything about one run that a person needs to decide what to do with it. */
export interface InboxDetails extends RunDetails {
  /** Undefined for a run that never needed anybody. */
  readonly item: InboxItem | undefined;
  /** The commands that fit it now. */
  readonly fits: readonly RunCommandKind[];
  /** Tasks that it could be sent to, and what the answer at which it stands would give. */
  readonly tasks: readonly string[];
  readonly outputs: readonly string[];
  /** What people did, newest first. */
  readonly history: readonly AuditEntry[];
  /** The run in whose place this one was started, and the one in its place. */
  readonly origin: RunId | undefined;
  readonly successor: RunId | undefined;
}

/** Who gives a command, from where and why. */
export interface CommandGiver {
  readonly by: string;
  /** `command line`, an address. */
  readonly origin: string;
  readonly reason?: string;
}

/** What a command on many runs would do. */
export interface InboxPreview {
  readonly count: number;
  /** The most frequent cause first. */
  readonly groups: readonly InboxGroup[];
}

/** The part of Administration that is about runs that need a person. */
export interface InboxAdministration {
  /** By cause, the most frequent first. */
  inbox(filter: InboxFilter): Promise<readonly InboxGroup[]>;
  /** The newest run first. */
  inboxItems(filter: InboxFilter & InboxPage): Promise<readonly InboxItem[]>;
  /** Rejects with RUN_UNKNOWN. */
  inboxItem(params: { readonly run: RunId }): Promise<InboxDetails>;
  /**
   * Does it now: all or nothing, and of two at once one only. Rejects with RUN_UNKNOWN, RUN_NOT_WAITING, RUN_COMMAND_LATE,
   * RUN_REVISION_UNFIT, RUN_TASK_UNKNOWN, RUN_OUTPUT_UNKNOWN, RUN_REQUEST_KEPT, USER_UNKNOWN.
   */
  commandRun(params: CommandGiver & { readonly run: RunId; readonly command: RunCommand }): Promise<{
    /** The run that was started in the place of this one. */
    readonly successor: RunId | undefined;
  }>;
  /** What `commandInbox` would do now. */
  previewInbox(params: { readonly filter: InboxFilter }): Promise<InboxPreview>;
  /**
   * Has it done in the background to all that the filter finds at this moment. Rejects with INBOX_SELECTION_EMPTY,
   * USER_UNKNOWN.
   */
  commandInbox(
    params: CommandGiver & {
      readonly filter: InboxFilter;
      readonly command: RunCommand;
      /** At most so many runs go on in a second; 100 when left out. */
      readonly perSecond?: number;
    },
  ): Promise<InboxJob>;
  /** Newest first. */
  inboxJobs(params: { readonly limit: number; readonly before?: number }): Promise<readonly InboxJob[]>;
  /** A job, with a page of its runs. Rejects with INBOX_JOB_UNKNOWN. */
  inboxJob(params: {
    readonly id: number;
    readonly state?: readonly InboxJobItemState[];
    readonly after?: RunId;
    readonly limit: number;
  }): Promise<InboxJob & { readonly items: readonly InboxJobItem[] }>;
  /**
   * Leaves what has not been reached as it is; with `takeBack` also what has been and no worker has begun.
   * Rejects with INBOX_JOB_UNKNOWN, INBOX_JOB_ENDED.
   */
  stopInboxJob(params: { readonly id: number; readonly takeBack: boolean; readonly by: string }): Promise<void>;
}
