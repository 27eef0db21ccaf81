import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SignInReturn } from '../../../src/core/sign-in.ts';
import { CLIENT_SECRET, type Listening, json, listening } from '../../connector/credential/credential-world.ts';
import { nativeDocument } from '../../whole/documents.ts';
import { TestInstall } from '../../whole/install-fixture.ts';

/** Answers wait for the gate. */
type Provider = Listening & { gate: Promise<void> };

/** A provider that gives tokens, and publishes where it takes them back. */
async function provider(t: TestContext): Promise<Provider> {
  const held: { gate: Promise<void> } = { gate: Promise.resolve() };
  const server: Listening = await listening(t, async ({ path }, response) => {
    await held.gate;
    if (path === '/token') return json(response, { access_token: 'access', refresh_token: 'refresh', expires_in: 60 });
    json(response, { token_endpoint: `${server.url}/token`, revocation_endpoint: `${server.url}/revoke` });
  });
  return Object.assign(held, server);
}

interface Written {
  readonly url: string;
  readonly refreshUrl?: string;
  readonly master?: boolean;
}

function written({ url, refreshUrl, master = true }: Written) {
  const refresh = refreshUrl === undefined ? '' : `<refresh url="${refreshUrl}"/>`;
  return nativeDocument(
    'credential',
    `name="docs" kind="oauth2-authorization-code" master="${master}"`,
    `<authorization url="${url}/auth"/><token url="${url}/token"/>${refresh}<client id="crm" secret="client-secret"/>
<test path="/me" service="shop"/>`,
  );
}

async function opened(t: TestContext, first: Omit<Written, 'url'> = {}) {
  const [before, after] = [await provider(t), await provider(t)];
  const shop = nativeDocument('service', `name="shop" url="${before.url}" credential="docs"`, '');
  const test = await TestInstall.open(t, {
    documents: [written({ url: before.url, ...first }), shop],
    secrets: { 'client-secret': CLIENT_SECRET },
    worker: false,
  });
  const { administration } = test.install;
  test.install.announceUrl('http://127.0.0.1:8080');
  await administration.addUser({ name: 'bert', admin: false });
  const change = (to: Written) =>
    administration.apply({ documents: [written(to)], prune: false, dryRun: false, by: 'test' });
  return { test, administration, before, after, change };
}

async function begun({ install }: TestInstall, user?: string): Promise<SignInReturn> {
  const { url } = await install.administration.connectCredential({ name: 'docs', user, by: 'anna' });
  const ticket = url.split('/').at(-1) ?? '';
  const state = new URL((await install.signIns.look(ticket)).providerUrl).searchParams.get('state') ?? undefined;
  const nothing = { error: undefined, errorDescription: undefined };
  return { state, code: 'a-code', ...nothing, ticketOf: () => ticket, from: '192.0.2.1' };
}

const connect = async (test: TestInstall, user?: string) => test.install.signIns.finish(await begun(test, user));

describe('a credential that is changed', () => {
  it('during a sign-in has the code told to nobody else', async (t) => {
    const { test, before, after, change } = await opened(t);
    const returned = await begun(test);
    await change({ url: after.url });
    await assert.rejects(test.install.signIns.finish(returned), { code: 'CREDENTIAL_CHANGED' });
    assert.deepEqual([before.arrived, after.arrived], [[], []]);
    await connect(test);
    assert.deepEqual([before.arrived.length, after.arrived.length], [0, 1]);
  });

  it('during a sign-in to one that all share does not give them the account of one', async (t) => {
    const { test, before, administration, change } = await opened(t, { master: false });
    const returned = await begun(test, 'bert');
    await change({ url: before.url });
    await assert.rejects(test.install.signIns.finish(returned), { code: 'CREDENTIAL_CHANGED' });
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, [{ state: 'none' }]);
    assert.equal(before.arrived.length, 0);
  });

  it('has its token renewed nowhere else', async (t) => {
    const { test, before, after, administration, change } = await opened(t);
    await connect(test);
    await change({ url: before.url, refreshUrl: `${after.url}/token` });
    assert.equal((await administration.credential({ name: 'docs' })).connections[0]?.state, 'settings-changed');
    const { failure } = await administration.testCredential({ name: 'docs', documents: [] });
    assert.deepEqual([failure?.code, after.arrived.length], ['CREDENTIAL_NOT_CONNECTED', 0]);
  });

  it('has its token told to nobody else when it is disconnected', async (t) => {
    const { test, after, administration, change } = await opened(t);
    await connect(test);
    await change({ url: after.url });
    const { removed, provider: told, problem } = await administration.disconnectCredential({ name: 'docs' });
    assert.deepEqual([removed, told, problem !== undefined, after.arrived.length], [true, 'failed', true, 0]);
  });

  it('from everybody for themselves to shared is not connected by what one of them gave, and back is', async (t) => {
    const { test, before, administration, change } = await opened(t, { master: false });
    await connect(test, 'bert');
    await change({ url: before.url });
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, [{ state: 'none' }]);
    assert.equal((await administration.testCredential({ name: 'docs', documents: [] })).token, undefined);
    await connect(test);
    await change({ url: before.url, master: false });
    const { connections, connected } = await administration.credential({ name: 'docs' });
    assert.deepEqual(
      [connected, ...connections.map(({ user, state }) => [user, state])],
      [1, ['bert', 'connected'], ['admin', 'none']],
    );
  });

  it('to addresses that are none says so', async (t) => {
    const { administration, change } = await opened(t);
    await change({ url: 'login.example.com' });
    await assert.rejects(administration.connectCredential({ name: 'docs', by: 'anna' }), { code: 'URL_INVALID' });
    assert.notEqual((await administration.credential({ name: 'docs' })).problem, undefined);
  });
});

describe('what people gave', () => {
  it('is forgotten when a credential that is no longer in force is disconnected', async (t) => {
    const { test, administration, before } = await opened(t, { master: false });
    await administration.addUser({ name: 'anna', admin: false });
    for (const user of ['anna', 'bert']) await connect(test, user);
    const documents = [{ kind: 'credential', name: 'docs' }];
    await administration.removeDocuments({ documents, force: true, dryRun: false, by: 'test' });
    const disconnect = (user?: string) => administration.disconnectCredential({ name: 'docs', user });
    assert.equal((await disconnect('bert')).removed, true);
    await assert.rejects(disconnect('bert'), { code: 'CREDENTIAL_UNKNOWN' });
    assert.deepEqual([(await disconnect()).removed, before.arrived.length], [true, 2]);
    await assert.rejects(disconnect(), { code: 'CREDENTIAL_UNKNOWN' });
  });

  it('is forgotten when they are deactivated, also during the sign-in', async (t) => {
    const { test, administration, before } = await opened(t, { master: false });
    await connect(test, 'bert');
    const active = async (is: boolean) => administration.changeUser({ name: 'bert', active: is });
    const stateOf = async () =>
      (await administration.credential({ name: 'docs' })).connections.find(({ user }) => user === 'bert')?.state;
    assert.equal(await stateOf(), 'connected');
    await active(false);
    assert.equal(await stateOf(), undefined);
    await active(true);
    assert.equal(await stateOf(), 'none');
    const returned = await begun(test, 'bert');
    const { promise, resolve: release } = Promise.withResolvers<void>();
    before.gate = promise;
    const finishing = test.install.signIns.finish(returned);
    finishing.catch(() => undefined);
    while (before.arrived.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await active(false);
    release();
    await assert.rejects(finishing, { code: 'USER_INACTIVE' });
    await active(true);
    assert.equal(await stateOf(), 'none');
  });
});

describe('a code that names its issuer', () => {
  it('is exchanged where the credential signs in, and told to nobody else', async (t) => {
    const { test, before } = await opened(t);
    const returned = await begun(test);
    const foreign = { ...returned, issuer: 'https://other.example.com' };
    await assert.rejects(test.install.signIns.finish(foreign), { code: 'CREDENTIAL_ISSUER' });
    assert.equal(before.arrived.length, 0);
    for (const issuer of ['', 'no address', 'data:,']) {
      const made = { ...(await begun(test)), issuer };
      await assert.rejects(test.install.signIns.finish(made), { code: 'CREDENTIAL_ISSUER' });
    }
    const own = { ...(await begun(test)), issuer: `${before.url}/realms/a` };
    assert.equal((await test.install.signIns.finish(own)).credential, 'docs');
  });
});
