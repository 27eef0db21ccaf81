import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { exchangeCode, startAuthorization } from '../../../src/connector/credential/oauth-authorization.ts';
import {
  call,
  came,
  json,
  listening,
  type Node,
  oauth,
  type OAuth,
  openWorld,
  type World,
} from './credential-world.ts';
import { signIn } from './oidc-browser.ts';
import { oidcPeer } from './oidc-peer.ts';

const REDIRECT = 'http://127.0.0.1:9/oauth/callback';
const LIFETIME_S = 100;

function signingIn(url: string, tokenUrl: string, more: Partial<OAuth> = {}): OAuth {
  const grant = {
    type: 'authorization-code' as const,
    authorizationUrl: `${url}/auth`,
    redirectUrl: undefined,
    authorizationParameters: [['prompt', 'consent']] as const,
  };
  return oauth(tokenUrl, grant, { scopes: ['openid', 'offline_access', 'files.read'], name: 'calendar', ...more });
}

async function connected(t: TestContext) {
  const provider = await oidcPeer(t, { redirectUrl: REDIRECT, lifetime: LIFETIME_S });
  const api = await listening(t, async ({ headers }, response) => {
    json(response, {}, (await provider.counts(headers.authorization?.slice(7) ?? '')) ? 200 : 401);
  });
  const world = await openWorld(t);
  const node = world.node();
  const credential = signingIn(provider.url, provider.tokenUrl, { subject: '19x5', subjectName: 'Anna' });
  return { provider, api, world, node, credential };
}

async function connect({ inner, keeper }: Node, { clock }: World, credential: OAuth): Promise<void> {
  const { url, codeVerifier } = await startAuthorization(credential, { redirectUrl: REDIRECT, state: 'a state' });
  const back = await signIn(url, 'anna', REDIRECT);
  assert.equal(back.searchParams.get('state'), 'a state');
  const code = back.searchParams.get('code') ?? assert.fail(back.href);
  await exchangeCode(credential, { code, codeVerifier, redirectUrl: REDIRECT }, { keeper, connector: inner, clock });
}

describe('a person who signs in', () => {
  it('is waited for, by name, and called as from then on', async (t) => {
    const { provider, api, world, node, credential } = await connected(t);
    const outcome = await call(node, api.url, credential);
    assert.ok(outcome.kind === 'failed');
    assert.deepEqual(
      [outcome.failure.code, outcome.failure.inDoubt, provider.asked.length],
      ['CREDENTIAL_NOT_CONNECTED', false, 0],
    );
    assert.match(outcome.failure.message, /Anna/u);
    await connect(node, world, credential);
    assert.equal(came(await call(node, api.url, credential)), 200);
    assert.equal(came(await call(node, api.url, { ...credential, subject: '19x6' })), 'CREDENTIAL_NOT_CONNECTED');
  });

  it('need not come again: tokens are renewed, each refresh token used once', async (t) => {
    const { provider, api, world, node, credential } = await connected(t);
    await connect(node, world, credential);
    const other = world.node();
    for (let round = 0; round < 3; round++) {
      const before = provider.asked.length;
      const both = [node, other].flatMap((one) => Array.from({ length: 10 }, () => call(one, api.url, credential)));
      assert.deepEqual(new Set((await Promise.all(both)).map(came)), new Set([200]));
      assert.equal(provider.asked.length - before, round === 0 ? 0 : 1);
      world.clock.forward(LIFETIME_S * 1_000);
    }
  });

  it('is asked to connect again when the provider no longer knows what she gave', async (t) => {
    const { provider, api, world, node, credential } = await connected(t);
    await connect(node, world, credential);
    const key = { credential: 'calendar', subject: '19x5' };
    const row = await world.store.tokens.get(key);
    const spent = { access: 'gone', refresh: 'gone too', expiresAt: 1 };
    const sealed = world.store.sealer.seal(JSON.stringify(spent));
    await world.store.tokens.put({ ...key, sealed, fingerprint: row?.fingerprint ?? '', at: 1 });
    const other = world.node();
    const asked = provider.asked.length;
    for (let count = 0; count < 3; count++) {
      const outcome = await call(other, api.url, credential);
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.failure.code, 'CREDENTIAL_NOT_CONNECTED');
      assert.match(outcome.failure.message, /Anna has to connect .* again: .*invalid_grant/u);
    }
    assert.equal(provider.asked.length - asked, 1);
    const thrownAway = await world.store.tokens.get(key);
    assert.equal(thrownAway?.sealed, undefined);
    assert.match(thrownAway?.problem ?? '', /invalid_grant/u);
    await connect(other, world, credential);
    assert.equal(came(await call(other, api.url, credential)), 200);
  });

  it('is told why the provider does not take the code', async (t) => {
    const { world, node, credential } = await connected(t);
    const answer = { code: 'made-up-code', codeVerifier: 'x'.repeat(43), redirectUrl: REDIRECT };
    const parts = { keeper: node.keeper, connector: node.inner, clock: world.clock };
    await assert.rejects(exchangeCode(credential, answer, parts), {
      code: 'CREDENTIAL_REFUSED',
      message: /invalid_grant/u,
    });
  });

  it('does so with other settings for other scopes', async (t) => {
    const { api, world, node, credential } = await connected(t);
    await connect(node, world, credential);
    const outcome = await call(node, api.url, { ...credential, scopes: ['openid', 'offline_access', 'files.write'] });
    assert.equal(came(outcome), 'CREDENTIAL_NOT_CONNECTED');
    assert.equal(came(await call(node, api.url, credential)), 200);
  });
});
