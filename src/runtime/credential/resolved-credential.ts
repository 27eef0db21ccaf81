import type { Credential, OAuthCredential } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';
import { type IdentityStore, personName } from '../../core/identity-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { NetworkRules } from '../../core/network.ts';
import type { SecretStore, SettingStore } from '../../core/secret-store.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledService } from '../../catalog/compiled-service.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { evaluateNetwork } from '../../catalog/network/compile-network.ts';
import { settingEnvironment } from '../../catalog/setting-text.ts';
import { noEscape } from '../../expression/escape.ts';

/** What settings and secrets are read from. */
export interface ResolvingParts {
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly identities: Pick<IdentityStore, 'userById'>;
}

/** A credential as it is now, outside of any call. Holds secrets in plain text. */
export interface ResolvedCredential {
  readonly credential: Credential;
  /** How the calls of the service travel that names it; undefined: as calls do. */
  readonly network: NetworkRules | undefined;
}

/** The credential that a name stands for. Throws CREDENTIAL_UNKNOWN. */
export function credentialNamed({ credentials }: Pick<Catalog, 'credentials'>, name: string): CompiledCredential {
  const found = credentials.get(name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, credentials.keys()) ?? 'mapwright credential list shows those there are';
  throw new MapwrightError('CREDENTIAL_UNKNOWN', `there is no credential "${name}" in force`, { hint });
}

/** The services that name it, by their names. */
export function servicesWith({ services }: Pick<Catalog, 'services'>, name: string): readonly CompiledService[] {
  return [...services.values()]
    .filter(({ credential }) => credential?.name === name)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Settings and secrets put in. Where several services name the credential, tokens are asked for as the calls of the first one
 * travel. Rejects with what `CompiledCredential.resolve` rejects with.
 */
export async function resolveFor(
  parts: ResolvingParts,
  catalog: Pick<Catalog, 'services'>,
  { compiled, subject }: { readonly compiled: CompiledCredential; readonly subject: string },
): Promise<ResolvedCredential> {
  const settings = await parts.settings.all();
  const [service] = servicesWith(catalog, compiled.name);
  const resolved = await compiled.resolve({
    settings,
    secret: (name) => parts.secrets.get(name),
    user: subject,
    serviceUrl: await service?.url.evaluate(settingEnvironment(settings), noEscape),
    renewOn: service?.document.renewOn,
  });
  const user = subject === '' ? undefined : await parts.identities.userById(subject);
  const credential = user === undefined ? resolved : { ...resolved, subjectName: personName(user) };
  return { credential, network: await networkOf(parts, service, settings) };
}

/** Throws CREDENTIAL_KIND for a credential that nobody signs in for. */
export function requireSignIn({ name, document }: CompiledCredential): void {
  if (document.credentialKind === 'oauth2-authorization-code') return;
  throw new MapwrightError('CREDENTIAL_KIND', `nobody signs in for credential "${name}"`, {
    hint: 'only credentials of kind oauth2-authorization-code are connected by a person',
  });
}

/** The credential as one that people sign in for. Throws CREDENTIAL_KIND. */
export function signedInFor(
  credential: Credential,
): Credential & OAuthCredential & { readonly grant: { readonly type: 'authorization-code' } } {
  if (credential.kind === 'oauth2' && credential.grant.type === 'authorization-code') {
    return { ...credential, grant: credential.grant };
  }
  throw new MapwrightError('CREDENTIAL_KIND', `nobody signs in for credential "${credential.name}"`);
}

async function networkOf(
  { secrets }: ResolvingParts,
  service: CompiledService | undefined,
  settings: JsonObject,
): Promise<NetworkRules | undefined> {
  if (service?.network === undefined) return undefined;
  const known = new Map<string, string>();
  for (const { root, path } of service.network.references) {
    const value = root === 'secret' ? await secrets.get(path.join('.')) : undefined;
    if (value !== undefined) known.set(path.join('.'), value);
  }
  return evaluateNetwork([service.network], {
    ...settingEnvironment(settings),
    secret: (name) => known.get(name),
  });
}
