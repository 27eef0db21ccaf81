import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bodies, command, jobIn, openRefused, parkedOrders } from './inbox-fixture.ts';
import type { TestInstall } from './install-fixture.ts';

const ok = { status: 200, body: { id: 'R-1' } };
const given = { ticket: 'by-hand-hidden', code: 'C-7', api_key: 'named-hidden', more: { password: 'named-hidden' } };

/** The files of the install that hold this text. */
async function filesWith(a: TestInstall, text: string): Promise<string[]> {
  const names = await readdir(a.folder);
  const found = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(a.folder, name)).catch(() => Buffer.alloc(0));
      return bytes.includes(text) ? [name] : [];
    }),
  );
  return found.flat();
}

async function parked(t: Parameters<typeof openRefused>[0], count: number) {
  const opened = await openRefused(t);
  await parkedOrders(opened.a, count);
  opened.peer.reply('/orders', ok);
  return opened;
}

describe('what somebody gives by hand for a value that is not to be shown', () => {
  it('is sealed and told as dots, though no answer has set it yet', async (t) => {
    const { a, peer } = await parked(t, 1);
    await command(a, 1, { kind: 'retry', context: { set: given } });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(bodies(peer, '/orders').at(-1)?.['code'], 'C-7');
    const details = JSON.stringify(await a.install.administration.inboxItem({ run: 1 }));
    assert.match(details, /C-7/u);
    assert.doesNotMatch(details, /by-hand-hidden/u);
    const { history } = await a.install.administration.inboxItem({ run: 1 });
    assert.doesNotMatch(JSON.stringify(history), /hidden/u);
    assert.deepEqual(await filesWith(a, 'by-hand-hidden'), []);
    assert.notDeepEqual(await filesWith(a, 'C-7'), []);
  });

  it('is sealed while it waits to be taken as an answer', async (t) => {
    const { a } = await parked(t, 1);
    await command(a, 1, { kind: 'done', outputs: { remote: 'R-9', ticket: given.ticket } });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(await filesWith(a, given.ticket), []);
    assert.notDeepEqual(await filesWith(a, 'R-9'), []);
  });

  it('is sealed in a command for many runs, and reaches each of them', async (t) => {
    const { a, peer } = await parked(t, 3);
    const { administration } = a.install;
    const giver = { by: 'anna', origin: 'test' };
    const retry = { kind: 'retry', context: { set: given } } as const;
    const job = await administration.commandInbox({ ...giver, filter: {}, command: retry });
    await jobIn(a, job.id, 'done');
    for (const run of [1, 2, 3]) assert.equal((await a.ended(run)).status, 'completed');
    const codes = bodies(peer, '/orders').map(({ code }) => code);
    assert.deepEqual(codes.slice(-3), ['C-7', 'C-7', 'C-7']);
    const told = [
      job,
      await administration.inboxJobs({ limit: 9 }),
      await administration.inboxJob({ id: 1, limit: 9 }),
    ];
    assert.doesNotMatch(JSON.stringify(told), /hidden|sealed/u);
    assert.deepEqual(await filesWith(a, given.ticket), []);
  });
});
