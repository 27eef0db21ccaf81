import { SignJWT } from 'jose';
import type { Credential, OAuthGrant } from '../../core/credential.ts';
import { type ReadKey, readSigningKey } from './signing-key.ts';

type JwtBearer = Extract<OAuthGrant, { type: 'jwt-bearer' }>;
type OAuth = Extract<Credential, { kind: 'oauth2' }>;

/** A signed assertion (RFC 7523 section 3), and what of the request depends on its key. */
export interface Assertion {
  readonly text: string;
  /** False for key files: their providers read the scopes in the assertion alone. */
  readonly sendsScopes: boolean;
}

/** Signs who asks, for whom and where. Rejects with CREDENTIAL_KEY. */
export async function signAssertion(
  credential: OAuth,
  grant: JwtBearer,
  on: { readonly now: number; readonly id: string },
): Promise<Assertion> {
  const key = await readSigningKey(grant.key, credential.name);
  const issuer = grant.issuer ?? key.account ?? credential.client.id;
  const subject = grant.subject ?? (key.account === undefined ? issuer : undefined);
  const seconds = Math.floor(on.now / 1000);
  const scope = credential.scopes.join(' ');
  const claims = new SignJWT(scope === '' ? {} : { scope })
    .setProtectedHeader(headerOf(key))
    .setIssuer(issuer)
    .setAudience(grant.audience ?? credential.tokenUrl)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + Math.ceil(grant.lifetimeMs / 1000))
    .setJti(on.id);
  if (subject !== undefined) claims.setSubject(subject);
  return { text: await claims.sign(key.key), sendsScopes: key.account === undefined };
}

function headerOf({ algorithm, keyId }: ReadKey) {
  return { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
}
