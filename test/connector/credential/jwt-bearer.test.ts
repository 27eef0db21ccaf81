import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { decodeProtectedHeader, importSPKI, jwtVerify, type JWTVerifyResult } from 'jose';
import type { SigningKey } from '../../../src/core/credential.ts';
import { type Arrived, call, came, json, listening, oauth, type OAuth, openWorld } from './credential-world.ts';

const RSA = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const EC = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'sec1', format: 'pem' },
});
const KEY_FILE = JSON.stringify({
  type: 'service_account',
  private_key: RSA.privateKey,
  private_key_id: 'file-key',
  client_email: 'crm@project.example.com',
});

type Grant = Extract<OAuth['grant'], { type: 'jwt-bearer' }>;

const grantOf = (key: SigningKey, more: Partial<Grant> = {}): Grant => ({
  type: 'jwt-bearer',
  key,
  issuer: undefined,
  subject: undefined,
  audience: undefined,
  lifetimeMs: 600_000,
  ...more,
});

const key = (text: string, algorithm: SigningKey['algorithm'] = 'RS256', keyId?: string): SigningKey => ({
  text,
  algorithm,
  keyId,
});

/** A token endpoint that verifies assertions, and an API behind it. */
async function endpoint(t: TestContext, publicKey: string, algorithm: string) {
  const verified: JWTVerifyResult[] = [];
  const forms: Arrived[] = [];
  const server = await listening(t, async (request, response) => {
    if (request.path !== '/token') {
      return json(response, {}, request.headers.authorization === 'Bearer a-token' ? 200 : 401);
    }
    forms.push(request);
    const assertion = request.form.get('assertion') ?? '';
    const spki = await importSPKI(publicKey, algorithm);
    try {
      verified.push(await jwtVerify(assertion, spki, { audience: `${server.url}/token`, algorithms: [algorithm] }));
    } catch {
      return json(response, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, 400);
    }
    json(response, { access_token: 'a-token', expires_in: 3_600 });
  });
  return { url: server.url, tokenUrl: `${server.url}/token`, verified, forms };
}

const NO_CLIENT = { id: '', secret: undefined, authentication: 'none' as const, key: undefined };

describe('signed assertions', () => {
  it('of a key file say what such providers look for, and no more', async (t) => {
    const { url, tokenUrl, verified, forms } = await endpoint(t, RSA.publicKey, 'RS256');
    const node = (await openWorld(t)).node();
    const grant = grantOf(key(KEY_FILE), { subject: 'anna@example.com' });
    const credential = oauth(tokenUrl, grant, { client: NO_CLIENT, scopes: ['drive', 'calendar'] });
    assert.equal(came(await call(node, `${url}/api`, credential)), 200);
    const [{ payload, protectedHeader } = assert.fail('nothing was verified')] = verified;
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: 'file-key' });
    const { iat = 0, exp = 0, jti, ...said } = payload;
    assert.deepEqual(said, {
      scope: 'drive calendar',
      iss: 'crm@project.example.com',
      aud: tokenUrl,
      sub: 'anna@example.com',
    });
    assert.equal(exp - iat, 600);
    assert.ok((jti ?? '').length > 20);
    assert.deepEqual([...(forms[0]?.form.keys() ?? [])].toSorted(), ['assertion', 'grant_type']);
  });

  it('of a PEM key, with ES256, issuer, subject and a scope in the form', async (t) => {
    const { url, tokenUrl, verified, forms } = await endpoint(t, EC.publicKey, 'ES256');
    const node = (await openWorld(t)).node();
    const grant = grantOf(key(EC.privateKey, 'ES256', 'k1'), { issuer: 'crm-app', subject: 'admin' });
    const credential = oauth(tokenUrl, grant, { client: NO_CLIENT, scopes: ['api'], parameters: [['tenant', 'blue']] });
    assert.equal(came(await call(node, `${url}/api`, credential)), 200);
    assert.equal(decodeProtectedHeader(forms[0]?.form.get('assertion') ?? '').kid, 'k1');
    assert.deepEqual([verified[0]?.payload.iss, verified[0]?.payload.sub], ['crm-app', 'admin']);
    const { grant_type: type, scope, tenant } = Object.fromEntries(forms[0]?.form ?? []);
    assert.deepEqual([type, scope, tenant], ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'api', 'blue']);
  });

  it('that the other side does not believe are told in its words', async (t) => {
    const { url, tokenUrl } = await endpoint(t, RSA.publicKey, 'RS256');
    const node = (await openWorld(t)).node();
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const text = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const outcome = await call(node, `${url}/api`, oauth(tokenUrl, grantOf(key(text)), { client: NO_CLIENT }));
    assert.equal(came(outcome), 'CREDENTIAL_REFUSED');
    assert.match(outcome.kind === 'failed' ? outcome.failure.message : '', /Invalid JWT Signature/u);
  });

  it('cannot be made with a key that is none, or of another kind', async (t) => {
    const { url, tokenUrl, forms } = await endpoint(t, RSA.publicKey, 'RS256');
    const node = (await openWorld(t)).node();
    const wrong = ['', 'no key', '{"private_key":7}', RSA.publicKey, EC.privateKey, '{"private_key":"x"}'];
    for (const text of wrong) {
      const credential = oauth(tokenUrl, grantOf(key(text)), { client: NO_CLIENT });
      assert.equal(came(await call(node, `${url}/api`, credential)), 'CREDENTIAL_KEY', text);
    }
    assert.equal(forms.length, 0);
  });
});
