import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ServedInstall } from '../../../src/cli/serve-install.ts';
import { exchangeCode, startAuthorization } from '../../../src/connector/credential/oauth-authorization.ts';
import { CLIENT_SECRET } from '../../connector/credential/credential-world.ts';
import { signIn } from '../../connector/credential/oidc-browser.ts';
import { oidcPeer, type OidcOptions } from '../../connector/credential/oidc-peer.ts';
import { PeerInstall } from '../peer-install.ts';
import type { HeardRequest, PeerRules } from './chatty-peer.ts';
import { canary, middleLine, type Scene, type SceneSide, sentIn, withoutScheme } from './credential-scenes.ts';

/** The one password that the provider takes. */
const PASSWORD = 'her password';
const REDIRECT = 'http://127.0.0.1:9/oauth/callback';

const bearer = (request: HeardRequest): string => withoutScheme(sentIn(request, 'authorization'));

/** A real provider of tokens, and an API that asks it whether they count. */
function withProvider(
  knows: readonly string[],
  options: OidcOptions = {},
  connect?: SceneSide['connect'],
): Scene['open'] {
  return async (t) => {
    const provider = await oidcPeer(t, options);
    return {
      rules: { knows, proofsIn: (request) => [bearer(request)], admits: (request) => provider.counts(bearer(request)) },
      settings: { token_url: provider.tokenUrl, authorization_url: `${provider.url}/auth` },
      ...(connect === undefined ? {} : { connect }),
    };
  };
}

function clientCredentials(authentication: 'basic' | 'post'): Scene {
  return {
    name: `client credentials, the secret by ${authentication}`,
    kind: 'oauth2-client-credentials',
    parts: `<token url="{setting.token_url}" client-authentication="${authentication}"/>
      <client id="${authentication === 'basic' ? 'crm' : 'poster'}" secret="client-secret"/>`,
    secrets: { 'client-secret': CLIENT_SECRET },
    spelled: 'client-secret',
    open: withProvider([CLIENT_SECRET]),
  };
}

function signedClient(): Scene {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'k1' };
  return {
    name: 'client credentials, the client by a signature',
    kind: 'oauth2-client-credentials',
    parts: `<token url="{setting.token_url}" client-authentication="private-key-jwt"/><client id="signer"/>
      <key secret="signing-key" algorithm="ES256" id="k1"/>`,
    secrets: { 'signing-key': pem },
    own: [middleLine(pem)],
    open: withProvider([], { publicKey: jwk }),
  };
}

function password(): Scene {
  return {
    name: 'a user and a password for tokens',
    kind: 'oauth2-password',
    parts: `<token url="{setting.token_url}"/><client id="crm" secret="client-secret"/><login user="anna" secret="password"/>`,
    secrets: { 'client-secret': CLIENT_SECRET, password: PASSWORD },
    spelled: 'password',
    open: withProvider([CLIENT_SECRET, PASSWORD]),
  };
}

function signedIn(): Scene {
  return {
    name: 'a person who signs in',
    kind: 'oauth2-authorization-code',
    parts: `<authorization url="{setting.authorization_url}"><parameter name="prompt" value="consent"/></authorization>
      <token url="{setting.token_url}"/><client id="crm" secret="client-secret"/><scope>openid offline_access</scope>`,
    secrets: { 'client-secret': CLIENT_SECRET },
    spelled: 'client-secret',
    open: withProvider([CLIENT_SECRET], { redirectUrl: REDIRECT }, connect),
  };
}

/** What a person and their browser do. */
async function connect(install: ServedInstall['install']): Promise<void> {
  const { engine, tokens: keeper } = install;
  const compiled = install.catalog().credentials.get('login') ?? assert.fail('there is no credential');
  const settings = await engine.settings.all();
  const secret = (name: string): Promise<string | undefined> => engine.secrets.get(name);
  const credential = await compiled.resolve({ settings, secret, user: '19x1', serviceUrl: undefined });
  const { url, codeVerifier } = await startAuthorization(credential, { redirectUrl: REDIRECT, state: 'a state' });
  const back = await signIn(url, 'anna', REDIRECT);
  const code = back.searchParams.get('code') ?? assert.fail(back.href);
  const answer = { code, codeVerifier, redirectUrl: REDIRECT };
  await exchangeCode(credential, answer, { keeper, connector: engine.connector, clock: engine.clock });
}

/** A token endpoint on the peer's own server, which gives tokens that last. */
function tokensAt(path: string, given: Set<string>): NonNullable<PeerRules['answers']> {
  return ({ url }, response: ServerResponse) => {
    if (url !== path) return false;
    const token = canary('token').replaceAll(/[^\w.+/=-]/gu, '');
    given.add(token);
    const body = { access_token: token, token_type: 'Bearer', expires_in: 3_600, id_token: canary('id') };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };
}

function assertion(): Scene {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const file = JSON.stringify({ client_email: 'crm@example.com', private_key_id: 'k1', private_key: pem });
  const given = new Set<string>();
  return {
    name: 'a signed assertion, of a key file',
    kind: 'oauth2-jwt-bearer',
    parts:
      '<key secret="key-file"/><token url="{setting.shop_url}/token"/><assertion subject="anna@example.com"/><scope>drive</scope>',
    secrets: { 'key-file': file },
    own: [middleLine(pem)],
    open: () => ({
      rules: {
        knows: [],
        proofsIn: (request) => [bearer(request)],
        admits: (request) => given.has(bearer(request)),
        answers: tokensAt('/token', given),
      },
    }),
  };
}

/** A session of another install, which says whether it knows it. */
function session(): Scene {
  const key = { secret: '' };
  const nameIn = ({ url, body }: HeardRequest): string =>
    new URL(url, 'http://h').searchParams.get('sessionName') ?? new URLSearchParams(body).get('sessionName') ?? '';
  return {
    name: 'a session of a web service',
    kind: 'vtiger',
    parts: '<login user="admin" secret="access-key"/><session url="{setting.session_url}"/>',
    get secrets() {
      return { 'access-key': key.secret };
    },
    spelled: 'access-key',
    async open(t) {
      const peer = await PeerInstall.open(t);
      key.secret = peer.key;
      return {
        settings: { session_url: `${peer.url}/webservice.php` },
        rules: {
          knows: [peer.key],
          proofsIn: (request) => [nameIn(request)],
          async admits(request) {
            const asked = new URLSearchParams({ operation: 'listtypes', sessionName: nameIn(request) });
            const response = await fetch(`${peer.url}/webservice.php?${asked}`);
            return ((await response.json()) as { success: boolean }).success;
          },
        },
      };
    },
  };
}

/** Kinds whose calls carry something that the other side gave. */
export const TOKEN_SCENES: readonly Scene[] = [
  clientCredentials('basic'),
  clientCredentials('post'),
  signedClient(),
  password(),
  signedIn(),
  assertion(),
  session(),
];
