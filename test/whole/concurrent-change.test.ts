import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from '../../src/core/run.ts';
import { productSync } from './documents.ts';
import { hang, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';

const MARK = '<set-fields id="mark"><set field="description" value="being sent"/></set-fields>';

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

  it('do not make a request that is built again fall back to the record as it was at the start', async (t) => {
    const peer = await openHostilePeer(t);
    const documents = await productSync((text) =>
      text
        .replace('<webservice id="update"', `${MARK}<webservice id="update"`)
        .replace('concurrent="8"', 'concurrent="20"'),
    );
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    peer.misbehave('create', hang);
    const names = Array.from({ length: 20 }, (_, number) => `Bolt ${number}`);
    const ids = await Promise.all(names.map(async (productname) => (await a.create({ productname })).id));
    await until('the peer gets every create', () => (peer.of('create').length === ids.length ? true : undefined));
    // These runs start with a record that does not know its id at the peer yet.
    await Promise.all(ids.map((id) => a.revise({ id, serial_no: 'SN-1' })));
    peer.behave('create');
    let isOver = false;
    const changes = ids.map(async (id) => {
      for (let count = 1; !isOver; count++) {
        await a.revise({ id, description: `word ${count}` });
        await pause(2);
      }
    });
    const waitsOrEnded = (run: Run): boolean => run.endedAt !== undefined || run.wait?.for === 'person';
    const runs = await until('every run ends or needs a person', async () => {
      const all = await a.runs();
      return all.every(waitsOrEnded) ? all : undefined;
    });
    isOver = true;
    await Promise.all(changes);
    assert.deepEqual(
      runs.flatMap(({ wait }) => wait?.reason ?? []),
      [],
    );
    const sent = peer.of('revise').map(({ parameters }) => JSON.parse(parameters['element'] ?? '') as { id: string });
    assert.deepEqual(sent.map(({ id }) => id).toSorted(), [...peer.products.values()].toSorted());
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
    peer.misbehave('create', hang);
    await Promise.all(Array.from({ length: 50 }, (_, number) => a.create({ productname: `Bolt ${number}` })));
    await until('the others wait for a place', async () => {
      const waiting = (await a.runs()).filter(({ wait }) => wait?.for === 'limit');
      return waiting.length === 42 ? waiting : undefined;
    });
    assert.equal(peer.of('create').length, 8);
    peer.behave('create');
    await a.allEnded(50);
    assert.equal(peer.products.size, 50);
    assert.equal(peer.mostAtOnce(), 8);
    assert.equal(peer.openSessions.size, 0);
  });
});
