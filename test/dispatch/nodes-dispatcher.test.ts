import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, it, type TestContext } from 'node:test';
import { createNodesDispatcher } from '../../src/dispatch/nodes-dispatcher.ts';
import type { RunId } from '../../src/core/run.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { NotifyChannel } from '../../src/store/postgres/hint-channel.ts';
import { dispatcherContract } from '../contract/dispatcher-contract.ts';
import { dropDatabase, emptyDatabase, statement } from '../store/postgres-cluster.ts';
import { until } from '../whole/poll.ts';

const clock = { now: () => Date.now() };
const NEVER_MS = 1_000_000;
const url = await emptyDatabase();
const db = new PostgresDatabase({ url });
after(async () => {
  await db.close();
  await dropDatabase(url);
});

const channel = (installId: string) => new NotifyChannel({ db, url, node: randomUUID(), installId });

dispatcherContract('by notices of PostgreSQL', async ({ sweepMs }) =>
  createNodesDispatcher({ channel: channel(randomUUID()), clock, sweepMs }),
);

interface Node {
  readonly dispatcher: ReturnType<typeof createNodesDispatcher>;
  readonly woken: RunId[];
}

async function node(t: TestContext, installId: string): Promise<Node> {
  const dispatcher = createNodesDispatcher({ channel: channel(installId), clock, sweepMs: NEVER_MS });
  const woken: RunId[] = [];
  await dispatcher.start((runs) => woken.push(...runs));
  t.after(() => dispatcher.stop());
  return { dispatcher, woken };
}

describe('dispatchers of several nodes', () => {
  it('wake each other for what is due, and not for what is due later', async (t) => {
    const installId = randomUUID();
    const [one, other] = [await node(t, installId), await node(t, installId)];
    const stranger = await node(t, randomUUID());
    const many = Array.from({ length: 1_000 }, (_, index) => ({ run: 2 ** 52 + index }));
    await one.dispatcher.kick([{ run: 1, at: Date.now() + 50 }, { run: 2 }, ...many]);
    await until('the other hears of all', () => (other.woken.length === 1_001 ? true : undefined));
    await until('the one does what is later', () => (one.woken.includes(1) ? true : undefined));
    assert.equal(other.woken.includes(1), false);
    assert.deepEqual(stranger.woken, []);
    // It does not hear itself.
    assert.equal(one.woken.length, 1_002);
  });

  it('tell the others of what they hand back when they stop', async (t) => {
    const installId = randomUUID();
    const [one, other] = [await node(t, installId), await node(t, installId)];
    await one.dispatcher.stop();
    await one.dispatcher.kick([{ run: 7 }]);
    await until('the other hears of it', () => (other.woken.includes(7) ? true : undefined));
    assert.deepEqual(one.woken, []);
  });

  it('hear each other again after their connections broke', async (t) => {
    const installId = randomUUID();
    const [one, other] = [await node(t, installId), await node(t, installId)];
    await statement(
      url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    let run = 0;
    await until('the other hears of a run', async () => {
      await one.dispatcher.kick([{ run: ++run }]);
      return other.woken.length > 0 ? true : undefined;
    });
  });

  it('pass over notices that are none of theirs', async (t) => {
    const installId = 'abc';
    const { woken, dispatcher } = await node(t, installId);
    const { dispatcher: other } = await node(t, installId);
    for (const text of ['', 'nonsense', '{"from":"x","runs":[1.5]}', '{"from":"x","runs":"1"}', 'null']) {
      await db.run('SELECT pg_notify($1, $2)', ['mapwright_abc', text]);
    }
    await other.kick([{ run: 3 }]);
    await until('it hears of a run', () => (woken.includes(3) ? true : undefined));
    assert.deepEqual(woken, [3]);
    await dispatcher.stop();
  });
});
