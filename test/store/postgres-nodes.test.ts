import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { AcceptedRun, Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, committed, products, write } from '../contract/sample-records.ts';
import { accept, acceptOne, claim, claimOne, completed, sampleRun, settlement } from '../contract/sample-runs.ts';
import { settleThen, waiting } from '../contract/sample-runs.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';

/** Several nodes of one install. */
async function nodes(context: TestContext, count: number): Promise<{ readonly stores: Store[]; readonly url: string }> {
  const url = await newDatabase();
  const stores = await Promise.all(Array.from({ length: count }, () => openOn(url)));
  context.after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await giveBack(url);
  });
  return { stores, url };
}

async function twoNodes(context: TestContext): Promise<readonly [Store, Store, string]> {
  const { stores, url } = await nodes(context, 2);
  const [a, b] = stores;
  assert.ok(a !== undefined && b !== undefined);
  return [a, b, url];
}

/** Works off all runs that are due, each in one commit, and gives their ids in that order. */
async function drain(store: Store, now: number): Promise<RunId[]> {
  const done: RunId[] = [];
  for (;;) {
    const leases = await store.journal.claimDue({ owner: 'drain', limit: 50, now, leaseMs: 1000 });
    if (leases.length === 0) return done;
    await Promise.all(leases.map((lease) => settleThen(store, { lease, at: now, then: completed })));
    done.push(...leases.map(({ run }) => run.id));
  }
}

describe('nodes that claim', () => {
  it('never claim a run twice', async (context) => {
    const { stores } = await nodes(context, 3);
    const [first] = stores;
    assert.ok(first !== undefined);
    const ids = await accept(first, 10, ...Array.from({ length: 300 }, (_, n) => sampleRun({ lane: `${n}` })));
    const claimed: Lease[] = [];
    const claimAll = async (store: Store, owner: string) => {
      for (let empty = 0; empty < 3;) {
        const leases = await store.journal.claimDue({ owner, limit: 7, now: 100, leaseMs: 1000 });
        claimed.push(...leases);
        empty = leases.length === 0 ? empty + 1 : 0;
      }
    };
    await Promise.all(stores.flatMap((store, n) => [claimAll(store, `${n}`), claimAll(store, `${n}`)]));
    assert.deepEqual(
      claimed.map(({ run }) => run.id).toSorted((x, y) => x - y),
      ids,
    );
    assert.ok(claimed.every(({ run }) => run.epoch === 1));
  });

  it('share out runs that all are asked to claim', async (context) => {
    const { stores } = await nodes(context, 3);
    const [first] = stores;
    assert.ok(first !== undefined);
    const ids = await accept(first, 10, ...Array.from({ length: 60 }, (_, n) => sampleRun({ lane: `${n}` })));
    const leases = (await Promise.all(stores.map((store, n) => claim(store, `${n}`, 20, ...ids)))).flat();
    const claimed = new Set(leases.map(({ run }) => run.id));
    assert.equal(claimed.size, leases.length);
    const rest = await claim(first, 'rest', 20, ...ids);
    assert.equal(leases.length + rest.length, ids.length);
  });

  it('leave alone what others hold when they start', async (context) => {
    const [a, b] = await twoNodes(context);
    const lease = await claimOne(a, 100, await acceptOne(a, 10), 'a');
    assert.equal(await b.journal.takeOver({ owner: 'b', now: 101 }), 0);
    assert.deepEqual(await b.journal.claimDue({ owner: 'b', limit: 9, now: 101, leaseMs: 1000 }), []);
    assert.equal((await a.journal.settle(lease, settlement(102))).kind, 'settled');
  });
});

describe('a node that lost its lease', () => {
  it('commits nothing, records included, once another has claimed its run', async (context) => {
    const [a, b] = await twoNodes(context);
    for (const store of [a, b]) await store.records.prepareModules([products]);
    await commitRecords(a, 5, write({ id: '14x1', values: { productname: 'Bolt' } }));
    const zombie = await claimOne(a, 100, await acceptOne(a, 10), 'a');
    const records = [write({ id: '14x1', basedOn: 1, values: { productname: 'Nut' } })];
    const runs = [sampleRun({ workflow: 'other', lane: 'other' })];
    const unit = { at: 1200, records, runs, dedup: undefined };
    const [holder] = await b.journal.claimDue({ owner: 'b', limit: 1, now: 1100, leaseMs: 1000 });
    assert.equal(holder?.run.epoch, 2);
    const both = [
      a.journal.settle(zombie, settlement(1200, { unit, then: completed })),
      b.journal.settle(holder, settlement(1200, { progress: { by: 'b' } })),
    ];
    assert.deepEqual(
      (await Promise.all(both)).map(({ kind }) => kind),
      ['fenced', 'settled'],
    );
    assert.equal((await b.records.read(products, '14x1'))?.values['productname'], 'Bolt');
    assert.equal((await b.journal.runs({ limit: 9 })).length, 1);
    assert.deepEqual(await a.journal.heartbeat({ leases: [zombie], now: 1200, leaseMs: 1000 }), [zombie.run.id]);
    assert.deepEqual(await b.journal.heartbeat({ leases: [holder], now: 1200, leaseMs: 1000 }), []);
  });

  it('is fenced or goes on, never both, when another claims at the same moment', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 40; round++) {
      const old = await claimOne(a, 100, await acceptOne(a, 10, { lane: `${round}` }), 'a');
      const [settled, claimed] = await Promise.all([
        a.journal.settle(old, settlement(2000, { then: completed })),
        b.journal.claimDue({ owner: 'b', limit: 1, now: 2000, leaseMs: 1000 }),
      ]);
      assert.equal(settled.kind, claimed.length === 0 ? 'settled' : 'fenced');
      for (const lease of claimed) await settleThen(b, { lease, at: 2001, then: completed });
    }
  });
});

describe('a lane on two nodes', () => {
  it('loses no run and no wake-up when one accepts while the other ends', async (context) => {
    const [a, b] = await twoNodes(context);
    const race = async (lane: string) => {
      const lease = await claimOne(a, 11, await acceptOne(a, 10, { lane, workflow: 'first' }), 'a');
      const [released, second] = await Promise.all([
        settleThen(a, { lease, at: 12, then: completed }),
        acceptOne(b, 12, { lane, workflow: 'second' }),
      ]);
      // Either it was accepted behind the first, which then let it go, or it found the lane empty.
      assert.ok(released.length === 0 || released[0] === second);
      await settleThen(b, { lease: await claimOne(b, 13, second, 'b'), at: 14, then: completed });
    };
    // Several at once share batches: those of a node wait for each other's locks as a whole.
    let lanes = 0;
    for (let round = 0; round < 40; round++) {
      const raced = await Promise.all(Array.from({ length: 1 + (round % 13) }, (_, n) => race(`${round}-${n}`)));
      lanes += raced.length;
    }
    const { completed: ended, pending, running } = await a.journal.counts();
    assert.deepEqual([ended, pending, running], [2 * lanes, 0, 0]);
  });

  it('goes one at a time, in the order of acceptance, when both accept into it', async (context) => {
    const [a, b] = await twoNodes(context);
    const accepted = await Promise.all(
      Array.from({ length: 40 }, (_, n) => acceptOne(n % 2 === 0 ? a : b, 10, { workflow: `${n}` })),
    );
    const [first] = accepted.toSorted((x, y) => x - y);
    assert.equal((await a.journal.claimDue({ owner: 'a', limit: 99, now: 10, leaseMs: 0 })).length, 1);
    assert.deepEqual(
      await drain(b, 20),
      accepted.toSorted((x, y) => x - y),
    );
    assert.ok(first !== undefined);
  });

  it('loses nothing when runs are canceled while others end and come', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 30; round++) {
      const lane = `${round}`;
      const [first = 0, second = 0] = await accept(a, 10, sampleRun({ lane }), sampleRun({ lane, workflow: 'second' }));
      const lease = await claimOne(a, 11, first, 'a');
      const cancel = { kind: 'cancel', run: second, by: '19x1', at: 12, reason: 'no' } as const;
      await Promise.all([
        settleThen(a, { lease, at: 12, then: completed }),
        b.journal.intervene(cancel),
        accept(b, 12, sampleRun({ lane, workflow: 'third' })),
      ]);
    }
    assert.equal((await drain(a, 20)).length, 30, 'the third of each lane');
    const { completed: ended, canceled, pending, running } = await b.journal.counts();
    assert.deepEqual([ended, canceled, pending, running], [60, 30, 0, 0]);
  });

  it('has one holder when a run comes back that let others pass', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 30; round++) {
      const lane = `${round}`;
      const lease = await claimOne(a, 20, await acceptOne(a, 10, { lane, passWhenWaiting: true }), 'a');
      await settleThen(a, { lease, at: 21, then: waiting('time', 21, { until: 30 }) });
      const [back, other] = await Promise.all([
        claim(a, 'a', 30, lease.run.id),
        acceptOne(b, 30, { lane, workflow: 'other' }).then((id) => claim(b, 'b', 30, id)),
      ]);
      assert.equal(back.length + other.length, 1, `round ${round}`);
      const [holder] = [...back, ...other];
      assert.ok(holder !== undefined);
      const [next] = await settleThen(a, { lease: holder, at: 31, then: completed });
      await settleThen(b, { lease: await claimOne(b, 32, next ?? 0, 'b'), at: 33, then: completed });
    }
    assert.deepEqual(await a.journal.unfinished(), {});
  });
});

describe('what must be committed once, on two nodes', () => {
  const once = (params: Partial<AcceptedRun>): AcceptedRun => {
    const run = sampleRun(params);
    return { ...run, trigger: { ...run.trigger, once: true } };
  };

  it('is done by one, and told to the other', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 40; round++) {
      const dedup = {
        scope: 'request',
        key: `${round}`,
        bodyHash: 'h',
        answer: null,
        expiresAt: 1e9,
        answersRuns: true,
      };
      const offer = (store: Store) =>
        store.records.commit({ at: 10, records: [], runs: [sampleRun({ lane: `${round}` })], dedup });
      const both = await Promise.all([offer(a), offer(b)]);
      const kinds = both.map(({ kind }) => kind).toSorted();
      assert.deepEqual(kinds, ['committed', 'duplicate']);
      const runs = both.flatMap((result) => (result.kind === 'committed' ? result.runs : []));
      const told = both.flatMap((result) => (result.kind === 'duplicate' ? [result.answer] : []));
      assert.deepEqual(told, [runs], 'the duplicate is answered with the run of the other');
    }
    assert.equal((await a.journal.runs({ limit: 99 })).length, 40);
  });

  it('starts a workflow once for a record by a trigger that fires once', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 40; round++) {
      const offer = async (store: Store, lane: string) =>
        committed(
          await store.records.commit({
            at: 10,
            records: [],
            runs: [once({ recordId: `14x${round}`, lane })],
            dedup: undefined,
          }),
        ).runs;
      const both = await Promise.all([offer(a, `a${round}`), offer(b, `b${round}`)]);
      assert.equal(both.flat().length, 1);
    }
  });

  it('starts a workflow once for a root and a record', async (context) => {
    const [a, b] = await twoNodes(context);
    const root = await acceptOne(a, 10);
    for (let round = 0; round < 40; round++) {
      const fired = { rootRun: root, depth: 1, workflow: 'fired', recordId: `15x${round}` };
      const both = await Promise.all([
        accept(a, 11, sampleRun({ ...fired, lane: `a${round}` })),
        accept(b, 11, sampleRun({ ...fired, lane: `b${round}` })),
      ]);
      assert.equal(both.flat().length, 1);
    }
  });
});

describe('two people at two nodes', () => {
  it('are told which of them was first with a run, whatever each wanted', async (context) => {
    const [a, b] = await twoNodes(context);
    for (let round = 0; round < 20; round++) {
      const run = await acceptOne(a, 10, { lane: `${round}` });
      await settleThen(a, { lease: await claimOne(a, 20, run), at: 20, then: waiting('person', 20) });
      const { epoch } = (await a.journal.run(run)) ?? assert.fail();
      const head = { run, epoch, at: 30, revision: 1, progress: {}, context: undefined, dueAt: 30 } as const;
      const took = await Promise.all([
        a.journal.intervene({ ...head, kind: 'order', action: 'retry', by: 'anna' }),
        b.journal.intervene({ ...head, kind: 'order', action: 'skip', by: 'bob' }),
      ]);
      assert.equal(took.filter(Boolean).length, 1);
      const item = (await b.inbox.item(run)) ?? assert.fail();
      assert.deepEqual([item.resolution, item.changedBy], took[0] ? ['retry', 'anna'] : ['skip', 'bob']);
      const told = (await b.inbox.history({ run, limit: 9 })).filter(({ tookEffect }) => tookEffect);
      assert.deepEqual(
        told.map(({ by }) => by),
        [item.changedBy],
      );
    }
  });
});

describe('a database whose connections break', () => {
  it('keeps all that was promised, and every run goes on', async (context) => {
    const [a, b, url] = await twoNodes(context);
    const promised: RunId[] = [];
    let isDone = false;
    const saves = async (store: Store, name: string) => {
      for (let n = 0; n < 30; n++) {
        const dedup = {
          scope: 'request',
          key: `${name}${n}`,
          bodyHash: 'h',
          answer: null,
          expiresAt: 1e9,
          answersRuns: true,
        };
        const unit = { at: 10, records: [], runs: [sampleRun({ lane: `${name}${n % 7}`, workflow: `${n}` })], dedup };
        for (;;) {
          const result = await store.records.commit(unit).catch((error: unknown) => error);
          if (result instanceof Error) {
            assert.equal('code' in result && result.code, 'STORE_UNAVAILABLE');
            continue;
          }
          promised.push(...runsOf(result));
          break;
        }
      }
    };
    const breaks = async () => {
      while (!isDone) {
        await statement(url, BREAK);
        await new Promise((resolve) => void setTimeout(resolve, 30));
      }
    };
    const breaking = breaks();
    await Promise.all([saves(a, 'a'), saves(b, 'b')]);
    isDone = true;
    await breaking;
    assert.equal(new Set(promised).size, 60, 'each of them once');
    assert.deepEqual(
      (await drain(a, 20)).toSorted((x, y) => x - y),
      promised.toSorted((x, y) => x - y),
    );
  });
});

function runsOf(result: unknown): RunId[] {
  if (typeof result !== 'object' || result === null) return [];
  if ('runs' in result && Array.isArray(result.runs)) return result.runs;
  return 'answer' in result && Array.isArray(result.answer) ? result.answer : [];
}

const BREAK = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'mapwright'`;
