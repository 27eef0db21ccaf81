import type { RecordId } from './record.ts';
import type { RunId } from './run.ts';

/** Greatest number of characters of a notice's text. */
export const LONGEST_NOTICE = 2_000;

/** What one user is told, to be committed with what it tells of. */
export interface Notice {
  /** User id (`19x1`). */
  readonly user: string;
  /** At most 2,000 characters; redacted. */
  readonly text: string;
  /** Undefined for what is told of the install itself. */
  readonly run: RunId | undefined;
  /** What it is about: the task of the run; `schedule nightly`, `destination warehouse`. */
  readonly task: string;
  /** The record of the run. */
  readonly recordId: RecordId | undefined;
}

/** A notice that was delivered: it stands in the user's list until it is read, and after that too. */
export interface Notification extends Notice {
  /** Counts from 1 in each install. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly readAt: number | undefined;
}

export interface NotificationFilter {
  /** User id; undefined: everybody's. */
  readonly user?: string;
  readonly unreadOnly: boolean;
  /** Notifications with a smaller id than this, for the next page. */
  readonly before?: number;
  readonly limit: number;
}

/** What runs, and the install itself, told users. Notices are added by units of work only. */
export interface NotificationStore {
  /** Newest first. */
  notifications(filter: NotificationFilter): Promise<readonly Notification[]>;
  /** Marks them as read at this time; those read before keep theirs. Gives the ids that name no notification: then none is marked. */
  markRead(params: { ids: readonly number[]; at: number }): Promise<readonly number[]>;
}
