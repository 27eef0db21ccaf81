import type { OAuthCredential } from '../../core/credential.ts';
import { MapwrightError } from '../../core/error.ts';

/**
 * Throws CREDENTIAL_ISSUER when a code names somebody as its issuer (`iss`, RFC 9207) who is not the provider of the credential:
 * another one would be told it (RFC 9700 section 4.4). An issuer stands above the addresses that it publishes, and nobody has to
 * write one into a document: what is compared is the host. Providers that name none are not asked for one.
 */
export function requireIssuer(credential: OAuthCredential, name: string, issuer: string | undefined): void {
  if (issuer === undefined) return;
  const { grant, tokenUrl } = credential;
  const own = [tokenUrl, ...(grant.type === 'authorization-code' ? [grant.authorizationUrl] : [])].map(hostOf);
  const host = hostOf(issuer);
  if (host !== undefined && own.includes(host)) return;
  throw new MapwrightError(
    'CREDENTIAL_ISSUER',
    `the answer comes from ${host ?? 'somebody unknown'}, and credential "${name}" signs in at ${own.at(-1) ?? 'another place'}`,
    { hint: 'begin again, and sign in nowhere else; when this comes again, compare the addresses of the credential' },
  );
}

function hostOf(url: string): string | undefined {
  const host = URL.parse(url)?.host;
  return host === '' ? undefined : host;
}
