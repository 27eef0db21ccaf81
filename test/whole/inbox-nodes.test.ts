import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { type Install, openInstall } from '../../src/runtime/install.ts';
import { giveBack, newDatabase } from '../store/postgres-cluster.ts';
import { temporaryFolder } from '../store/sqlite-install.ts';
import { orderDocuments } from './inbox-fixture.ts';
import { ADMIN } from './install-fixture.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';

const COUNT = 20;

describe('the inbox of an install of two nodes', () => {
  it('has a command on many runs carried out once, whichever node takes it up', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/orders', 400);
    const database = await newDatabase();
    const folder = await temporaryFolder();
    const nodes: Install[] = [];
    t.after(async () => {
      for (const node of nodes) await node.close(0);
      await giveBack(database);
      await rm(folder, { recursive: true });
    });
    const first = await openInstall({ folder, database, env: {} });
    nodes.push(first);
    await first.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
    await first.administration.apply({ documents: orderDocuments(peer), prune: false, dryRun: false, by: 'test' });
    const second = await openInstall({ folder, database, env: {} });
    nodes.push(second);
    for (const node of nodes) await node.startWorker();
    for (let number = 0; number < COUNT; number++) {
      await first.crm.create({ actor: ADMIN, module: 'Orders', element: { order_no: `SO-${number}` } });
    }
    await until('all are in the inbox', async () => {
      const [group] = await second.administration.inbox({});
      return group?.count === COUNT ? true : undefined;
    });
    peer.reply('/orders', { status: 200, body: { id: 'R-1' } });
    const giver = { by: 'anna', origin: 'test', filter: {}, command: { kind: 'restart' } } as const;
    const { id } = await second.administration.commandInbox({ ...giver, perSecond: 1000 });
    const other = await Promise.allSettled([first.administration.commandInbox({ ...giver, perSecond: 1000 })]);
    await until('all runs end', async () => {
      const { runs } = await first.administration.status();
      return runs.completed === COUNT && runs.canceled === COUNT ? true : undefined;
    });
    const { counts } = await first.administration.inboxJob({ id, limit: 1 });
    const later =
      other[0]?.status === 'fulfilled'
        ? await first.administration.inboxJob({ id: other[0].value.id, limit: 1 })
        : undefined;
    assert.equal(counts.applied + (later?.counts.applied ?? 0), COUNT);
    assert.equal(peer.of('/told').length, COUNT);
  });
});
