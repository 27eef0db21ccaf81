import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxJob } from '../../src/core/inbox.ts';
import { mapwright, serve } from './command-line.ts';
import { openRefused, orderDocuments, parkedOrders } from './inbox-fixture.ts';
import { until } from './poll.ts';

const COUNT = 250;
const KILLS = 3;

/** What a command prints with `--json`. */
async function told<T>(folder: string, ...words: string[]): Promise<T> {
  const { output, errors, exitCode } = await mapwright(['inbox', ...words, '--dir', folder, '--json']);
  assert.equal(exitCode, 0, output + errors);
  return JSON.parse(output) as T;
}

describe('a command on many runs whose server is killed again and again', () => {
  it('is carried out on each run exactly once', async (t) => {
    const { a, peer } = await openRefused(t);
    // What a kill leaves in doubt is sent again, or the runs would come back into the inbox.
    const documents = orderDocuments(peer).map((one) => ({
      ...one,
      text: one.text.replace('<call ', '<call in-doubt="resend" '),
    }));
    await a.apply(documents);
    await parkedOrders(a, COUNT);
    await a.close();
    const { job } = await told<{ readonly job: InboxJob }>(
      a.folder,
      'restart',
      '--all',
      '--yes',
      '--per-second',
      '1000',
    );
    assert.equal(job.counts.pending, COUNT);
    peer.reply('/orders', { status: 200, body: { id: 'R-1' } });
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await serve(t, a.folder);
      await until('the job gets on', async () => {
        const { counts } = await told<InboxJob>(a.folder, 'jobs', 'show', String(job.id));
        return counts.applied > (kill * COUNT) / (KILLS * 2) || counts.pending === 0 ? true : undefined;
      });
      await server.end('SIGKILL');
    }
    await a.reopen({ worker: true });
    await until('the job is done', async () => {
      const { state } = await a.install.administration.inboxJob({ id: job.id, limit: 1 });
      return state === 'done' ? true : undefined;
    });
    await until('all runs end', async () => {
      const { runs } = await a.install.administration.status();
      return runs.completed + runs.canceled === 2 * COUNT ? true : undefined;
    });
    const { runs } = await a.install.administration.status();
    assert.deepEqual([runs.completed, runs.canceled, runs.failed], [COUNT, COUNT, 0]);
    const { counts } = await a.install.administration.inboxJob({ id: job.id, limit: 1 });
    assert.deepEqual([counts.applied, counts.refused], [COUNT, 0]);
  });
});
