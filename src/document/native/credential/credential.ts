import { CREDENTIAL_KINDS, type CredentialKind } from '../../../core/credential.ts';
import { BOOLEAN, choice } from '../../attribute-kind.ts';
import type { CredentialDocument } from '../../credential.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import { HEAD_ATTRIBUTES, readHead } from '../document-head.ts';
import {
  readAddress,
  readAssertion,
  readAudience,
  readAuthorization,
  readAws,
  readCertificate,
  readClient,
  readKey,
  readLogin,
  readRenewal,
  readScopes,
  readSend,
  readSignature,
  readTest,
  readToken,
} from './credential-parts.ts';

const CREDENTIAL = shape({
  attributes: { ...HEAD_ATTRIBUTES, kind: choice(...CREDENTIAL_KINDS), master: BOOLEAN },
  required: ['name', 'kind'],
  children: {
    description: 'optional',
    login: 'optional',
    key: 'optional',
    certificate: 'optional',
    authorization: 'optional',
    token: 'optional',
    refresh: 'optional',
    redirect: 'optional',
    client: 'optional',
    scope: 'optional',
    audience: 'optional',
    assertion: 'optional',
    signature: 'optional',
    aws: 'optional',
    session: 'optional',
    send: 'optional',
    renew: 'optional',
    test: 'optional',
  },
});

/** What each kind is made of: what it needs, and what it may have besides. */
const PARTS: Readonly<
  Record<CredentialKind, { readonly needs: readonly string[]; readonly takes: readonly string[] }>
> = {
  none: { needs: [], takes: [] },
  'api-key': { needs: ['key'], takes: ['send'] },
  basic: { needs: ['login'], takes: [] },
  digest: { needs: ['login'], takes: [] },
  'oauth2-authorization-code': {
    needs: ['authorization', 'token', 'client'],
    takes: ['refresh', 'redirect', 'key', 'scope', 'audience', 'send', 'renew'],
  },
  'oauth2-client-credentials': { needs: ['token', 'client'], takes: ['key', 'scope', 'audience', 'send', 'renew'] },
  'oauth2-password': {
    needs: ['token', 'login'],
    takes: ['client', 'refresh', 'key', 'scope', 'audience', 'send', 'renew'],
  },
  'oauth2-jwt-bearer': {
    needs: ['token', 'key'],
    takes: ['client', 'assertion', 'scope', 'audience', 'send', 'renew'],
  },
  'client-certificate': { needs: ['certificate'], takes: [] },
  hmac: { needs: ['key', 'signature'], takes: ['send'] },
  'aws-sigv4': { needs: ['aws'], takes: [] },
  vtiger: { needs: ['login'], takes: ['session', 'renew'] },
  'ws-username-token': { needs: ['login'], takes: [] },
  'ws-signature': { needs: ['certificate'], takes: [] },
};

type OpenCredential = OpenElement<(typeof CREDENTIAL)['attributes']>;

/** A `<credential>` document; undefined when it lacks a name, a kind or a part that its kind needs. */
export function readCredential(place: Place): CredentialDocument | undefined {
  const open = place.open(CREDENTIAL);
  const head = readHead(open);
  const { kind, master } = open.attributes;
  const isComplete = kind !== undefined && checkParts(open, kind);
  const part = <T>(name: string, read: (at: Place) => T): T | undefined => {
    const child = open.child(name);
    return child === undefined ? undefined : read(child);
  };
  const parts = {
    login: part('login', readLogin),
    key: part('key', readKey),
    certificate: part('certificate', readCertificate),
    authorization: part('authorization', readAuthorization),
    token: part('token', readToken),
    refreshUrl: readAddress(open.child('refresh')),
    redirectUrl: readAddress(open.child('redirect')),
    client: part('client', readClient),
    scopes: readScopes(open.child('scope')),
    audience: readAudience(open.child('audience')),
    assertion: readAssertion(open.child('assertion')),
    signature: readSignature(open.child('signature')),
    aws: part('aws', readAws),
    sessionUrl: readAddress(open.child('session')),
    send: part('send', readSend),
    renewal: readRenewal(open.child('renew')),
    test: part('test', readTest),
  };
  if (kind !== undefined) checkMaster(open, kind);
  if (head === undefined || kind === undefined || !isComplete) return undefined;
  return { kind: 'credential', credentialKind: kind, isShared: master ?? true, ...head, ...parts };
}

/** False when a part is missing. Tells CREDENTIAL_PART_MISSING and CREDENTIAL_PART_UNUSED. */
function checkParts(open: OpenCredential, kind: CredentialKind): boolean {
  const { needs, takes } = PARTS[kind];
  for (const child of open.children) {
    if (child.name === 'description' || child.name === 'test') continue;
    if (needs.includes(child.name) || takes.includes(child.name)) continue;
    const hint = `remove it, or choose another kind; ${kind} takes: ${[...needs, ...takes].join(' ') || 'nothing'}`;
    child.error('CREDENTIAL_PART_UNUSED', `a credential of kind ${kind} has no use for <${child.name}>`, hint);
  }
  const missing = needs.filter((name) => open.child(name) === undefined);
  for (const name of missing) {
    open.at.error('CREDENTIAL_PART_MISSING', `a credential of kind ${kind} needs <${name}>`, EXAMPLES[name]);
  }
  return missing.length === 0;
}

/** Tells CREDENTIAL_MASTER. */
function checkMaster(open: OpenCredential, kind: CredentialKind): void {
  if (open.attributes.master !== false || kind === 'oauth2-authorization-code') return;
  const hint = 'remove master, or choose the kind oauth2-authorization-code';
  open.at.error('CREDENTIAL_MASTER', `nobody signs in for a credential of kind ${kind}: all share it`, hint);
}

const EXAMPLES: Readonly<Record<string, string>> = {
  login: '<login user="crm" secret="NAME-OF-A-SECRET"/>',
  key: '<key secret="NAME-OF-A-SECRET"/>',
  certificate: '<certificate secret="NAME-OF-A-SECRET"/>',
  authorization: '<authorization url="https://login.example.com/oauth2/authorize"/>',
  token: '<token url="https://login.example.com/oauth2/token"/>',
  client: '<client id="crm" secret="NAME-OF-A-SECRET"/>',
  signature: '<signature algorithm="sha256">{timestamp}.{body}</signature>',
  aws: '<aws access-key="AKIA..." secret="NAME-OF-A-SECRET" region="eu-west-1" service="s3"/>',
};
