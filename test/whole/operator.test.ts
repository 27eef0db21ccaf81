import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { productSync } from './documents.ts';
import { hang, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const HOUR_MS = 3_600_000;

/** The product sync, sending this text as the serial number of every product. */
function sending(serial: string): Promise<SourceFile[]> {
  return productSync((text, file) =>
    file === 'product-create.xml' ? text.replace('field="serial_no"', `value="${serial}"`) : text,
  );
}

describe('a clock that is set forward by an hour', () => {
  it('takes no run away from the process that works on it', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', hang, 1);
    let aheadMs = 0;
    const clock = { now: () => Date.now() + aheadMs };
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer), clock });
    await a.create({ productname: 'Bolt' });
    await until('the peer gets the create', () => peer.of('create')[0]);
    aheadMs = HOUR_MS;
    // Another run makes the worker look for what is due: the first one's lease is long over by the new time.
    await a.create({ productname: 'Nut' });
    assert.equal((await a.ended(2)).status, 'completed');
    assert.equal(peer.of('create').length, 2);
    peer.behave('create');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(
      stepOf(await a.steps(1), 'create').attempts.map(({ failure }) => failure),
      [undefined],
    );
    assert.equal(peer.products.size, 2);
  });
});

describe('documents that change while a run waits', () => {
  it('are not the ones it goes on with: it keeps to its revision', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(400).end());
    const a = await TestInstall.open(t, { documents: await sending('old'), ...callingPeer(peer) });
    await a.create({ productname: 'Bolt' });
    await a.waiting(1, 'person');
    await a.apply(await sending('new'));
    peer.behave('create');
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).revision, 1);
    await a.create({ productname: 'Nut' });
    assert.equal((await a.ended(2)).revision, 2);
    const serials = peer.of('create').map(({ parameters }) => {
      const element = JSON.parse(parameters['element'] ?? '') as { readonly serial_no: string };
      return element.serial_no;
    });
    assert.deepEqual(serials, ['old', 'old', 'new']);
  });

  it('may be gone altogether: the run ends as it was begun, after a restart too', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(400).end());
    const documents = await productSync();
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await a.waiting(1, 'person');
    const left = documents.filter(({ file }) => file === 'Products.xml');
    const { administration } = a.install;
    const report = await administration.apply({ documents: left, prune: true, dryRun: false, by: 'test' });
    assert.deepEqual([report.stored, report.changes.filter(({ change }) => change === 'removed').length], [true, 8]);
    await a.close();
    await a.reopen({ worker: true });
    peer.behave('create');
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(product.id))['remote_id'], [...peer.products.values()][0]);
    assert.equal(peer.openSessions.size, 0);
    await a.create({ productname: 'Nut' });
    assert.equal((await a.runs()).length, 1, 'nothing starts that is no longer in force');
  });
});

describe('an install folder that was moved', () => {
  it('is the same install: records, secrets and waiting runs go on', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('getchallenge', (response) => void response.writeHead(400).end());
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await a.waiting(1, 'person');
    await a.close();
    const moved = `${a.folder}-moved`;
    await rename(a.folder, moved);
    a.folder = moved;
    await a.reopen({ worker: true });
    peer.behave('getchallenge');
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(product.id))['remote_id'], [...peer.products.values()][0]);
  });
});
