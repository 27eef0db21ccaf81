import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/secret-store.ts';
import type { SignIn, SignInStore } from '../../core/sign-in.ts';
import { CONNECT_PATH } from '../../core/sign-in.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { fingerprintOf } from '../../connector/credential/token-fingerprint.ts';
import type { StartedSignIn } from './credential-administration.ts';
import { type PublicAddressParts, publicAddress, signInAddresses } from './public-address.ts';
import { requireSignIn, resolveFor, type ResolvingParts, signedInFor } from './resolved-credential.ts';
import { newSignInNames } from './sign-in-ticket.ts';

/** What sign-ins are begun with. */
export interface BeginningParts extends ResolvingParts, PublicAddressParts {
  readonly settings: ResolvingParts['settings'] & PublicAddressParts['settings'];
  readonly signIns: SignInStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly catalog: () => Pick<Catalog, 'credentials' | 'services'>;
}

/** What is sealed in a sign-in. */
export interface SealedSignIn {
  /** Where the person signs in. */
  readonly url: string;
  readonly codeVerifier: string;
  readonly redirectUrl: string;
  /** Of the settings it was begun with: a code is exchanged with no others. */
  readonly fingerprint: string;
}

const OPEN_MS = 10 * 60_000;
/** So long it is still told what became of one: its page may be reloaded. */
const REMEMBERED_MS = 60 * 60_000;

/** Begins a sign-in; the address that it gives is for one person only. */
export async function beginSignIn(
  parts: BeginningParts,
  { compiled, subject, by }: { readonly compiled: CompiledCredential; readonly subject: string; readonly by: string },
): Promise<StartedSignIn> {
  const { signIns, sealer, clock } = parts;
  requireSignIn(compiled);
  const resolved = await resolveFor(parts, parts.catalog(), { compiled, subject });
  const credential = signedInFor(resolved.credential);
  const { base, redirectUrl } = signInAddresses(await publicAddress(parts), credential.grant.redirectUrl);
  const { ticket, state, id } = newSignInNames();
  // The package that it needs is much to load, and most processes begin no sign-in.
  const { startAuthorization } = await import('../../connector/credential/oauth-authorization.ts');
  const { url, codeVerifier } = await startAuthorization(credential, { redirectUrl, state });
  const startedAt = clock.now();
  const expiresAt = startedAt + OPEN_MS;
  const fingerprint = fingerprintOf(credential);
  const sealed = sealer.seal(JSON.stringify({ url, codeVerifier, redirectUrl, fingerprint } satisfies SealedSignIn));
  await signIns.begin(
    { id, credential: compiled.name, subject, by, sealed, startedAt, expiresAt },
    { forgetBefore: startedAt - REMEMBERED_MS },
  );
  return { id, url: `${base}${CONNECT_PATH}/${ticket}`, expiresAt };
}

/** What is sealed in it. Throws SECRET_UNREADABLE when the install's key was changed meanwhile. */
export function openSignIn(sealer: Pick<Sealer, 'open'>, { sealed }: Pick<SignIn, 'sealed'>): SealedSignIn {
  // Sound because nothing else is ever sealed in this place.
  return JSON.parse(sealer.open(sealed)) as SealedSignIn;
}
