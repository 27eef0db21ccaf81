import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Continuation, RunFilter } from '../../src/core/journal.ts';
import { isFinal, type Run, type RunStatus } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { accept, claimOne, sampleRun, settleThen, waiting } from './sample-runs.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const RUNS = 60;
const MINUTE = 60_000;
/** Longer than clocks are taken to differ, so that a span of time leaves runs out on both sides. */
const APART = 4 * MINUTE;

type Asked = Omit<RunFilter, 'limit' | 'before' | 'after'>;

/** The listing of runs: whatever is asked for, all pages in both directions are those of the whole list. */
export function runPageContract(name: string, factory: InstallFactory): void {
  describe(`pages of runs: ${name}`, () => {
    it('are those of the whole list, for every combination of filters and in both directions', async (context) => {
      const store = await freshStore(context, factory);
      await fill(store);
      const all = await store.journal.runs({ limit: 2 * RUNS });
      assert.equal(all.length, RUNS);
      let found = 0;
      for (const asked of combinations()) {
        const expected = all.filter((run) => fits(run, asked)).map(({ id }) => id);
        found += expected.length;
        await comparePages(store, asked, expected);
      }
      assert.ok(found > 10 * RUNS, 'the combinations find something');
    });

    it('give a run once that has a value under two keys', async (context) => {
      const store = await freshStore(context, factory);
      const keys = { order: 'SO-1', invoice: 'SO-1' };
      const ids = await accept(store, 10, sampleRun({ lane: '', keys }), sampleRun({ lane: '', keys }));
      const found = await store.journal.runs({ key: { value: 'SO-1' }, limit: 9 });
      assert.deepEqual(
        found.map(({ id }) => id),
        ids.toReversed(),
      );
    });

    it('hold what was accepted in a span of time although clocks differ', async (context) => {
      const store = await freshStore(context, factory);
      const hour = 60 * MINUTE;
      // Two nodes, one of them five minutes behind, taking turns.
      const times = Array.from({ length: 40 }, (_, index) => hour + index * MINUTE - (index % 2) * 5 * MINUTE);
      for (const at of times) await accept(store, at, sampleRun({ lane: '' }));
      for (const since of [hour - hour, hour + 10 * MINUTE, hour + 20 * MINUTE, 3 * hour]) {
        const until = since + 15 * MINUTE;
        const runs = await store.journal.runs({ since, until, limit: 99 });
        const expected = times.filter((at) => at >= since && at < until);
        assert.deepEqual(runs.map(({ acceptedAt }) => acceptedAt).toReversed(), expected);
      }
    });
  });
}

function fits(run: Run, asked: Asked): boolean {
  const { key } = asked;
  return (
    (asked.status?.includes(run.status) ?? true) &&
    (asked.waiting === undefined || asked.waiting === (run.wait !== undefined)) &&
    (asked.handled === undefined || asked.handled === run.handled) &&
    (asked.workflow === undefined || asked.workflow === run.workflow) &&
    (asked.recordId === undefined || asked.recordId === run.recordId) &&
    (asked.since === undefined || run.acceptedAt >= asked.since) &&
    (asked.until === undefined || run.acceptedAt < asked.until) &&
    (key === undefined ||
      Object.entries(run.keys).some(([name, value]) => value === key.value && (key.name ?? name) === name))
  );
}

async function comparePages(store: Store, asked: Asked, expected: readonly number[]): Promise<void> {
  const limit = 7;
  const page = async (bounds: Partial<RunFilter>) =>
    (await store.journal.runs({ ...asked, limit, ...bounds })).map(({ id }) => id);
  const what = JSON.stringify(asked);
  assert.deepEqual(await page({}), expected.slice(0, limit), `the first page of ${what}`);
  assert.deepEqual(await page({ after: 0 }), expected.slice(-limit), `the last page of ${what}`);
  const middle = expected[Math.floor(expected.length / 2)];
  if (middle === undefined) return;
  const at = expected.indexOf(middle);
  assert.deepEqual(await page({ before: middle }), expected.slice(at + 1, at + 1 + limit), `the next page of ${what}`);
  const newer = expected.slice(Math.max(0, at - limit), at);
  assert.deepEqual(await page({ after: middle }), newer, `the previous page of ${what}`);
}

function combinations(): readonly Asked[] {
  const statuses: readonly (readonly RunStatus[] | undefined)[] = [
    undefined,
    ['completed'],
    ['failed', 'canceled'],
    ['pending', 'running'],
    ['running', 'completed'],
    [],
  ];
  const parts: readonly (readonly Asked[])[] = [
    statuses.map((status) => (status === undefined ? {} : { status })),
    [{}, { waiting: true }, { waiting: false }],
    [{}, { handled: true }, { handled: false }],
    [{}, { workflow: 'w1' }],
    [{}, { recordId: '14x1' }],
    [{}, { key: { value: 'SO-1' } }, { key: { name: 'order', value: 'SO-1' } }],
    [{}, { since: 20 * APART, until: 45 * APART }],
  ];
  return parts.reduce<readonly Asked[]>(
    (all, some) => all.flatMap((one) => some.map((other) => ({ ...one, ...other }))),
    [{}],
  );
}

const ENDS: readonly Continuation[] = [
  { kind: 'end', status: 'completed', failure: undefined, handled: false },
  { kind: 'end', status: 'completed', failure: undefined, handled: true },
  { kind: 'end', status: 'failed', failure: { code: 'CALL_STATUS', message: 'no' }, handled: false },
  { kind: 'end', status: 'failed', failure: { code: 'CALL_STATUS', message: 'no' }, handled: true },
  { kind: 'end', status: 'canceled', failure: undefined, handled: false },
  waiting('person', 1),
  waiting('limit', 1),
];

/** Runs in every state, each accepted a while after the one before. */
async function fill(store: Store): Promise<void> {
  for (let number = 0; number < RUNS; number++) {
    const at = number * APART;
    const keys = number % 3 === 0 ? { order: 'SO-1' } : number % 3 === 1 ? { invoice: 'SO-1', order: 'SO-2' } : {};
    const run = sampleRun({ workflow: `w${number % 2}`, recordId: `14x${number % 3}`, lane: '', keys });
    const [id] = await accept(store, at, run);
    assert.ok(id !== undefined);
    const then = ENDS[Math.floor(number / 2) % (ENDS.length + 1)];
    if (then !== undefined) await settleThen(store, { lease: await claimOne(store, at, id), at, then });
  }
  const { completed, failed, canceled } = await store.journal.counts();
  assert.equal(
    (await store.journal.runs({ limit: 99 })).filter(({ status }) => isFinal(status)).length,
    completed + failed + canceled,
  );
}
