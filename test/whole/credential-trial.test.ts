import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CredentialTrialParams, SourceFile } from '../../src/runtime/administration.ts';
import { CLIENT_SECRET, json, listening } from '../connector/credential/credential-world.ts';
import { tokenPeer } from '../connector/credential/token-peer.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

const KEY = 'a-key-nobody-guesses';

async function opened(t: TestContext, documents: readonly SourceFile[], settings: Record<string, string> = {}) {
  const test = await TestInstall.open(t, {
    documents,
    settings,
    secrets: { 'client-secret': CLIENT_SECRET, key: KEY },
    worker: false,
  });
  const { administration } = test.install;
  const tried = (params: Partial<CredentialTrialParams> = {}) =>
    administration.testCredential({ name: 'docs', documents: [], ...params });
  return { test, administration, tried };
}

/** Takes the key at /me alone, and sends back in its refusals what it was given. */
async function keyPeer(t: TestContext) {
  return listening(t, ({ headers, path }, response) => {
    const given = headers['x-key'];
    if (path === '/broken') return json(response, { error: 'out of order' }, 503);
    if (path !== '/me') return json(response, { error: 'no such page' }, 404);
    if (given === KEY) return json(response, { name: 'crm' });
    response.setHeader('www-authenticate', 'Bearer error_description="no such key"');
    json(response, { error: `unknown key ${String(given)}` }, 401);
  });
}

const key = (more = '') =>
  nativeDocument(
    'credential',
    'name="docs" kind="api-key"',
    `<key secret="key"/><send header="X-Key" prefix=""/>${more}`,
  );
const service = (url: string, more = '') =>
  nativeDocument('service', `name="shop" url="${url}" credential="docs"`, more);

describe('a test of a key', () => {
  it('makes the call that the credential says, as the calls of its service', async (t) => {
    const peer = await keyPeer(t);
    const { tried } = await opened(t, [
      key('<test path="/me"/>'),
      service(peer.url, '<header name="X-From" value="crm"/>'),
    ]);
    const trial = await tried();
    assert.deepEqual(
      [trial.verdict, trial.service, trial.token, trial.answer?.status],
      ['works', 'shop', undefined, 200],
    );
    assert.equal(peer.arrived[0]?.headers['x-from'], 'crm');
    assert.ok(trial.answer?.timings !== undefined && trial.durationMs >= 0);
    assert.equal(JSON.stringify(trial).includes(KEY), false);
  });

  it('says no in the words of the other side, without the key', async (t) => {
    const peer = await keyPeer(t);
    const { administration, tried } = await opened(t, [key('<test path="/me"/>'), service(peer.url)]);
    await administration.setSecret({ name: 'key', value: 'another-key-of-ours', by: 'test' });
    const trial = await tried();
    assert.equal(trial.verdict, 'refused');
    assert.match(trial.why, /status 401, unknown key ••••/u);
    assert.equal(JSON.stringify(trial).includes('another-key-of-ours'), false);
    assert.equal(peer.arrived[0]?.headers['x-key'], 'another-key-of-ours');
  });

  it('says that it is unclear where the answer tells nothing', async (t) => {
    const peer = await keyPeer(t);
    const { tried } = await opened(t, [key(), service(peer.url)]);
    const trial = await tried();
    assert.deepEqual([trial.verdict, peer.arrived[0]?.path], ['unclear', '/']);
    assert.equal((await tried({ url: `${peer.url}/broken?a={b}&c=1` })).verdict, 'unclear');
    assert.equal((await tried({ url: `${peer.url}/me` })).verdict, 'works');
    assert.equal(peer.arrived[1]?.path, '/broken?a={b}&c=1');
  });

  it('calls nobody whom the install may not call, and says who cannot be reached', async (t) => {
    const { tried, administration } = await opened(t, [key(), service('http://127.0.0.1:1')]);
    const away = await tried();
    assert.deepEqual([away.verdict, away.failure?.code], ['failed', 'CALL_REFUSED']);
    await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:2' });
    const refused = await tried({ url: 'http://127.0.0.1:1/me' });
    assert.deepEqual([refused.verdict, refused.failure?.code], ['failed', 'CALL_EGRESS']);
  });

  it('takes a document that is not applied, and changes nothing by it', async (t) => {
    const peer = await keyPeer(t);
    const { administration, tried } = await opened(t, [key(), service(peer.url)]);
    const draft = nativeDocument(
      'credential',
      'name="draft" kind="api-key"',
      '<key secret="key"/><send header="X-Key" prefix=""/>',
    );
    const alone = await administration.testCredential({ documents: [draft], url: `${peer.url}/me` });
    assert.deepEqual([alone.verdict, alone.credential], ['works', 'draft']);
    const replaced = await tried({ documents: [key('<test path="/me"/>')] });
    assert.deepEqual([replaced.verdict, replaced.answer?.status], ['works', 200]);
    assert.equal((await administration.status()).revision, 1);
    assert.deepEqual(
      (await administration.credentials()).map(({ name }) => name),
      ['docs'],
    );
  });

  it('refuses what it cannot try, and says why', async (t) => {
    const { administration, tried } = await opened(t, [
      key(),
      nativeDocument('service', 'name="other" url="http://127.0.0.1:1"', ''),
    ]);
    const refused = (params: Partial<CredentialTrialParams>, code: string) => assert.rejects(tried(params), { code });
    await refused({}, 'CREDENTIAL_TEST_ADDRESS');
    await refused({ service: 'othr' }, 'CREDENTIAL_TEST_ADDRESS');
    await refused({ service: 'other' }, 'CREDENTIAL_TEST_ADDRESS');
    await refused({ name: 'dox' }, 'CREDENTIAL_UNKNOWN');
    const broken = nativeDocument('credential', 'name="docs" kind="api-key"', '<kee secret="key"/>');
    const untried = await tried({ documents: [broken] });
    assert.equal(untried.verdict, 'failed');
    assert.ok(untried.diagnostics.some(({ code }) => code === 'CREDENTIAL_PART_MISSING'));
    await assert.rejects(administration.testCredential({ documents: [] }), { code: 'CREDENTIAL_TEST_NAME' });
    const two = [key(), nativeDocument('credential', 'name="more" kind="none"', '')];
    await assert.rejects(administration.testCredential({ documents: two }), { code: 'CREDENTIAL_TEST_NAME' });
  });

  it('does not let a secret be missing unseen', async (t) => {
    const peer = await keyPeer(t);
    const { administration, tried } = await opened(t, [key(), service(peer.url)]);
    await administration.removeSecret({ name: 'key', force: true });
    const trial = await tried();
    assert.deepEqual([trial.verdict, trial.failure?.code, peer.arrived.length], ['failed', 'SECRET_MISSING', 0]);
  });
});

describe('a test of a credential with tokens', () => {
  const grant = (tokenUrl: string, kind: string, more = '') =>
    nativeDocument(
      'credential',
      `name="docs" kind="${kind}"`,
      `${more}<token url="${tokenUrl}"/><client id="crm" secret="client-secret"/>`,
    );

  it('gets a new one, and leaves the kept one as it is', async (t) => {
    const peer = await tokenPeer(t);
    const { test, administration, tried } = await opened(t, [
      grant(peer.tokenUrl, 'oauth2-client-credentials'),
      service(peer.url),
    ]);
    const first = await tried();
    assert.deepEqual([first.verdict, first.token], ['works', 'got'], first.why);
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, []);
    peer.trouble = { status: 401, body: JSON.stringify({ error: 'invalid_client', error_description: CLIENT_SECRET }) };
    const second = await tried();
    assert.deepEqual([second.verdict, second.failure?.code], ['refused', 'CREDENTIAL_REFUSED']);
    assert.match(second.why, /invalid_client: ••••/u);
    for (const secret of ['token-1', CLIENT_SECRET])
      assert.equal(JSON.stringify([first, second]).includes(secret), false);
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, []);
    assert.ok(test.log.every((line) => !line.includes(CLIENT_SECRET)));
  });

  it('uses what a person gave, and of a document that is not applied renews nothing', async (t) => {
    const peer = await tokenPeer(t, { refreshes: true });
    const authorization = `<authorization url="${peer.url}/auth"/>`;
    const document = grant(peer.tokenUrl, 'oauth2-authorization-code', authorization);
    const { test, administration, tried } = await opened(t, [document, service(peer.url)]);
    const before = await tried();
    assert.deepEqual([before.verdict, before.failure?.code], ['refused', 'CREDENTIAL_NOT_CONNECTED']);
    test.install.announceUrl('http://127.0.0.1:8080');
    const { url } = await administration.connectCredential({ name: 'docs', by: 'anna' });
    const ticket = url.split('/').at(-1) ?? '';
    const { providerUrl } = await test.install.signIns.look(ticket);
    const state = new URL(providerUrl).searchParams.get('state') ?? undefined;
    const none = { error: undefined, errorDescription: undefined, from: 'local' };
    await test.install.signIns.finish({ ...none, state, code: 'c', ticketOf: () => ticket });
    assert.deepEqual([(await tried()).verdict, (await tried()).token], ['works', 'kept']);
    peer.revoke();
    const draft = await tried({ documents: [document] });
    assert.deepEqual([draft.verdict, peer.asked.length], ['refused', 1]);
    const applied = await tried();
    assert.deepEqual([applied.verdict, peer.asked.length], ['works', 2]);
  });

  it('is about one person where everybody has their own', async (t) => {
    const peer = await tokenPeer(t);
    const authorization = `<authorization url="${peer.url}/auth"/>`;
    const own = grant(peer.tokenUrl, 'oauth2-authorization-code', authorization);
    const text = own.text.replace('kind=', 'master="false" kind=');
    const { tried } = await opened(t, [{ ...own, text }, service(peer.url)]);
    await assert.rejects(tried(), { code: 'CREDENTIAL_USER_NEEDED' });
    await assert.rejects(tried({ user: 'nobody' }), { code: 'USER_UNKNOWN' });
    const trial = await tried({ user: 'admin' });
    assert.match(trial.why, /admin has not connected/u);
  });
});
