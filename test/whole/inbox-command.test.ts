import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxJob } from '../../src/core/inbox.ts';
import type { InboxDetails } from '../../src/runtime/inbox-administration.ts';
import { mapwright, refused } from './command-here.ts';
import { assertClean } from './command-line.ts';
import { openRefused, parkedOrders } from './inbox-fixture.ts';

describe('mapwright inbox', () => {
  it('says why runs stand and what fits, and does it to one or to many', async (t) => {
    const { a } = await openRefused(t);
    await parkedOrders(a, 3);
    await a.close();
    const inbox = async (...words: string[]): Promise<string> => {
      const ended = await mapwright(['inbox', ...words, '--dir', a.folder]);
      assertClean(ended);
      assert.equal(ended.exitCode, 0, ended.output + ended.errors);
      return ended.output;
    };
    const told = async <T>(...words: string[]): Promise<T> => JSON.parse(await inbox(...words, '--json')) as T;
    assert.match(await inbox(), /^3 x CALL_STATUS {3}send -> shop/mu);
    assert.match(await inbox('list', '--destination', 'shop', '--limit', '2'), /older ones: --before 2/u);
    const shown = await inbox('show', '1');
    for (const action of ['retry', 'skip', 'done', 'restart', 'cancel'])
      assert.match(shown, new RegExp(`inbox ${action} 1`, 'u'));
    await inbox('acknowledge', '2', '--note', 'asked them');
    assert.match(await inbox('list', '--state', 'acknowledged'), /asked|acknowledged/u);
    assert.match(
      await inbox('retry', '--cause', 'CALL_STATUS', '--dry-run'),
      /this would retry 3 runs of send to shop/u,
    );
    assert.match(await inbox('retry', '1', '--context', 'code=7', '--reason', 'mended'), /as soon as a server runs/u);
    const { history, run } = await told<InboxDetails>('show', '1');
    assert.deepEqual([history[0]?.action, history[0]?.reason, run.context], ['retry', 'mended', { code: 7 }]);
    const { job } = await told<{ readonly job: InboxJob }>('cancel', '--all', '--yes');
    assert.equal(job.counts.pending, 2);
    assert.match(await inbox('jobs'), /cancel/u);
    assert.match(await inbox('jobs', 'stop', String(job.id)), /is stopped/u);
    const { state, counts } = await told<InboxJob>('jobs', 'show', String(job.id));
    assert.deepEqual([state, counts.left], ['stopped', 2]);
  });

  it('refuses what it does not understand, and does nothing then', async (t) => {
    const { a } = await openRefused(t);
    await parkedOrders(a, 1);
    await a.close();
    const dir = ['--dir', a.folder];
    await refused('CLI_USAGE', ['inbox', 'retry', ...dir]);
    await refused('CLI_USAGE', ['inbox', 'retry', '1', '--all', ...dir]);
    await refused('CLI_USAGE', ['inbox', 'retry', '--all', ...dir]);
    await refused('RUN_UNKNOWN', ['inbox', 'show', '77', ...dir]);
    await refused('RUN_TASK_UNKNOWN', ['inbox', 'skip', '1', '--to', 'tel', ...dir]);
    await refused('INBOX_SELECTION_EMPTY', ['inbox', 'cancel', '--workflow', 'other', '--yes', ...dir]);
    await refused('INBOX_JOB_UNKNOWN', ['inbox', 'jobs', 'undo', '9', ...dir]);
    await a.reopen({ worker: false });
    assert.equal((await a.install.administration.inboxItem({ run: 1 })).item?.state, 'open');
  });
});
