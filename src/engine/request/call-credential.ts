import type { Credential } from '../../core/credential.ts';
import { type IdentityStore, personName } from '../../core/identity-store.ts';
import type { CompiledService } from '../../catalog/compiled-service.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { noEscape } from '../../expression/escape.ts';

/** What people call a user; undefined when nobody is known by the id. */
export type PersonName = (user: string) => Promise<string | undefined>;

/** What people are called among these. */
export function personNameIn(people: Pick<IdentityStore, 'userById'> | undefined): PersonName {
  return async (id) => {
    const user = await people?.userById(id);
    return user && personName(user);
  };
}

/**
 * The credential that the service's calls carry, with settings and secrets put in; undefined when it names none. The scope
 * has read its secrets already, and hides them. Rejects with what CompiledCredential.resolve rejects with.
 */
export async function callCredential(
  service: CompiledService | undefined,
  scope: Scope,
  nameOf?: PersonName,
): Promise<Credential | undefined> {
  if (service?.credential === undefined) return undefined;
  const { user, setting } = scope.values;
  const id = user['id'];
  const resolved = await service.credential.resolve({
    settings: setting,
    secret: async (name) => scope.secret(name),
    user: typeof id === 'string' ? id : '',
    serviceUrl: await service.url.evaluate(scope, noEscape),
    renewOn: service.document.renewOn,
  });
  if (resolved.subject === '' || nameOf === undefined) return resolved;
  return { ...resolved, subjectName: await nameOf(resolved.subject) };
}
