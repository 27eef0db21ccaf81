import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import {
  acceptOne,
  accept,
  claimOne,
  completed,
  intent,
  outcome,
  sampleRun,
  settled,
} from '../contract/sample-runs.ts';
import { settlement, settleThen, waiting } from '../contract/sample-runs.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';

/** An address whose database is given back after the test. */
async function database(context: TestContext): Promise<string> {
  const url = await newDatabase();
  context.after(() => giveBack(url));
  return url;
}

/** How often a table was read from end to end, by connections that have ended. */
async function scansOf(url: string): Promise<Record<string, number>> {
  const rows = await statement(
    url,
    `SELECT relname AS name, seq_tup_read AS rows FROM pg_stat_user_tables
     WHERE relname IN ('runs', 'run_triggers', 'run_contexts', 'run_keys', 'steps', 'attempts', 'dedup_keys', 'first_true')`,
  );
  return Object.fromEntries(rows.map(({ name, rows: read }) => [String(name), Number(read)]));
}

/** Runs that have ended, and runs that are due. */
async function fill(url: string, params: { readonly ended: number; readonly due: number }): Promise<void> {
  const columns = `workflow, revision, record_id, lane, pass_when_waiting, undecided, depth, initiator, status, epoch,
    handled, progress, accepted_at, cancel_told`;
  const values = (kind: string) => `'w', 1, '${kind}' || n, '${kind}' || n, 0, 0, 0, '19x1'`;
  await statement(
    url,
    `INSERT INTO runs (${columns}, started_at, ended_at)
     SELECT ${values('14x')}, 'completed', 1, 0, '{}', n, 0, n, n FROM generate_series(1, ${params.ended}) AS n`,
  );
  await statement(
    url,
    `INSERT INTO runs (${columns}, due_at)
     SELECT ${values('15x')}, 'pending', 0, 0, '{}', n, 0, 100 + n FROM generate_series(1, ${params.due}) AS n`,
  );
  await statement(url, `INSERT INTO run_triggers (run, trigger) SELECT id, '{"event":"create"}' FROM runs`);
}

describe('a journal on a large table', () => {
  it('finds what it commits and claims by its keys', async (context) => {
    const url = await database(context);
    await fill(url, { ended: 3000, due: 3000 });
    const before = await scansOf(url);
    const store = await openOn(url);
    const { journal } = store;
    for (let round = 0; round < 8; round++) {
      const leases = await journal.claimDue({ owner: 'a', limit: 40, now: 1e6, leaseMs: 1000 });
      assert.equal(leases.length, 40);
      await Promise.all(
        leases.map(async (lease) => {
          await journal.settle(lease, settlement(1e6, { begin: intent(1), context: { a: 1 }, keys: { order: 'SO' } }));
          await journal.settle(lease, settlement(1e6, { outcomes: [outcome(1)], begin: intent(2) }));
          await settleThen(store, { lease, at: 1e6, then: completed });
        }),
      );
      const dedup = { scope: 's', key: `${round}`, bodyHash: '', answer: null, expiresAt: 2e6 };
      await store.records.commit({ at: 1e6, records: [], runs: [sampleRun({ lane: `${round}` }), sampleRun()], dedup });
      await journal.heartbeat({ leases, now: 1e6, leaseMs: 1000 });
      await journal.release({ key: 'd', limit: 5, now: 1e6 });
      await journal.intervene({ kind: 'cancel', run: 4000 + round, by: '19x1', at: 1e6, reason: 'no' });
    }
    await store.close();
    assert.deepEqual(await scansOf(url), before);
  });

  it('never looks for a lane in the index of all that wait, whatever it believes of its size', async (context) => {
    const url = await database(context);
    await fill(url, { ended: 1800, due: 30 });
    await statement(url, 'VACUUM ANALYZE runs');
    // What a planner that has not counted for a while may think of the right index.
    await statement(url, 'DROP INDEX runs_lane');
    const store = await openOn(url);
    for (let run = 0; run < 16; run++) await acceptOne(store, 20, { lane: `lane-${run}` });
    await store.close();
    const used = await statement(
      url,
      `SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'runs_unfinished'`,
    );
    assert.equal(Number(used[0]?.['idx_scan']), 0);
  });

  it('keeps room on its pages for the runs that go on', async (context) => {
    const url = await database(context);
    const rows = await statement(url, `SELECT relname, reloptions FROM pg_class WHERE relname IN ('runs', 'steps')`);
    for (const { reloptions } of rows) assert.match(String(reloptions), /fillfactor=[56]0/u);
    assert.equal(rows.length, 2);
  });
});

describe('what PostgreSQL cannot store', () => {
  it('is stored as what comes nearest, and harms no other commit', async (context) => {
    const url = await database(context);
    const store = await openOn(url);
    context.after(() => store.close());
    const [id = 0, other = 0] = await accept(
      store,
      10,
      sampleRun({ keys: { order: 'SO\u000017' }, context: { text: 'a\u0000b', long: `${'x'.repeat(20_000)}\u0000` } }),
      sampleRun({ lane: 'other' }),
    );
    const lease = await claimOne(store, 20, id);
    assert.deepEqual(lease.run.keys, { order: 'SO\uFFFD17' });
    assert.deepEqual(lease.run.context, { text: 'a\u0000b', long: `${'x'.repeat(20_000)}\u0000` });
    const [found] = await store.journal.runs({ limit: 9, key: { value: 'SO\u000017' } });
    assert.equal(found?.id, id);
    const wait = waiting('limit', 21, { reason: 'no\u0000place', key: 'd\u0000', until: 500 });
    const both = [
      store.journal.settle(lease, settlement(21, { then: wait })),
      settleThen(store, { lease: await claimOne(store, 20, other), at: 21, then: completed }),
    ];
    await Promise.all(both);
    assert.equal((await store.journal.run(id))?.wait?.reason, 'no\uFFFDplace');
    assert.deepEqual(await store.journal.release({ key: 'd\u0000', limit: 5, now: 30 }), [id]);
  });

  it('is told from another dedup key only by what can be stored of it, and stands for one unit', async (context) => {
    const url = await database(context);
    const store = await openOn(url);
    context.after(() => store.close());
    const offer = (key: string, scope = 's') => {
      const dedup = { scope, key, bodyHash: 'h', answer: null, expiresAt: 1000, answersRuns: true };
      return store.records.commit({ at: 10, records: [], runs: [sampleRun({ lane: '' })], dedup });
    };
    const results = await Promise.all(['x\uD800', 'x\uDC00', 'x\u0000', 'y\uD83D'].map((key) => offer(key)));
    assert.deepEqual(
      results.map(({ kind }) => kind),
      ['committed', 'duplicate', 'duplicate', 'committed'],
    );
    assert.equal((await offer('x\uD800')).kind, 'duplicate');
    assert.equal((await store.journal.runs({ limit: 9 })).length, 2);
  });

  it('is kept in a context all the same, in long texts too', async (context) => {
    const url = await database(context);
    const store = await openOn(url);
    context.after(() => store.close());
    const [high, low] = ['\uD83D', '\uDC00'].map((half) => 'x'.repeat(20_000) + half);
    const held = { short: '\uD83D', high: high ?? '', low: low ?? '' };
    const id = await acceptOne(store, 10, { context: held });
    assert.deepEqual((await claimOne(store, 20, id)).run.context, held);
  });
});

describe('a unit that cannot be stored', () => {
  it('is refused alone, and the others of its batch are committed', async (context) => {
    const url = await database(context);
    const store = await openOn(url);
    context.after(() => store.close());
    const leases = await Promise.all(
      [1, 2, 3, 4].map(async (n) => claimOne(store, 20, await acceptOne(store, 10, { lane: `${n}` }))),
    );
    const results = await Promise.allSettled(
      leases.map((lease, n) =>
        // A step cannot end that never began.
        store.journal.settle(lease, settlement(21, n === 2 ? { outcomes: [outcome(1)] } : { begin: intent(1) })),
      ),
    );
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? settled(result.value).kind : result.reason.code)),
      ['settled', 'settled', 'STORE_UNIT_INVALID', 'settled'],
    );
    const steps = await Promise.all(leases.map(async ({ run }) => (await store.journal.steps(run.id)).length));
    assert.deepEqual(steps, [1, 1, 0, 1]);
  });
});
