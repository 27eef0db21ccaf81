import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { productSync } from './documents.ts';
import { hang, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';

describe('changes of a record while a run is about to write to it', () => {
  it('are kept, and so is what the run writes', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', hang, 1);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt', serial_no: 'SN-1' });
    await until('the peer gets the create', () => peer.of('create')[0]);
    await Promise.all([
      a.revise({ id: product.id, serial_no: 'SN-2' }),
      a.revise({ id: product.id, unit_price: '2.50' }),
      a.revise({ id: product.id, description: 'changed meanwhile' }),
    ]);
    peer.behave('create');
    const runs = await a.allEnded(3);
    assert.ok(runs.every(({ status }) => status === 'completed'));
    const { serial_no, unit_price, description, remote_id } = await a.values(product.id);
    const remoteId = [...peer.products.values()][0];
    assert.deepEqual([serial_no, unit_price, description, remote_id], ['SN-2', 2.5, 'changed meanwhile', remoteId]);
    assert.equal(peer.products.size, 1);
    const revised = peer.of('revise').map(({ parameters }) => JSON.parse(parameters['element'] ?? '') as object);
    assert.equal(revised.length, 2);
    assert.partialDeepStrictEqual(revised.at(-1), { id: remoteId, serial_no: 'SN-2', unit_price: 2.5 });
    assert.equal(stepOf(await a.steps(1), 'create').attempts.length, 1, 'the conflict repeats no call');
  });

  it('reach the request that a conflict makes the run build again', async (t) => {
    const peer = await openHostilePeer(t);
    const documents = await productSync((text, file) =>
      file === 'product-created.xml'
        ? text.replace(
            '<webservice id="create"',
            '<set-fields id="mark"><set field="description" value="sending"/></set-fields><webservice id="create"',
          )
        : text,
    );
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const ids = await Promise.all(
      Array.from(
        { length: 12 },
        async (_, number) => (await a.create({ productname: `Bolt ${number}`, serial_no: 'SN-0' })).id,
      ),
    );
    for (let round = 1; round <= 5; round++) {
      await Promise.all(ids.map((id) => a.revise({ id, unit_price: String(round) })));
    }
    await a.allEnded(12 * 6);
    for (const id of ids) {
      const values = await a.values(id);
      assert.deepEqual([values['description'], values['unit_price']], ['sending', 5]);
      const last = peer
        .of('revise')
        .findLast(({ parameters }) => (parameters['element'] ?? '').includes(`"${String(values['remote_id'])}"`));
      assert.partialDeepStrictEqual(JSON.parse(last?.parameters['element'] ?? '{}'), { unit_price: 5 });
    }
    assert.equal(peer.products.size, 12);
  });
});

describe('fifty records at once', () => {
  it('arrive once each through eight places', async (t) => {
    const b = await PeerInstall.open(t);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(b) });
    const names = Array.from({ length: 50 }, (_, number) => `Bolt ${number}`);
    const products = await Promise.all(names.map((productname) => a.create({ productname })));
    const runs = await a.allEnded(50);
    assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['completed']));
    const arrived = new Map((await b.products()).map(({ id, values }) => [values['productname'], id]));
    assert.equal((await b.products()).length, 50);
    assert.equal(arrived.size, 50);
    for (const { id, values } of products) {
      assert.equal((await a.values(id))['remote_id'], arrived.get(values['productname'] ?? null));
    }
    assert.equal(await b.openSessions(), 0);
  });

  it('never make more than eight calls at one time', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    await Promise.all(Array.from({ length: 50 }, (_, number) => a.create({ productname: `Bolt ${number}` })));
    await a.allEnded(50);
    assert.equal(peer.products.size, 50);
    assert.ok(peer.mostAtOnce() > 1 && peer.mostAtOnce() <= 8, String(peer.mostAtOnce()));
    assert.equal(peer.openSessions.size, 0);
  });
});
