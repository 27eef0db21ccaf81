import { groupImage, userImage, USERS } from '../core/identity-module.ts';
import type { IdentityStore, User } from '../core/identity-store.ts';
import type { Query, QueryCondition } from '../core/query.ts';
import type { RecordImage } from '../core/record.ts';

/** Who asks. */
export type Asking = Pick<User, 'id' | 'admin'>;

/** Answers a query of Users or Groups. Whoever is asking and no administrator finds only itself among the users. */
export async function findPeople(
  identities: Pick<IdentityStore, 'findUsers' | 'findGroups'>,
  query: Query,
  asking: Asking | undefined,
): Promise<{ readonly records: readonly RecordImage[]; readonly total: number }> {
  if (query.module !== USERS.name) {
    const { found, total } = await identities.findGroups(query);
    return { records: found.map(groupImage), total };
  }
  const { found, total } = await identities.findUsers(
    asking === undefined || asking.admin ? query : { ...query, where: narrowed(query.where, asking) },
  );
  return { records: found.map(userImage), total };
}

function narrowed(where: QueryCondition | undefined, { id }: Asking): QueryCondition {
  const own: QueryCondition = { kind: 'compare', field: 'id', operator: '=', value: id };
  return { kind: 'and', parts: where === undefined ? [own] : [own, where] };
}
