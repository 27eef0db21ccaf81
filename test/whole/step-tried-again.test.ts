import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { productSync } from './documents.ts';
import { answerJson, hang, type HostilePeer, type Misbehaviour, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const breakOff: Misbehaviour = (response) => void response.destroy();
const page: Misbehaviour = (response) => void response.setHeader('content-type', 'text/html').end('<html></html>');

async function openPair(
  t: TestContext,
  adapt?: (text: string, file: string) => string,
): Promise<{ a: TestInstall; peer: HostilePeer }> {
  const peer = await openHostilePeer(t);
  const { settings, secrets } = callingPeer(peer);
  const documents = await productSync(adapt);
  const a = await TestInstall.open(t, { documents, settings: { ...settings, shelf: 'S-1' }, secrets });
  return { a, peer };
}

function serialNumbers(peer: HostilePeer): unknown[] {
  return peer.of('create').map(({ parameters }) => JSON.parse(parameters['element'] ?? '{}').serial_no as unknown);
}

/** Lets the process die while the peer has this many requests of the operation and has not answered the last one. */
async function dieDuring(a: TestInstall, peer: HostilePeer, operation: string, times: number): Promise<void> {
  await until(`the peer gets ${operation}`, () => peer.of(operation)[times - 1]);
  await a.close();
}

describe('a person who tries a step again whose answer was once lost', () => {
  it('has the same request sent under its key, though the record has changed since', async (t) => {
    const { a, peer } = await openPair(t);
    let tries = 0;
    peer.misbehave('create', (...call) => (tries++ === 0 ? breakOff : page)(...call), 2);
    const product = await a.create({ productname: 'Bolt', serial_no: 'first' });
    await a.waiting(1, 'person');
    await a.revise({ id: product.id, serial_no: 'second' });
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(serialNumbers(peer), ['first', 'first', 'first']);
    assert.equal((await a.ended(2)).status, 'completed');
    assert.equal(JSON.parse(peer.of('revise')[0]?.parameters['element'] ?? '{}').serial_no, 'second');
  });

  it('has the same request sent when a page stood in place of the answer', async (t) => {
    const { a, peer } = await openPair(t);
    peer.misbehave('create', page, 1);
    const product = await a.create({ productname: 'Bolt', serial_no: 'first' });
    await a.waiting(1, 'person');
    await a.revise({ id: product.id, serial_no: 'second' });
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(serialNumbers(peer), ['first', 'first']);
  });
});

describe('a step that was interrupted and then fails', () => {
  it('can be tried again by a person when it renews a session', async (t) => {
    const { a, peer } = await openPair(t);
    peer.misbehave(
      'login',
      (...call) => {
        peer.misbehave('getchallenge', hang, 1);
        breakOff(...call);
      },
      1,
    );
    await a.create({ productname: 'Bolt' });
    await dieDuring(a, peer, 'getchallenge', 2);
    peer.misbehave('getchallenge', answerJson({ success: true, result: {} }), 1);
    await a.reopen({ worker: true });
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^challenge: OUTPUT_MISSING /u);
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(peer.products.size, 1);
  });

  it('is given up when the run was canceled meanwhile, and the run ends', async (t) => {
    const { a, peer } = await openPair(t);
    let tries = 0;
    peer.misbehave('logout', (...call) => (tries++ === 0 ? breakOff : hang)(...call), 2);
    await a.create({ productname: 'Bolt' });
    await dieDuring(a, peer, 'logout', 2);
    await a.reopen({ worker: false });
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'enough' });
    await a.install.startWorker();
    assert.equal((await a.ended(1)).status, 'canceled');
    assert.equal(peer.openSessions.size, 0);
  });
});

describe('a step whose request cannot be built when it is tried again', () => {
  it('can be tried once more when the cause is mended', async (t) => {
    const shelf = '<parameter name="shelf" setting="shelf"/>\n  <parameter name="elementType"';
    const { a, peer } = await openPair(t, (text, file) =>
      file === 'product-create.xml' ? text.replace('<parameter name="elementType"', shelf) : text,
    );
    peer.misbehave('create', answerJson({ success: false, error: { code: 'INVALID_SHELF' } }), 1);
    await a.create({ productname: 'Bolt' });
    const { administration } = a.install;
    await a.waiting(1, 'person');
    await administration.removeSetting({ name: 'shelf' });
    await administration.retry({ id: 1, by: 'admin' });
    await a.reached(
      1,
      'waits for the setting',
      ({ wait }) => wait?.reason.includes('PARAMETER_SOURCE_MISSING') === true,
    );
    await administration.setSetting({ name: 'shelf', value: 'S-2' });
    await administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    const create = stepOf(await a.steps(1), 'create');
    assert.deepEqual([create.status, create.attempts.length], ['done', 3]);
    assert.equal(peer.of('create').at(-1)?.parameters['shelf'], 'S-2');
  });
});
