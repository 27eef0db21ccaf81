import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleRun, acceptOne, claim, claimOne, completed, intent, outcome } from './sample-runs.ts';
import { settled, settlement } from './sample-runs.ts';
import { commitRecords, products, write } from './sample-records.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every journal does with the commits of runs. */
export function settlementContract(name: string, factory: InstallFactory): void {
  describe(`settlements: ${name}`, () => {
    describe('as a whole', () => settling(factory));
    describe('steps', () => steps(factory));
    describe('contexts', () => contexts(factory));
  });
}

function settling(factory: InstallFactory): void {
  it('commits outcome, next intent, progress, context and records together', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 5, write({ id: '14x1', values: { productname: 'Bolt' } }));
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    const unit = {
      at: 102,
      records: [write({ id: '14x1', basedOn: 1, values: { productname: 'Nut' } })],
      runs: [],
      dedup: undefined,
    };
    const effects = [{ kind: 'field' as const, name: 'productname', value: 'Nut' }];
    const result = settled(
      await store.journal.settle(
        lease,
        settlement(102, {
          unit,
          outcomes: [outcome(1, { effects, warnings: ['w'] })],
          begin: intent(2),
          progress: { at: 2 },
          context: { token: 't' },
        }),
      ),
    );
    assert.deepEqual(result.records, [await store.records.read(products, '14x1')]);
    const run = await store.journal.run(lease.run.id);
    assert.deepEqual([run?.progress, run?.context, run?.status], [{ at: 2 }, { token: 't' }, 'running']);
    const [one, two] = await store.journal.steps(lease.run.id);
    assert.deepEqual([one?.status, one?.startedAt, one?.endedAt], ['done', 101, 102]);
    assert.deepEqual([one?.effects, one?.warnings, one?.frozen], [effects, ['w'], { seed: 's' }]);
    assert.deepEqual(one?.attempts, [
      {
        number: 1,
        startedAt: 101,
        endedAt: 102,
        request: intent(1).request,
        answer: outcome(1).answer,
        failure: undefined,
      },
    ]);
    assert.deepEqual([two?.status, two?.endedAt, two?.attempts[0]?.endedAt], ['running', undefined, undefined]);
  });

  it('commits nothing at all when a record is no longer at its version', async (context) => {
    const store = await freshStore(context, factory);
    await store.records.prepareModules([products]);
    await commitRecords(store, 5, write({ id: '14x1' }), write({ id: '14x2' }));
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const records = [write({ id: '14x2', basedOn: 1 }), write({ id: '14x1', basedOn: 7 })];
    const unit = { at: 101, records, runs: [sampleRun({ lane: 'x' })], dedup: undefined };
    const result = await store.journal.settle(lease, settlement(101, { unit, begin: intent(1), then: completed }));
    assert.deepEqual(result, { kind: 'conflict', id: '14x1' });
    assert.equal((await store.records.read(products, '14x2'))?.version, 1);
    assert.deepEqual(await store.journal.steps(lease.run.id), []);
    assert.equal((await store.journal.runs({ limit: 9 })).length, 1);
    assert.equal((await store.journal.settle(lease, settlement(102, { then: completed }))).kind, 'settled');
  });

  it('ends a run for good', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const failure = { code: 'CALL_TIMEOUT', message: 'too slow' };
    const then = { kind: 'end', status: 'failed', failure, handled: true } as const;
    await store.journal.settle(lease, settlement(101, { then }));
    const run = await store.journal.run(lease.run.id);
    assert.deepEqual([run?.status, run?.failure, run?.handled, run?.endedAt], ['failed', failure, true, 101]);
    assert.deepEqual(await claim(store, 'a', 9e9, lease.run.id), []);
    assert.equal((await store.journal.settle(lease, settlement(102))).kind, 'fenced');
  });

  it('tells which accepted runs may go on', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const runs = [sampleRun({ lane: 'other' }), sampleRun()];
    const unit = { at: 101, records: [], runs, dedup: undefined };
    const { released } = settled(await store.journal.settle(lease, settlement(101, { unit })));
    assert.deepEqual(released, [lease.run.id + 1]);
  });
}

function steps(factory: InstallFactory): void {
  it('forgets what a try sent that is not to be kept, and nothing of the tries before it', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const failure = { code: 'CALL_REFUSED', message: 'refused', task: 'task-1' };
    const told = { status: 200, headers: [], body: undefined, durationMs: 3 };
    const failed = outcome(1, { status: 'waiting', failure });
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    await store.journal.settle(lease, settlement(102, { outcomes: [failed] }));
    await store.journal.settle(lease, settlement(103, { begin: intent(1, { attempt: 2 }) }));
    const [open] = await store.journal.steps(lease.run.id);
    assert.deepEqual(open?.attempts[1]?.request, intent(1).request);
    const done = outcome(1, { answer: told, forgetsRequest: true });
    await store.journal.settle(lease, settlement(104, { outcomes: [done], begin: intent(2) }));
    const [one, two] = await store.journal.steps(lease.run.id);
    assert.deepEqual(
      one?.attempts.map(({ request, answer }) => [request, answer?.status, answer?.body]),
      [
        [intent(1).request, failed.answer?.status, failed.answer?.body],
        [undefined, 200, undefined],
      ],
    );
    assert.deepEqual(two?.attempts[0]?.request, intent(2).request);
  });

  it('keeps every try of a step, and what each brought', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const failure = { code: 'CALL_REFUSED', message: 'refused', task: 'task-1' };
    const failed = outcome(1, { status: 'waiting', answer: undefined, failure, warnings: ['first'] });
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    await store.journal.settle(lease, settlement(102, { outcomes: [failed] }));
    const [waitingStep] = await store.journal.steps(lease.run.id);
    assert.deepEqual(
      [waitingStep?.status, waitingStep?.failure, waitingStep?.endedAt],
      ['waiting', failure, undefined],
    );
    await store.journal.settle(lease, settlement(103, { begin: intent(1, { attempt: 2, frozen: undefined }) }));
    await store.journal.settle(lease, settlement(104, { outcomes: [outcome(1, { warnings: ['second'] })] }));
    const [step] = await store.journal.steps(lease.run.id);
    assert.deepEqual([step?.status, step?.failure, step?.warnings], ['done', undefined, ['first', 'second']]);
    assert.deepEqual(step?.frozen, { seed: 's' });
    assert.deepEqual(
      step?.attempts.map((attempt) => [attempt.number, attempt.failure, attempt.endedAt]),
      [
        [1, failure, 102],
        [2, undefined, 104],
      ],
    );
  });

  it('begins and ends a step without a call in one commit', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const outcomes = [
      outcome(1, { intent: intent(1, { request: undefined }), answer: undefined }),
      outcome(2, { intent: intent(2, { request: undefined }), answer: undefined, status: 'skipped' }),
    ];
    await store.journal.settle(lease, settlement(101, { outcomes }));
    const steps = await store.journal.steps(lease.run.id);
    assert.deepEqual(
      steps.map((step) => [step.status, step.endedAt, step.attempts.length]),
      [
        ['done', 101, 1],
        ['skipped', 101, 0],
      ],
    );
  });

  it('refuses steps that do not fit, and keeps the run as it was', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const invalid = { code: 'STORE_UNIT_INVALID' };
    await assert.rejects(
      store.journal.settle(lease, settlement(101, { outcomes: [outcome(1)], then: completed })),
      invalid,
    );
    await store.journal.settle(lease, settlement(102, { begin: intent(1) }));
    await assert.rejects(store.journal.settle(lease, settlement(103, { begin: intent(1) })), invalid);
    const again = intent(2, { attempt: 2 });
    await assert.rejects(store.journal.settle(lease, settlement(104, { begin: again })), invalid);
    assert.equal((await store.journal.settle(lease, settlement(105))).kind, 'settled');
  });
}

function contexts(factory: InstallFactory): void {
  it('keeps contexts of any JSON, long texts included', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const value = {
      long: '\u00e4'.repeat(20_000),
      nested: [{ text: 'x'.repeat(20_000), nul: '\u0000b', number: 1.5, nothing: null }],
      'quote"': { $sealed: 'v1', __proto__: null },
    };
    await store.journal.settle(lease, settlement(101, { context: value }));
    assert.deepEqual((await store.journal.run(lease.run.id))?.context, JSON.parse(JSON.stringify(value)));
    await store.journal.settle(lease, settlement(102));
    const again = await claimOne(store, 5000, lease.run.id, 'b');
    assert.deepEqual(again.run.context, JSON.parse(JSON.stringify(value)));
  });

  it('refuses a context over 16 MiB', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const tooLarge = settlement(101, { context: { text: 'x'.repeat(16 * 1024 * 1024) } });
    await assert.rejects(store.journal.settle(lease, tooLarge), { code: 'STORE_CONTEXT_TOO_LARGE' });
    const fits = settlement(101, { context: { text: 'x'.repeat(16 * 1024 * 1024 - 20_000) } });
    assert.equal((await store.journal.settle(lease, fits)).kind, 'settled');
  });
}
