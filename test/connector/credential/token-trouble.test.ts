import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { call, came, CLIENT_SECRET, oauth, type OAuth, openWorld } from './credential-world.ts';
import { tokenPeer, type TokenPeer } from './token-peer.ts';

const CLIENT: OAuth['grant'] = { type: 'client-credentials' };

interface Case {
  readonly name: string;
  readonly trouble: NonNullable<TokenPeer['trouble']>;
  readonly code: string;
  readonly cause: string;
  readonly says?: RegExp;
}

const answer = (status: number, body: unknown, type?: string) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...(type === undefined ? {} : { type }),
});

const CASES: readonly Case[] = [
  {
    name: 'a refusal as RFC 6749 has it',
    trouble: answer(401, { error: 'invalid_client', error_description: 'unknown client' }),
    code: 'CREDENTIAL_REFUSED',
    cause: 'refused',
    says: /invalid_client: unknown client/u,
  },
  {
    name: 'a refusal with status 200',
    trouble: answer(200, { error: 'bad_code', error_description: 'The code is wrong' }),
    code: 'CREDENTIAL_REFUSED',
    cause: 'refused',
    says: /bad_code/u,
  },
  {
    name: 'a refusal in words of its own',
    trouble: answer(403, { error: { code: 'no-scope', message: 'Ask the\nadministrator' } }),
    code: 'CREDENTIAL_REFUSED',
    cause: 'refused',
    says: /no-scope: Ask the administrator/u,
  },
  { name: 'a refusal without words', trouble: answer(400, ''), code: 'CREDENTIAL_REFUSED', cause: 'refused' },
  { name: 'a page', trouble: answer(200, '<html>', 'text/html'), code: 'CREDENTIAL_TOKEN_INVALID', cause: 'refused' },
  { name: 'nothing', trouble: answer(204, ''), code: 'CREDENTIAL_TOKEN_INVALID', cause: 'refused' },
  { name: 'a redirect', trouble: answer(302, ''), code: 'CREDENTIAL_TOKEN_INVALID', cause: 'refused' },
  { name: 'no token', trouble: answer(200, {}), code: 'CREDENTIAL_TOKEN_INVALID', cause: 'refused' },
  { name: 'a list', trouble: answer(200, []), code: 'CREDENTIAL_TOKEN_INVALID', cause: 'refused' },
  { name: 'too much', trouble: answer(200, 'x'.repeat(2_000_000)), code: 'CALL_TOO_LARGE', cause: 'answer' },
  { name: 'overload', trouble: answer(503, 'later'), code: 'CREDENTIAL_TOKEN_STATUS', cause: 'answer' },
  { name: 'too many requests', trouble: answer(429, ''), code: 'CREDENTIAL_TOKEN_STATUS', cause: 'answer' },
  { name: 'no answer', trouble: 'cut', code: 'CALL_RESET', cause: 'network' },
];

describe('a token endpoint in trouble', () => {
  for (const { name, trouble, code, cause, says } of CASES) {
    it(`${name}: ${code}`, async (t) => {
      const peer = await tokenPeer(t);
      const node = (await openWorld(t)).node();
      peer.trouble = trouble;
      const outcome = await call(node, peer.url, oauth(peer.tokenUrl, CLIENT));
      assert.ok(outcome.kind === 'failed');
      const { failure } = outcome;
      assert.deepEqual(
        [failure.code, failure.cause, failure.inDoubt, failure.isElsewhere, failure.partial?.body.length ?? 0],
        [code, cause, false, true, 0],
      );
      if (says !== undefined) assert.match(failure.message, says);
      assert.equal(peer.carried.length, 0);
    });
  }

  it('is not asked again at once by those who would be refused too', async (t) => {
    const peer = await tokenPeer(t);
    const world = await openWorld(t);
    const node = world.node();
    const credential = oauth(peer.tokenUrl, CLIENT);
    peer.trouble = answer(400, { error: 'invalid_client' });
    for (let count = 0; count < 20; count++)
      assert.equal(came(await call(node, peer.url, credential)), 'CREDENTIAL_REFUSED');
    assert.equal(peer.asked.length, 1);
    peer.trouble = undefined;
    world.clock.forward(3_000);
    assert.equal(came(await call(node, peer.url, credential)), 200);
  });

  it('that sends a secret back has it shown and stored as dots', async (t) => {
    const peer = await tokenPeer(t);
    const { store, node } = await openWorld(t);
    peer.trouble = answer(400, { error: 'invalid_client', error_description: `what is "${CLIENT_SECRET}"?` });
    const outcome = await call(node(), peer.url, oauth(peer.tokenUrl, CLIENT));
    assert.ok(outcome.kind === 'failed' && outcome.failure.message.includes('invalid_client'));
    assert.ok(!outcome.failure.message.includes(CLIENT_SECRET));
    assert.ok(!JSON.stringify(await store.tokens.list()).includes(CLIENT_SECRET));
  });

  it('is called where the egress rules allow it only', async (t) => {
    const peer = await tokenPeer(t);
    const node = (await openWorld(t)).node();
    const outcome = await call(node, peer.url, oauth('http://127.0.0.2:9/token', CLIENT));
    assert.equal(came(outcome), 'CALL_EGRESS');
  });

  it('may answer with a form, in whatever type, with a time as text', async (t) => {
    const peer = await tokenPeer(t);
    const node = (await openWorld(t)).node();
    peer.trouble = answer(200, 'access_token=token-7&expires_in=60', 'application/x-www-form-urlencoded');
    assert.equal(came(await call(node, peer.url, oauth(peer.tokenUrl, CLIENT, { name: 'form' }))), 200);
    peer.trouble = answer(200, { access_token: 'token-8', expires_in: '0', token_type: 'mac' }, 'text/plain');
    assert.equal(came(await call(node, peer.url, oauth(peer.tokenUrl, CLIENT, { name: 'text' }))), 200);
    assert.deepEqual(peer.carried, ['7', '8']);
  });
});
