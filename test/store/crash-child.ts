import { randomUUID } from 'node:crypto';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { write, products } from '../contract/sample-records.ts';
import { intent, sampleRun, settlement } from '../contract/sample-runs.ts';

// Started by crash.test.ts, and killed by it: commits as fast as it can, and prints what it was promised.
const folder = process.argv[2];
if (folder === undefined) throw new Error('the folder is missing');
const store = await openSqliteStore({ folder, key: new Uint8Array(32), ids: { next: () => randomUUID() } });
await store.records.prepareModules([products]);
await store.journal.takeOver({ owner: 'child', now: 1 });
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: 20 }, commitForever));

/** One record with one run in one commit; then the run's first step in another. */
async function commitForever(): Promise<never> {
  for (;;) {
    const id = `14x${await store.records.allocateNumber()}`;
    const records = [write({ id, values: { productname: `name of ${id}` } })];
    const runs = [sampleRun({ recordId: id, lane: id })];
    const result = await store.records.commit({ at: 1, records, runs, dedup: undefined });
    if (result.kind !== 'committed') throw new Error(result.kind);
    process.stdout.write(`record ${id} ${result.runs[0]}\n`);
    const [lease] = await store.journal.claim({ owner: 'child', runs: result.runs, now: 2, leaseMs: 1000 });
    if (lease === undefined) throw new Error('not claimable');
    await store.journal.settle(lease, settlement(3, { begin: intent(1), context: { id } }));
    process.stdout.write(`step ${id} ${lease.run.id}\n`);
  }
}
