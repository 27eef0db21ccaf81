import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Provider } from 'oidc-provider';
import { CLIENT_SECRET } from './credential-world.ts';

/** A real authorization server, with clients for every way to prove oneself. */
export interface OidcPeer {
  readonly url: string;
  readonly tokenUrl: string;
  /** The `Authorization` headers of requests at the token endpoint, and what else of them tests look at. */
  readonly asked: { readonly authorization: string | undefined; readonly contentType: string | undefined }[];
  /** True for a token that counts now. */
  counts(token: string): Promise<boolean>;
  /** The scopes of a token. */
  scopesOf(token: string): Promise<string | undefined>;
}

export interface OidcOptions {
  /** The public key that `private_key_jwt` is verified with. */
  readonly publicKey?: Record<string, unknown>;
  readonly redirectUrl?: string;
  /** Seconds. */
  readonly lifetime?: number;
}

const GRANTS = ['client_credentials', 'refresh_token', 'password', 'authorization_code'];

export async function oidcPeer(t: TestContext, options: OidcOptions = {}): Promise<OidcPeer> {
  const asked: OidcPeer['asked'] = [];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configuration(options));
  addPasswords(provider);
  const handle = provider.callback();
  server.on('request', (request: IncomingMessage, response) => {
    const { authorization, 'content-type': contentType } = request.headers;
    if (request.url === '/token') asked.push({ authorization, contentType });
    handle(request, response);
  });
  const find = async (token: string) =>
    (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  return {
    url,
    tokenUrl: `${url}/token`,
    asked,
    counts: async (token) => (await find(token))?.isExpired === false,
    scopesOf: async (token) => (await find(token))?.scope,
  };
}

function configuration({ publicKey, redirectUrl, lifetime = 3_600 }: OidcOptions): Record<string, unknown> {
  const client = (id: string, method: string, more: Record<string, unknown> = {}) => ({
    client_id: id,
    grant_types: GRANTS,
    response_types: redirectUrl === undefined ? [] : ['code'],
    redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
    token_endpoint_auth_method: method,
    ...(method.startsWith('client_secret') ? { client_secret: CLIENT_SECRET } : {}),
    ...more,
  });
  return {
    clients: [
      client('crm', 'client_secret_basic'),
      client('poster', 'client_secret_post'),
      client('open', 'none', { grant_types: GRANTS.slice(1) }),
      ...(publicKey === undefined ? [] : [client('signer', 'private_key_jwt', { jwks: { keys: [publicKey] } })]),
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      revocation: { enabled: true },
    },
    scopes: ['openid', 'offline_access', 'files.read', 'files.write'],
    cookies: { keys: ['a key for cookies'] },
    ttl: { AccessToken: lifetime, ClientCredentials: lifetime, RefreshToken: 86_400 },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: async (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  };
}

/** The password grant, which the package leaves to whoever still needs it. */
function addPasswords(provider: Provider): void {
  provider.registerGrantType(
    'password',
    async (context) => {
      const { username, password } = context.oidc.params;
      if (username !== 'anna' || password !== 'her password') {
        throw Object.assign(new Error('invalid_grant'), {
          error: 'invalid_grant',
          error_description: 'wrong name or password',
          status: 400,
          statusCode: 400,
          expose: true,
        });
      }
      const token = new provider.AccessToken({
        accountId: username,
        client: context.oidc.client,
        grantId: 'g',
        gty: 'password',
      });
      context.body = { access_token: await token.save(), expires_in: 3_600, token_type: 'Bearer' };
    },
    ['username', 'password'],
  );
}
