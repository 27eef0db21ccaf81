import type { IdentityStore } from '../../core/identity-store.ts';
import type { KeyStore } from '../../core/key-store.ts';

/**
 * Rejects with SECRET_UNREADABLE under another key than the install's, before runs fail for it one by one, and before a
 * value is sealed that they cannot read. The install can be opened all the same: after the loss of its key everything that
 * was encrypted has to be set anew, the access key of the first user first.
 */
export async function requireKey({
  identities,
  keys,
}: {
  readonly identities: Pick<IdentityStore, 'users' | 'accessKey'>;
  readonly keys: Pick<KeyStore, 'requireFit'>;
}): Promise<void> {
  const [first] = await identities.users();
  if (first !== undefined) await identities.accessKey(first.id);
  await keys.requireFit();
}
