import type { IdentityStore } from '../../core/identity-store.ts';
import type { LegacyPeople } from '../../expression/legacy/services.ts';
import { legacyUser } from './legacy-user.ts';

/** Users and groups of an install. */
export function legacyPeople(
  people: Pick<IdentityStore, 'userById' | 'groupById' | 'groupByName'>,
  timeZone: string,
): LegacyPeople {
  return {
    async user(id) {
      const user = await people.userById(id);
      return user && legacyUser(user, timeZone);
    },
    groupIdByName: async (name) => (await people.groupByName(name))?.id,
    membersOf: async (groupId) => (await people.groupById(groupId))?.members ?? [],
  };
}
