import type { Credential } from '../../core/credential.ts';
import type { CompiledCredential, CredentialValues } from './compiled-credential.ts';

interface Resolution extends Omit<CredentialValues, 'secret'> {
  readonly secrets: readonly (string | undefined)[];
  readonly credential: Credential;
}

/**
 * Resolves a credential anew only when something that it is made of has changed since the latest time: then many calls in a row
 * share one object, and what is worked out of it. Settings count as changed when they are another object.
 * @param names of the secrets that it uses, which are read each time
 */
export function keepingLatest(names: readonly string[], resolve: CompiledCredential['resolve']): typeof resolve {
  let latest: Resolution | undefined;
  return async (values) => {
    const secrets: (string | undefined)[] = [];
    for (const name of names) secrets.push(await values.secret(name));
    if (latest !== undefined && isSame(latest, values, secrets)) return latest.credential;
    const credential = await resolve(values);
    const { settings, user, serviceUrl, renewOn } = values;
    latest = { settings, user, serviceUrl, renewOn, secrets, credential };
    return credential;
  };
}

function isSame(before: Resolution, values: CredentialValues, secrets: Resolution['secrets']): boolean {
  return (
    before.settings === values.settings &&
    before.user === values.user &&
    before.serviceUrl === values.serviceUrl &&
    before.renewOn === values.renewOn &&
    before.secrets.every((secret, index) => secret === secrets[index])
  );
}
