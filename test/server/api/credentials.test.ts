import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument } from '../../whole/documents.ts';
import { ApiTest, at } from './api-fixture.ts';

const SIGN_IN = `<authorization url="https://login.example.com/auth"/><token url="https://login.example.com/token"/>
<client id="crm" secret="client-secret"/>`;
const KIND = 'kind="oauth2-authorization-code"';

async function opened(t: TestContext): Promise<ApiTest> {
  const documents = [
    nativeDocument('credential', `name="own" ${KIND} master="false"`, SIGN_IN),
    nativeDocument('credential', `name="shared" ${KIND}`, SIGN_IN),
  ];
  const test = await ApiTest.open(t, { documents });
  test.install.announceUrl('http://127.0.0.1:8080');
  await test.install.administration.setSecret({ name: 'client-secret', value: 'nobody knows', by: 'test' });
  return test;
}

describe('credentials over the API', () => {
  it('are connected by whoever is logged in, for themselves', async (t) => {
    const test = await opened(t);
    await test.user('viewer', 'anna');
    const cookie = await test.login('anna');
    const begun = await test.call('POST', '/credentials/own/mine/connect', { cookie });
    assert.equal(begun.status, 201);
    assert.match(String(at(begun.body, 'url')), /^http:\/\/127\.0\.0\.1:8080\/oauth\/connect\//u);
    const id = String(at(begun.body, 'id'));
    const stands = await test.call('GET', `/credentials/own/sign-ins/${id}`, { cookie });
    assert.equal(at(stands.body, 'state'), 'open');
    const elsewhere = await test.call('GET', `/credentials/shared/sign-ins/${id}`, { cookie });
    assert.equal(elsewhere.status, 404);
    const ticket = String(at(begun.body, 'url')).split('/').at(-1) ?? '';
    const offer = await test.install.signIns.look(ticket);
    assert.deepEqual([offer.person, offer.by], ['anna', 'anna']);
    const [entry] = await test.install.administration.audit({ action: 'connectCredential', limit: 1 });
    assert.deepEqual([entry?.by, entry?.target, entry?.outcome], ['anna', 'own', 'done']);
    assert.equal(JSON.stringify(entry).includes(ticket), false);
  });

  it('are connected for others and for all by administrators alone', async (t) => {
    const test = await opened(t);
    await test.user('operator', 'bert');
    const cookie = await test.login('bert');
    for (const [name, body] of [
      ['shared', {}],
      ['own', { user: 'admin' }],
    ] as const) {
      const refused = await test.call('POST', `/credentials/${name}/connect`, { cookie, body });
      assert.deepEqual([refused.status, at(refused.body, 'code')], [403, 'API_FORBIDDEN']);
      const token = await test.token('credentials:write');
      assert.equal((await test.call('POST', `/credentials/${name}/connect`, { token, body })).status, 201);
    }
    const mine = await test.call('POST', '/credentials/shared/mine/connect', { cookie });
    assert.deepEqual([mine.status, at(mine.body, 'code')], [422, 'CREDENTIAL_SHARED']);
  });

  it('are connected by no token for itself: it is nobody', async (t) => {
    const test = await opened(t);
    const token = await test.token('credentials:connect');
    for (const what of ['connect', 'disconnect']) {
      const refused = await test.call('POST', `/credentials/own/mine/${what}`, { token });
      assert.deepEqual([refused.status, at(refused.body, 'code')], [422, 'CREDENTIAL_USER_NEEDED']);
    }
  });

  it('are shown without what they hold', async (t) => {
    const test = await opened(t);
    const token = await test.token('viewer');
    const list = await test.call('GET', '/credentials', { token });
    assert.deepEqual([at(list.body, 'items.0.name'), at(list.body, 'items.0.unconnected')], ['own', 1]);
    assert.equal(JSON.stringify(list.body).includes('nobody knows'), false);
    const one = await test.call('GET', '/credentials/own', { token: await test.token('operator') });
    assert.equal(at(one.body, 'connections.0.state'), 'none');
    assert.equal((await test.call('GET', '/credentials/none', { token })).status, 404);
  });

  it('tell nobody who the others are who may not see users', async (t) => {
    const test = await opened(t);
    await test.user('viewer', 'anna');
    const shown = async (ask: { readonly token?: string; readonly cookie?: string }) => {
      const one = await test.call('GET', '/credentials/own', ask);
      const list = await test.call('GET', '/credentials', ask);
      assert.deepEqual([at(one.body, 'unconnected'), at(list.body, 'items.0.unconnected')], [2, 2]);
      return (at(one.body, 'connections') as { readonly user: string }[]).map(({ user }) => user);
    };
    assert.deepEqual(await shown({ cookie: await test.login('anna') }), ['anna']);
    assert.deepEqual(await shown({ token: await test.token('viewer') }), []);
    assert.deepEqual(await shown({ token: await test.token('credentials:read', 'users:read') }), ['admin', 'anna']);
    const shared = await test.call('GET', '/credentials/shared', { token: await test.token('viewer') });
    assert.equal(at(shared.body, 'connections.0.state'), 'none');
  });

  it('are tested by operators as they are in force, and otherwise by administrators', async (t) => {
    const test = await opened(t);
    const token = await test.token('operator');
    const body = { name: 'shared', documents: [], url: 'https://evil.example.com/' };
    const refused = await test.call('POST', '/credentials/test', { token, body });
    assert.equal(at(refused.body, 'code'), 'API_FORBIDDEN');
    const stored = await test.call('POST', '/credentials/shared/test', { token, body: {} });
    assert.equal(at(stored.body, 'code'), 'CREDENTIAL_TEST_ADDRESS');
    const smuggled = await test.call('POST', '/credentials/shared/test', {
      token,
      body: { url: 'https://evil.example.com/' },
    });
    assert.notEqual(smuggled.status, 200);
  });
});
