import type { NotificationEntry } from '../../runtime/notification-administration.ts';
import { renderAge } from '../duration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging } from './exchange.ts';

/** What the list of notifications shows. */
export interface NotificationPage {
  readonly notifications: readonly NotificationEntry[];
  /** True when read ones are among them. */
  readonly all: boolean;
  /** Milliseconds since the epoch: what ages count from. */
  readonly now: number;
  /** True when older ones may follow. */
  readonly more: boolean;
}

const INDENT = '    ';

/** Each with a line about where it comes from and its whole text, newest first. */
export function renderNotifications({ notifications, all, now, more }: NotificationPage): string[] {
  if (notifications.length === 0) return [all ? 'no notifications' : 'no unread notifications'];
  const oldest = notifications.at(-1)?.id;
  return [
    ...notifications.flatMap((one) => [
      headOf(one, now),
      ...one.text
        .split('\n')
        .flatMap((line) => foldHanging(oneLine(line), PAGE_WIDTH - INDENT.length))
        .map((line) => INDENT + line),
    ]),
    '',
    `mark as read: mapwright notifications read ${notifications[0]?.id ?? 'ID'}`,
    ...(more && oldest !== undefined ? [`older ones: --before ${oldest}`] : []),
  ];
}

function headOf({ id, userName, run, task, recordId, at, readAt }: NotificationEntry, now: number): string {
  const record = recordId === undefined ? [] : [recordId];
  const read = readAt === undefined ? [] : ['read'];
  const about = run === undefined ? task : `run ${run} ${task}`;
  return oneLine([`${id}`, userName, about, ...record, renderAge(now - at), ...read].join('   '));
}
