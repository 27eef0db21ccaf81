import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { call, calling, came, json, listening, oauth, type OAuth, openWorld } from './credential-world.ts';
import { oidcPeer, type OidcPeer } from './oidc-peer.ts';
import { textOf } from '../peer.ts';

const CLIENT: OAuth['grant'] = { type: 'client-credentials' };

/** An API that lets in whoever has a token that counts. */
function api(t: TestContext, provider: OidcPeer) {
  return listening(t, async ({ headers }, response) => {
    const token = /^Bearer (.+)$/u.exec(headers.authorization ?? '')?.[1] ?? '';
    const counts = await provider.counts(token);
    json(response, { scope: await provider.scopesOf(token) }, counts ? 200 : 401);
  });
}

describe('tokens of a real authorization server', () => {
  it('client credentials: one token for many calls, its secret in the header as RFC 6749 says', async (t) => {
    const provider = await oidcPeer(t);
    const { arrived, url } = await api(t, provider);
    const node = (await openWorld(t)).node();
    const credential = oauth(provider.tokenUrl, CLIENT, { scopes: ['files.read', 'files.write'] });
    for (let count = 0; count < 3; count++) assert.equal(came(await call(node, url, credential)), 200);
    assert.equal(provider.asked.length, 1);
    const encoded = new URLSearchParams([['', credential.client.secret ?? '']]).toString().slice(1);
    assert.equal(provider.asked[0]?.authorization, `Basic ${Buffer.from(`crm:${encoded}`).toString('base64')}`);
    assert.match(provider.asked[0]?.contentType ?? '', /^application\/x-www-form-urlencoded/u);
    assert.equal(new Set(arrived.map(({ headers }) => headers.authorization)).size, 1);
    const outcome = await call(node, url, credential);
    assert.ok(outcome.kind === 'answered');
    assert.deepEqual(JSON.parse(textOf(outcome.answer)), { scope: 'files.read files.write' });
  });

  it('a client that posts its secret, and one that signs', async (t) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const provider = await oidcPeer(t, { publicKey: { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' } });
    const { url } = await api(t, provider);
    const node = (await openWorld(t)).node();
    const key = { text: await exportPKCS8(privateKey), algorithm: 'ES256' as const, keyId: 'one' };
    const posting = oauth(provider.tokenUrl, CLIENT);
    const poster = { ...posting, client: { ...posting.client, id: 'poster', authentication: 'post' as const } };
    const signer = {
      ...posting,
      client: { id: 'signer', secret: undefined, authentication: 'private-key-jwt' as const, key },
    };
    for (const credential of [poster, signer]) {
      assert.equal(came(await call(node, url, { ...credential, name: credential.client.id })), 200);
    }
    assert.deepEqual(
      provider.asked.map(({ authorization }) => authorization),
      [undefined, undefined],
    );
  });

  it('password, for a public client', async (t) => {
    const provider = await oidcPeer(t);
    const { url } = await api(t, provider);
    const node = (await openWorld(t)).node();
    const client = { id: 'open', secret: undefined, authentication: 'none' as const, key: undefined };
    const grant = { type: 'password' as const, user: 'anna', password: 'her password' };
    assert.equal(came(await call(node, url, oauth(provider.tokenUrl, grant, { client }))), 200);
    const wrong = oauth(provider.tokenUrl, { ...grant, password: 'not hers' }, { client, name: 'wrong' });
    const outcome = await call(node, url, wrong);
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.failure.code, 'CREDENTIAL_REFUSED');
    assert.match(outcome.failure.message, /invalid_grant: wrong name or password/u);
  });

  it('a token that is thrown away over there is got anew, and the call made again once', async (t) => {
    const provider = await oidcPeer(t);
    const { arrived, url } = await api(t, provider);
    const world = await openWorld(t);
    const node = world.node();
    const credential = oauth(provider.tokenUrl, CLIENT);
    const source = calling(url, credential);
    assert.equal(came(await node.connector.send(source, {})), 200);
    const row = await world.store.tokens.get({ credential: 'docs', subject: '' });
    await world.store.tokens.put({
      credential: 'docs',
      subject: '',
      sealed: world.store.sealer.seal(JSON.stringify({ access: 'gone' })),
      fingerprint: row?.fingerprint ?? '',
      at: world.clock.now(),
    });
    const other = world.node();
    assert.equal(came(await other.connector.send(source, {})), 200);
    assert.deepEqual(
      arrived.map(({ headers }) => headers.authorization === 'Bearer gone'),
      [false, true, false],
    );
  });
});
