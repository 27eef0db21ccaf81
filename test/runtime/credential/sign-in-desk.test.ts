import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openInstall } from '../../../src/runtime/install.ts';
import type { SignInReturn } from '../../../src/core/sign-in.ts';
import { MovableClock, CLIENT_SECRET } from '../../connector/credential/credential-world.ts';
import { tokenPeer } from '../../connector/credential/token-peer.ts';
import { nativeDocument } from '../../whole/documents.ts';
import { TestInstall } from '../../whole/install-fixture.ts';

async function opened(t: TestContext, master = true) {
  const clock = new MovableClock();
  const peer = await tokenPeer(t, { refreshes: true });
  const test = await TestInstall.open(t, {
    documents: [
      nativeDocument(
        'credential',
        `name="docs" kind="oauth2-authorization-code" master="${master}"`,
        `<authorization url="${peer.url}/auth"/><token url="${peer.tokenUrl}"/><client id="crm" secret="client-secret"/>`,
      ),
    ],
    secrets: { 'client-secret': CLIENT_SECRET },
    worker: false,
    clock,
  });
  test.install.announceUrl('http://127.0.0.1:8080');
  return { test, peer, clock };
}

/** A sign-in that has begun, and what its person comes back with. */
async function begun({ install }: TestInstall, code = 'a-code', user?: string) {
  const { administration } = install;
  const { id, url, expiresAt } = await administration.connectCredential({ name: 'docs', user, by: 'anna' });
  const ticket = url.split('/').at(-1) ?? '';
  const { providerUrl } = await install.signIns.look(ticket);
  const state = new URL(providerUrl).searchParams.get('state') ?? assert.fail('no state');
  const returned: SignInReturn = {
    state,
    code,
    error: undefined,
    errorDescription: undefined,
    ticketOf: () => ticket,
    from: '192.0.2.1',
  };
  return { id, ticket, expiresAt, returned };
}

describe('a sign-in', () => {
  it('has ten minutes', async (t) => {
    const { test, peer, clock } = await opened(t);
    const { id, ticket, returned, expiresAt } = await begun(test);
    clock.forward(expiresAt - clock.now() - 5_000);
    assert.equal((await test.install.signIns.look(ticket)).id, id);
    clock.forward(5_000);
    await assert.rejects(test.install.signIns.look(ticket), { code: 'CREDENTIAL_SIGN_IN_OVER' });
    await assert.rejects(test.install.signIns.finish(returned), { code: 'CREDENTIAL_SIGN_IN_OVER' });
    assert.equal((await test.install.administration.signIn({ name: 'docs', id })).state, 'expired');
    assert.equal(peer.asked.length, 0);
  });

  it('keeps nothing from which somebody could come back in its place', async (t) => {
    const { test } = await opened(t);
    const { id, ticket, returned } = await begun(test);
    assert.equal(new Set([id, ticket, returned.state]).size, 3);
    const other = { ...returned, ticketOf: () => id };
    await assert.rejects(test.install.signIns.finish(other), { code: 'CREDENTIAL_SIGN_IN_ELSEWHERE' });
    await assert.rejects(test.install.signIns.look(id), { code: 'CREDENTIAL_SIGN_IN_UNKNOWN' });
    await assert.rejects(test.install.signIns.finish({ ...returned, state: id }), {
      code: 'CREDENTIAL_SIGN_IN_UNKNOWN',
    });
  });

  it('is finished by one of many at once', async (t) => {
    const { test, peer } = await opened(t);
    let open = (): void => undefined;
    peer.gate = new Promise((resolve) => (open = resolve));
    const { id, returned } = await begun(test);
    const first = test.install.signIns.finish(returned);
    first.catch(() => undefined);
    while (peer.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await test.install.administration.signIn({ name: 'docs', id })).state, 'exchanging');
    await assert.rejects(test.install.signIns.finish(returned), { code: 'CREDENTIAL_SIGN_IN_BUSY' });
    open();
    assert.equal((await first).credential, 'docs');
    assert.equal(peer.asked.length, 1);
  });

  it('goes on where a process stopped that had not got the token', async (t) => {
    const { test, peer, clock } = await opened(t);
    peer.gate = new Promise(() => undefined);
    const { id, returned } = await begun(test);
    const dying = test.install.signIns.finish(returned);
    dying.catch(() => undefined);
    while (peer.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await test.close();
    await assert.rejects(dying);
    peer.gate = Promise.resolve();
    await test.reopen({ worker: false, clock });
    const { administration, signIns } = test.install;
    assert.equal((await administration.signIn({ name: 'docs', id })).state, 'open');
    assert.equal((await signIns.finish(returned)).credential, 'docs');
    assert.deepEqual([peer.asked.length, (await administration.signIn({ name: 'docs', id })).state], [2, 'connected']);
  });

  it('is done when a process died that had kept the token: its code is not exchanged again', async (t) => {
    const { test, peer, clock } = await opened(t);
    const { id, returned } = await begun(test);
    const { folder } = test;
    await test.close();
    const stuck = Promise.withResolvers<boolean>();
    const dying = await openInstall({
      folder,
      env: {},
      clock,
      withStore: (store) => ({ ...store, signIns: { ...store.signIns, end: () => stuck.promise } }),
    });
    const finishing = dying.signIns.finish(returned);
    finishing.catch(() => undefined);
    const kept = async () =>
      (await dying.administration.credential({ name: 'docs' })).connections[0]?.state === 'connected';
    while (!(await kept())) await new Promise((resolve) => setImmediate(resolve));
    await dying.close(0);
    await test.reopen({ worker: false, clock });
    const { administration, signIns } = test.install;
    assert.equal((await administration.signIn({ name: 'docs', id })).state, 'connected');
    assert.equal((await signIns.finish(returned)).credential, 'docs');
    assert.equal(peer.asked.length, 1);
    stuck.resolve(false);
  });

  it('of somebody who has left meanwhile gives no token', async (t) => {
    const { test, peer } = await opened(t, false);
    const { administration } = test.install;
    await administration.addUser({ name: 'bert', admin: false });
    const { returned } = await begun(test, 'a-code', 'bert');
    await administration.changeUser({ name: 'bert', active: false });
    await assert.rejects(test.install.signIns.finish(returned), { code: 'USER_INACTIVE' });
    assert.equal(peer.asked.length, 0);
  });

  it('comes to nothing without a server to come back to', async (t) => {
    const { test } = await opened(t);
    await test.close();
    await test.reopen({ worker: false });
    const begin = test.install.administration.connectCredential({ name: 'docs', by: 'anna' });
    await assert.rejects(begin, { code: 'CREDENTIAL_NO_SERVER' });
  });
});
