import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { command, jobIn, openRefused, parkedOrders } from './inbox-fixture.ts';
import { until } from './poll.ts';

const COUNT = 30;
const ok = { status: 200, body: { id: 'R-1' } };
const giver = { by: 'anna', origin: 'test' };

describe('a command on many runs', () => {
  it('is told before, carried out in the background, and each run says what became of it', async (t) => {
    const { a, peer } = await openRefused(t);
    await parkedOrders(a, COUNT);
    await command(a, 7, { kind: 'ignore' });
    const { administration } = a.install;
    const filter = { code: 'CALL_STATUS' };
    const preview = await administration.previewInbox({ filter });
    assert.deepEqual([preview.count, preview.groups[0]?.destination], [COUNT - 1, 'shop']);
    peer.reply('/orders', ok);
    const job = await administration.commandInbox({ ...giver, filter, command: { kind: 'retry' }, perSecond: 500 });
    assert.equal(job.counts.pending, COUNT - 1);
    const done = await jobIn(a, job.id, 'done');
    assert.equal(done.counts.applied, COUNT - 1);
    await until('all but the ignored one end', async () => {
      const { completed } = (await administration.status()).runs;
      return completed === COUNT - 1 ? true : undefined;
    });
    assert.equal(peer.of('/told').length, COUNT - 1);
    const { history } = await administration.inboxItem({ run: 3 });
    assert.deepEqual([history[0]?.action, history[0]?.by, history[0]?.origin], ['retry', 'anna', 'test']);
    await assert.rejects(administration.commandInbox({ ...giver, filter, command: { kind: 'retry' } }), {
      code: 'INBOX_SELECTION_EMPTY',
    });
  });

  it('tells which runs it did not fit, and does the others', async (t) => {
    const { a } = await openRefused(t);
    await parkedOrders(a, 3);
    await command(a, 2, { kind: 'cancel' });
    const { administration } = a.install;
    const all = { runs: [1, 2, 3], state: ['open', 'resolved'] } as const;
    const { id } = await administration.commandInbox({ ...giver, filter: all, command: { kind: 'acknowledge' } });
    const { counts } = await jobIn(a, id, 'done');
    assert.deepEqual([counts.applied, counts.refused], [2, 1]);
    const { items } = await administration.inboxJob({ id, state: ['refused'], limit: 5 });
    assert.deepEqual(
      items.map(({ run, code }) => [run, code]),
      [[2, 'RUN_NOT_WAITING']],
    );
  });

  it('lets the runs go on little by little, and what has not begun is taken back', async (t) => {
    const { a, peer } = await openRefused(t);
    await parkedOrders(a, COUNT);
    const { administration } = a.install;
    peer.reply('/orders', ok);
    const { id } = await administration.commandInbox({
      ...giver,
      filter: {},
      command: { kind: 'retry' },
      perSecond: 1,
    });
    const { counts } = await jobIn(a, id, 'done');
    assert.equal(counts.applied, COUNT);
    await assert.rejects(administration.stopInboxJob({ id, takeBack: false, by: 'anna' }), { code: 'INBOX_JOB_ENDED' });
    await administration.stopInboxJob({ id, takeBack: true, by: 'anna' });
    const undone = await jobIn(a, id, 'undone');
    const back = undone.counts['taken-back'];
    assert.ok(back > 0);
    assert.equal(back + undone.counts.kept, COUNT);
    await until('those that had begun end', async () => {
      const { completed } = (await administration.status()).runs;
      return completed === undone.counts.kept ? true : undefined;
    });
    const [group] = await administration.inbox({});
    assert.equal(group?.count, back);
    await assert.rejects(administration.stopInboxJob({ id: 99, takeBack: true, by: 'anna' }), {
      code: 'INBOX_JOB_UNKNOWN',
    });
  });

  it('goes on after a process that died, and does nothing twice', async (t) => {
    const { a, peer } = await openRefused(t);
    await parkedOrders(a, COUNT);
    await a.close();
    await a.reopen({ worker: false });
    const { id } = await a.install.administration.commandInbox({ ...giver, filter: {}, command: { kind: 'restart' } });
    await a.close();
    peer.reply('/orders', ok);
    await a.reopen({ worker: true });
    const { counts } = await jobIn(a, id, 'done');
    assert.equal(counts.applied, COUNT);
    await a.allEnded(2 * COUNT);
    const { runs } = await a.install.administration.status();
    assert.deepEqual([runs.completed, runs.canceled], [COUNT, COUNT]);
    assert.equal(peer.of('/told').length, COUNT);
  });
});
