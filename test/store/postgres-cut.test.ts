import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import type { Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { commitRecords, products, write } from '../contract/sample-records.ts';
import { acceptOne, claim, completed, intent, sampleRun, settlement } from '../contract/sample-runs.ts';
import { until } from '../whole/poll.ts';
import { type Cut, CuttingProxy } from './cutting-proxy.ts';
import { giveBack, newDatabase } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';

const CUTS: readonly Cut[] = ['unsent', 'unanswered'];
const MOST_STATEMENTS = 60;
const LEASE_MS = 1000;

interface Stage {
  readonly proxy: CuttingProxy;
  /** A node whose connections are cut. */
  readonly node: Store;
  /** Another one, whose are not. */
  readonly witness: Store;
}

async function stage(t: TestContext): Promise<Stage> {
  const url = await newDatabase();
  const proxy = await CuttingProxy.open(t, url);
  const [node, witness] = await Promise.all([openOn(proxy.url), openOn(url)]);
  t.after(async () => {
    await Promise.all([node.close(), witness.close()]);
    await giveBack(url);
  });
  for (const store of [node, witness]) await store.records.prepareModules([products]);
  return { proxy, node, witness };
}

/** Does it with the connection cut at each of its statements in turn, until there is none left to cut at; `begin` arms the proxy. */
async function atEachStatement(
  { proxy }: Stage,
  work: (place: { readonly id: string; readonly begin: () => void }) => Promise<void>,
): Promise<void> {
  let number = 0;
  for (const how of CUTS) {
    let hasCut = true;
    for (let statement = 1; hasCut; statement++) {
      assert.ok(statement < MOST_STATEMENTS);
      await work({ id: `14x${++number}`, begin: () => proxy.cut(statement, how) });
      hasCut = proxy.disarm();
    }
  }
  assert.ok(number > 2 * CUTS.length, 'there was something to cut');
}

/** The answer, or undefined when the store could not be reached, as it must say. */
async function answered<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    assert.ok(thrown instanceof MapwrightError, String(thrown));
    assert.equal(thrown.code, 'STORE_UNAVAILABLE');
    return undefined;
  }
}

/** The lease of the run, once the server has noticed that nobody holds its row any more. */
function claimSoon(store: Store, now: number, run: RunId): Promise<Lease> {
  return until(`run ${run} can be claimed`, async () => (await claim(store, 'w', now, run))[0]);
}

describe('a node whose connection is cut at any of its statements', () => {
  it('saves a record and accepts its run once, however often it is asked to', async (t) => {
    const all = await stage(t);
    await atEachStatement(all, async ({ id, begin }) => {
      const dedup = { scope: 's', key: id, bodyHash: 'h', answer: null, expiresAt: 1e9, answersRuns: true };
      const runs = [sampleRun({ lane: id, recordId: id, context: { long: id.repeat(9000) } })];
      const unit = { at: 10, records: [write({ id, values: { productname: id } })], runs, dedup };
      begin();
      let result = await answered(all.node.records.commit(unit));
      for (let tries = 0; result === undefined && tries < 5; tries++) {
        result = await answered(all.node.records.commit(unit));
      }
      assert.ok(result?.kind === 'committed' || result?.kind === 'duplicate', result?.kind);
      assert.equal((await all.witness.records.history(id)).length, 1);
      const found = await all.witness.journal.runs({ limit: 9, recordId: id });
      const told = result.kind === 'committed' ? result.acceptedAs : result.answer;
      assert.deepEqual(
        found.map((run) => run.id),
        told,
      );
      const lease = await claimSoon(all.witness, 20, found[0]?.id ?? 0);
      assert.equal(lease.run.context['long'], id.repeat(9000));
    });
  });

  it('commits a step of a run with all that belongs to it, or leaves the run to the next', async (t) => {
    const all = await stage(t);
    let now = 100;
    await atEachStatement(all, async ({ id, begin }) => {
      await commitRecords(all.witness, 10, write({ id }));
      const run = await acceptOne(all.witness, 10, { lane: id, recordId: id });
      const [lease] = await claim(all.node, 'a', now, run);
      assert.ok(lease !== undefined);
      const child = sampleRun({ lane: `${id}/child`, recordId: `${id}/child` });
      const settle = (store: Store, held: typeof lease) =>
        store.journal.settle(held, {
          ...settlement(now),
          unit: {
            at: now,
            records: [write({ id, basedOn: 1, values: { quantity: 7 } })],
            runs: [child],
            dedup: undefined,
          },
          begin: intent(1),
          context: { long: id.repeat(9000) },
        });
      begin();
      const result = await answered(settle(all.node, lease));
      now += 2 * LEASE_MS;
      const next = await claimSoon(all.witness, now, run);
      // The step has begun, with all that was committed with it; otherwise nothing of it is there.
      const isThere = next.openStep !== undefined;
      assert.equal(result === undefined || isThere, true);
      const counts = async () => [
        (await all.witness.records.history(id)).length,
        (await all.witness.journal.runs({ limit: 9, recordId: `${id}/child` })).length,
      ];
      assert.deepEqual(await counts(), isThere ? [2, 1] : [1, 0]);
      const late = (await answered(settle(all.node, lease))) ?? (await settle(all.node, lease));
      assert.equal(late.kind, 'fenced');
      if (!isThere) assert.equal((await settle(all.witness, next)).kind, 'settled');
      assert.deepEqual(await counts(), [2, 1]);
      await all.witness.journal.settle(next, settlement(now, { then: completed }));
    });
  });

  it('holds what it claims, or leaves it to be claimed when the lease is over', async (t) => {
    const all = await stage(t);
    let now = 100;
    await atEachStatement(all, async ({ id, begin }) => {
      const run = await acceptOne(all.witness, 10, { lane: id });
      begin();
      const params = { owner: 'a', limit: 5, now, leaseMs: LEASE_MS };
      const leases = await answered(all.node.journal.claimDue(params));
      assert.equal(leases === undefined || leases.length === 1, true);
      const [held] = leases ?? [];
      const lost = held && (await answered(all.node.journal.heartbeat({ leases: [held], now, leaseMs: LEASE_MS })));
      assert.deepEqual(lost ?? [], []);
      now += 2 * LEASE_MS;
      const next = await claimSoon(all.witness, now, run);
      await all.witness.journal.settle(next, settlement(now, { then: completed }));
    });
  });

  it('does what a person wants with a run once, and says so in the audit', async (t) => {
    const all = await stage(t);
    await atEachStatement(all, async ({ id, begin }) => {
      const run = await acceptOne(all.witness, 10, { lane: id });
      begin();
      const cancel = { kind: 'cancel', run, by: 'anna', at: 20, reason: 'r' } as const;
      let told = await answered(all.node.journal.intervene(cancel));
      told ??= await answered(all.node.journal.intervene(cancel));
      assert.notEqual(told, undefined);
      assert.equal((await all.witness.journal.run(run))?.status, 'canceled');
      const history = await all.witness.inbox.history({ run, limit: 9 });
      assert.equal(history.filter(({ tookEffect }) => tookEffect).length, 1);
    });
  });
});
