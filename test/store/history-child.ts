import { randomInt, randomUUID } from 'node:crypto';
import type { Continuation } from '../../src/core/journal.ts';
import type { Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { sampleRun, settlement, waiting } from '../contract/sample-runs.ts';
import { openOn } from './postgres-install.ts';
import { openAt } from './sqlite-install.ts';

// Started by run-counts.test.ts, and killed by it: makes a history as fast as it can, at random.
const [place = '', owner = randomUUID()] = process.argv.slice(2);
const store: Store = place.startsWith('postgres:') ? await openOn(place) : await openAt(place);
const LEASE_MS = 200;
let done = 0;

const ENDS: readonly Continuation[] = [
  ...(['completed', 'failed', 'canceled'] as const).flatMap((status) =>
    [true, false].map((handled) => ({ kind: 'end' as const, status, handled, failure: undefined })),
  ),
  waiting('person', 1),
  waiting('limit', 1, { until: 1 }),
  { kind: 'go-on' },
];

await Promise.all(Array.from({ length: 12 }, liveForever));

async function liveForever(): Promise<never> {
  for (;;) {
    await accept();
    const leases = await store.journal.claimDue({ owner, limit: 2, now: Date.now(), leaseMs: LEASE_MS });
    await Promise.all(leases.map(goOn));
    await command();
    if (randomInt(3) === 0) await remove();
    if (++done === 40) process.stdout.write('busy\n');
  }
}

async function accept(): Promise<void> {
  const runs = Array.from({ length: randomInt(3) }, () =>
    sampleRun({ lane: `lane ${randomInt(6)}`, recordId: undefined }),
  );
  await store.records.commit({ at: Date.now(), records: [], runs, dedup: undefined });
}

/** Some are ended twice, by a lease that is lost: only one of the two counts. */
async function goOn(lease: Lease): Promise<void> {
  const then = ENDS[randomInt(ENDS.length)] ?? { kind: 'go-on' };
  const settle = () => store.journal.settle(lease, settlement(Date.now(), { then }));
  await Promise.all(randomInt(4) === 0 ? [settle(), settle()] : [settle()]);
}

/** Cancels or restarts any run: one that has not begun ends with that, and what replaces another is a run of its own. */
async function command(): Promise<void> {
  const runs = await store.journal.runs({ limit: 30, waiting: randomInt(2) === 0 });
  const run = runs[randomInt(Math.max(1, runs.length))];
  if (run === undefined) return;
  const head: { run: RunId; by: string; at: number; reason: string } = {
    run: run.id,
    by: 'anna',
    at: Date.now(),
    reason: 'test',
  };
  if (randomInt(2) === 0) await store.journal.intervene({ kind: 'cancel', ...head });
  else {
    const successor = sampleRun({ lane: run.lane, recordId: undefined });
    await store.journal.intervene({ kind: 'restart', ...head, epoch: run.epoch, successor, dueAt: Date.now() });
  }
}

/** Removes runs that have ended, as retention does. */
async function remove(): Promise<void> {
  const hold = { holder: owner, now: Date.now(), leaseMs: LEASE_MS };
  const runs = await store.journal.runs({ limit: 2, status: ['completed', 'failed', 'canceled'] });
  if (!(await store.retention.hold(hold))) return;
  await store.retention.take(
    hold,
    runs.map(({ id }) => id),
  );
  await store.retention.clear(hold, 3);
}
