import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import type { DestinationEntry } from '../../src/runtime/destination-administration.ts';
import { productSync } from './documents.ts';
import { openHostilePeer } from './hostile-peer.ts';
import { callingPeer, TestInstall } from './install-fixture.ts';

async function headOffice({ install }: TestInstall): Promise<DestinationEntry> {
  const all = await install.administration.destinations();
  return all.find(({ name }) => name === 'head-office') ?? assert.fail('the service is not among them');
}

describe('a destination that a person holds back', () => {
  it('is called by nobody, also after a restart, and gets everything when it is released', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const name = 'head-office';
    await a.install.administration.holdDestination({ name, by: 'anna', reason: 'moves' });
    for (let number = 1; number <= 3; number++) await a.create({ productname: `Bolt ${number}` });
    const wait = await a.waiting(3, 'limit');
    assert.match(wait.reason, /^challenge: anna has held back calls to head-office since .*: moves$/u);
    await a.close();
    await a.reopen({ worker: true });
    await a.waiting(1, 'limit');
    assert.equal((await headOffice(a)).state.kind, 'held');
    assert.equal((await headOffice(a)).waiting, 3);
    assert.equal(peer.of('getchallenge').length, 0);
    await a.install.administration.releaseDestination({ name, by: 'anna' });
    const runs = await a.allEnded(3);
    assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['completed']));
    assert.equal(peer.products.size, 3);
    assert.equal((await headOffice(a)).waiting, 0);
  });

  it('must be one that somebody calls, and be held or down to be released', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer), worker: false });
    const { administration } = a.install;
    const code = (expected: string) => (thrown: unknown) =>
      thrown instanceof MapwrightError && thrown.code === expected;
    const hold = administration.holdDestination({ name: 'head-ofice', by: 'anna', reason: '' });
    await assert.rejects(hold, code('DESTINATION_UNKNOWN'));
    const release = administration.releaseDestination({ name: 'head-office', by: 'anna' });
    await assert.rejects(release, code('DESTINATION_NOT_HELD'));
  });
});
