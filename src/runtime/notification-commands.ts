import { MapwrightError } from '../core/error.ts';
import type { Clock } from '../core/clock.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { NotificationStore } from '../core/notification.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { NotificationAdministration } from './notification-administration.ts';

/** What an administrator can do with notifications. */
export function notificationCommands(parts: {
  readonly notifications: NotificationStore;
  readonly identities: Pick<IdentityStore, 'users' | 'userByName'>;
  readonly clock: Clock;
}): NotificationAdministration {
  const { notifications, identities, clock } = parts;
  return {
    async notifications({ user, all, limit, before }) {
      const id = user === undefined ? undefined : await idOf(identities, user);
      const filter = { unreadOnly: !all, limit, ...(before === undefined ? {} : { before }) };
      const found = await notifications.notifications(id === undefined ? filter : { ...filter, user: id });
      const names = new Map((await identities.users()).map((one) => [one.id, one.name]));
      return found.map((one) => ({ ...one, userName: names.get(one.user) ?? one.user }));
    },
    async readNotifications({ ids }) {
      const unknown = await notifications.markRead({ ids, at: clock.now() });
      if (unknown.length === 0) return;
      const which = unknown.length === 1 ? `notification ${unknown[0]}` : `notifications ${unknown.join(', ')}`;
      throw new MapwrightError('NOTIFICATION_UNKNOWN', `there is no ${which}: none was marked as read`, {
        hint: 'mapwright notifications --all shows those there are',
      });
    },
  };
}

async function idOf(identities: Pick<IdentityStore, 'users' | 'userByName'>, name: string): Promise<string> {
  const user = await identities.userByName(name);
  if (user !== undefined) return user.id;
  const names = (await identities.users()).map((one) => one.name);
  throw new MapwrightError('USER_UNKNOWN', `there is no user "${name}"`, {
    hint: didYouMean(name, names) ?? 'mapwright user list',
  });
}
