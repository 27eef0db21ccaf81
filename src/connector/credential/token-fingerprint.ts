import { createHash } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';

type Held = Extract<Credential, { kind: 'oauth2' | 'vtiger' }>;

/** Worked out before: a credential is the same object for many calls. */
const known = new WeakMap<Held, string>();

/**
 * Tells the settings apart that a token is got with: other ones need another token. Secrets have no part in it: a new
 * password leaves tokens as good as they were, and a hash of one could be guessed.
 */
export function fingerprintOf(credential: Held): string {
  const before = known.get(credential);
  if (before !== undefined) return before;
  const settings = JSON.stringify(settingsOf(credential));
  const fingerprint = createHash('sha256').update(settings).digest('base64url');
  known.set(credential, fingerprint);
  return fingerprint;
}

function settingsOf(credential: Held): unknown[] {
  if (credential.kind === 'vtiger') return [credential.kind, credential.url, credential.user];
  const { grant, tokenUrl, refreshUrl = tokenUrl, client, scopes, audience, parameters } = credential;
  return [
    grant.type,
    tokenUrl,
    refreshUrl,
    client.id,
    scopes,
    audience,
    ownOf(credential),
    parameters.map(withoutSecret),
  ];
}

function ownOf({ grant }: Extract<Held, { kind: 'oauth2' }>): unknown[] {
  if (grant.type === 'password') return [grant.user];
  return grant.type === 'jwt-bearer' ? [grant.issuer, grant.subject, grant.audience] : [];
}

function withoutSecret([name, value, isSecret = false]: readonly [string, string, boolean?]): unknown[] {
  return isSecret ? [name] : [name, value];
}
