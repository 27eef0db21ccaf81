import { createHash } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';

type Held = Extract<Credential, { kind: 'oauth2' | 'vtiger' }>;

/**
 * Tells the settings apart that a token is got with: other ones need another token. Secrets have no part in it: a new
 * password leaves tokens as good as they were, and a hash of one could be guessed.
 */
export function fingerprintOf(credential: Held): string {
  return createHash('sha256')
    .update(JSON.stringify(settingsOf(credential)))
    .digest('base64url');
}

function settingsOf(credential: Held): unknown[] {
  if (credential.kind === 'vtiger') return [credential.kind, credential.url, credential.user];
  const { grant, tokenUrl, client, scopes, audience, parameters } = credential;
  return [grant.type, tokenUrl, client.id, scopes, audience, ownOf(credential), parameters.map(withoutSecret)];
}

function ownOf({ grant }: Extract<Held, { kind: 'oauth2' }>): unknown[] {
  if (grant.type === 'password') return [grant.user];
  return grant.type === 'jwt-bearer' ? [grant.issuer, grant.subject, grant.audience] : [];
}

function withoutSecret([name, value, isSecret = false]: readonly [string, string, boolean?]): unknown[] {
  return isSecret ? [name] : [name, value];
}
