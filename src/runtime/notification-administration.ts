import type { Notification } from '../core/notification.ts';

/** A notification with the name of its user. */
export interface NotificationEntry extends Notification {
  readonly userName: string;
}

/** The part of Administration that is about what runs told users. */
export interface NotificationAdministration {
  /** Newest first; of everybody when no user is named, read ones too with `all`. Rejects with USER_UNKNOWN. */
  notifications(params: {
    user?: string;
    all: boolean;
    limit: number;
    /** Only those with a smaller id: the next page. */
    before?: number;
  }): Promise<readonly NotificationEntry[]>;
  /** Marks them as read: all, or none with NOTIFICATION_UNKNOWN. Safe to repeat. */
  readNotifications(params: { ids: readonly number[] }): Promise<void>;
}
