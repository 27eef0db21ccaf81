import { element, type WrittenNode } from '../../xml/write.ts';
import type { ConcreteAuth } from './concrete-request.ts';

/** What a credential is made with: names of settings and secrets, which are asked for. */
interface Names {
  /** A text as a template. */
  text(text: string): string;
  secret(what: string, says: string): string;
  /** A placeholder. */
  setting(what: string, says: string): string;
}

/** The `<credential>` of a login. */
export function credentialParts(
  auth: ConcreteAuth,
  names: Names,
): { readonly kind: string; readonly parts: readonly WrittenNode[] } {
  switch (auth.kind) {
    case 'none':
      return { kind: 'none', parts: [] };
    case 'basic':
    case 'digest': {
      const user = auth.user === '' ? names.setting('user', 'the name to log in with') : names.text(auth.user);
      return { kind: auth.kind, parts: [element('login', { user, secret: names.secret('password', 'the password') })] };
    }
    case 'bearer': {
      const secret = names.secret('token', 'the token sent as Authorization: Bearer');
      return { kind: 'api-key', parts: [element('key', { secret })] };
    }
    case 'api-key':
      return { kind: 'api-key', parts: keyParts(auth, names) };
    case 'client-certificate': {
      const secret = names.secret('certificate', 'the client certificate with its key: PEM, or PKCS #12 in base64');
      return { kind: 'client-certificate', parts: [element('certificate', { secret })] };
    }
    case 'aws':
      return { kind: 'aws-sigv4', parts: [awsPart(auth, names)] };
    case 'oauth2':
      return { kind: `oauth2-${auth.grant}`, parts: oauthParts(auth, names) };
  }
}

type Of<K extends ConcreteAuth['kind']> = Extract<ConcreteAuth, { kind: K }>;

function keyParts({ in: place, name, prefix = '' }: Of<'api-key'>, names: Names): WrittenNode[] {
  const secret = names.secret(name === 'Authorization' ? 'key' : name, `the key sent as ${name}`);
  const send = place === 'header' ? { header: name, prefix } : { [place]: name };
  return [element('key', { secret }), element('send', send)];
}

function awsPart({ accessKey, region, service, hasSession }: Of<'aws'>, names: Names): WrittenNode {
  return element('aws', {
    'access-key': accessKey === '' ? names.setting('access_key', 'the id of the access key') : names.text(accessKey),
    secret: names.secret('secret-key', 'the secret access key'),
    'session-token': hasSession ? names.secret('session-token', 'the session token') : undefined,
    region: region === '' ? names.setting('region', 'the region: eu-west-1') : names.text(region),
    service: service === '' ? names.setting('service', 'the service: s3, execute-api, ...') : names.text(service),
  });
}

function oauthParts(auth: Of<'oauth2'>, names: Names): WrittenNode[] {
  const { grant, tokenUrl, authorizationUrl, clientId, user, scope, inBody } = auth;
  const token = element('token', {
    url: tokenUrl === '' ? names.setting('token_url', 'where tokens are got') : names.text(tokenUrl),
    'client-authentication': inBody ? 'post' : undefined,
  });
  const id =
    clientId === ''
      ? names.setting('client_id', 'the id that the provider gave to your application')
      : names.text(clientId);
  const client = element('client', { id, secret: names.secret('client', 'the secret that belongs to the client id') });
  const scopes =
    scope.trim() === '' || scope.includes('{{')
      ? []
      : [element('scope', {}, { text: scope.trim(), as: 'text' as const })];
  if (grant === 'client-credentials') return [token, client, ...scopes];
  if (grant === 'password') {
    const name = user === '' ? names.setting('user', 'the name to log in with') : names.text(user);
    return [
      element('login', { user: name, secret: names.secret('password', 'the password') }),
      token,
      client,
      ...scopes,
    ];
  }
  const url =
    authorizationUrl === '' ? names.setting('authorization_url', 'where people sign in') : names.text(authorizationUrl);
  return [element('authorization', { url }), token, client, ...scopes];
}
