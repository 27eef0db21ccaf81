import { MapwrightError } from '../core/error.ts';
import type { IdentityStore, User } from '../core/identity-store.ts';
import { didYouMean } from '../core/suggestion.ts';

/** Rejects with USER_UNKNOWN, and the nearest name. */
export async function userNamed(identities: IdentityStore, name: string): Promise<User> {
  const user = await identities.userByName(name);
  if (user !== undefined) return user;
  const names = (await identities.users()).map((one) => one.name);
  throw new MapwrightError('USER_UNKNOWN', `there is no user "${name}"`, {
    hint: didYouMean(name, names) ?? 'mapwright user list shows those there are',
  });
}
