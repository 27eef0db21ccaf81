import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openToken } from '../../../src/connector/credential/held-token.ts';
import { exchangeCode } from '../../../src/connector/credential/oauth-authorization.ts';
import { json, listening, oauth, openWorld } from './credential-world.ts';

interface Given {
  readonly refresh?: string;
  readonly account?: string;
}

function idToken(account: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: account })}.c2lnbmF0dXJl`;
}

/** Signs in once for each, and gives what renews the token that is kept then. */
async function keptAfter(t: TestContext, consents: readonly Given[]): Promise<string | undefined> {
  const left = [...consents];
  const { url } = await listening(t, (_, response) => {
    const { refresh, account } = left.shift() ?? assert.fail('asked too often');
    json(response, {
      access_token: 'access',
      expires_in: 3600,
      ...(refresh === undefined ? {} : { refresh_token: refresh }),
      ...(account === undefined ? {} : { id_token: idToken(account) }),
    });
  });
  const world = await openWorld(t);
  const { keeper, inner: connector } = world.node();
  const credential = oauth(`${url}/token`, {
    type: 'authorization-code',
    authorizationUrl: `${url}/auth`,
    redirectUrl: undefined,
    authorizationParameters: [],
  });
  while (left.length > 0) {
    const answer = {
      code: `code-${left.length}`,
      codeVerifier: 'x'.repeat(43),
      redirectUrl: 'http://127.0.0.1:9/back',
    };
    await exchangeCode(credential, answer, { keeper, connector, clock: world.clock });
  }
  const row = await world.store.tokens.get({ credential: credential.name, subject: credential.subject });
  return openToken(world.store.sealer, row?.sealed)?.refresh;
}

describe('a second sign-in that gives nothing to renew the token with', () => {
  it('leaves what the first one gave, for the same account', async (t) => {
    const kept = await keptAfter(t, [{ refresh: 'first', account: 'anna' }, { account: 'anna' }, { account: 'anna' }]);
    assert.equal(kept, 'first');
  });

  it('leaves nothing of another account, or where nobody says whose it is', async (t) => {
    assert.equal(await keptAfter(t, [{ refresh: 'first', account: 'anna' }, { account: 'bert' }]), undefined);
    assert.equal(await keptAfter(t, [{ refresh: 'first' }, {}]), undefined);
    assert.equal(await keptAfter(t, [{ refresh: 'first' }, { account: 'anna' }]), undefined);
  });

  it('gives way to what the second one gives', async (t) => {
    assert.equal(
      await keptAfter(t, [
        { refresh: 'first', account: 'a' },
        { refresh: 'second', account: 'a' },
      ]),
      'second',
    );
  });
});
