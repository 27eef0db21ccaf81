import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleRun, accept, acceptOne, claim, claimOne, completed, intent, outcome } from './sample-runs.ts';
import { settled, settlement, settleThen, waiting } from './sample-runs.ts';
import { commitRecords, products, write } from './sample-records.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** What every journal does with claims, commits and interventions. Lanes have a suite of their own. */
export function journalContract(name: string, factory: InstallFactory): void {
  describe(`journal: ${name}`, () => {
    describe('claims', () => claims(factory));
    describe('settling', () => settling(factory));
    describe('waits', () => waits(factory));
    describe('interventions', () => interventions(factory));
    describe('listing', () => listing(factory));
  });
}

function claims(factory: InstallFactory): void {
  it('gives an accepted run back as it was accepted', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10, { undecided: true, depth: 2 });
    const run = await store.journal.run(id);
    assert.deepEqual(run, {
      ...sampleRun({ undecided: true, depth: 2 }),
      id,
      trigger: { event: 'create', record: { productname: 'Bolt' }, changed: ['productname'] },
      rootRun: id,
      status: 'pending',
      wait: undefined,
      failure: undefined,
      handled: false,
      progress: {},
      context: {},
      epoch: 0,
      acceptedAt: 10,
      startedAt: undefined,
      endedAt: undefined,
      cancelRequested: undefined,
    });
  });

  it('leases a due run once, and raises its epoch', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10);
    const lease = await claimOne(store, 11, id);
    assert.deepEqual(
      [lease.run.epoch, lease.run.status, lease.run.startedAt, lease.owner, lease.openStep],
      [1, 'running', 11, 'a', undefined],
    );
    assert.deepEqual(await claim(store, 'b', 12, id), []);
    assert.deepEqual(await store.journal.run(id), lease.run);
  });

  it('claims due runs oldest first, up to the limit', async (context) => {
    const store = await freshStore(context, factory);
    const late = await acceptOne(store, 30, { lane: 'a' });
    const early = await acceptOne(store, 10, { lane: 'b' });
    const middle = await acceptOne(store, 20, { lane: 'c' });
    await acceptOne(store, 500, { lane: 'd' });
    const first = await store.journal.claimDue({ owner: 'a', limit: 2, now: 100, leaseMs: 1000 });
    assert.deepEqual(
      first.map((lease) => lease.run.id),
      [early, middle],
    );
    const second = await store.journal.claimDue({ owner: 'a', limit: 9, now: 100, leaseMs: 1000 });
    assert.deepEqual(
      second.map((lease) => lease.run.id),
      [late],
    );
  });

  it('claims a run again once its lease has expired, and fences the earlier holder', async (context) => {
    const store = await freshStore(context, factory);
    const id = await acceptOne(store, 10);
    const old = await claimOne(store, 100, id, 'a');
    assert.deepEqual(await claim(store, 'b', 1099, id), []);
    const [fresh] = await store.journal.claimDue({ owner: 'b', limit: 1, now: 1100, leaseMs: 1000 });
    assert.deepEqual([fresh?.run.epoch, fresh?.run.startedAt], [2, 100]);
    assert.deepEqual(await store.journal.settle(old, settlement(1200, { then: completed })), { kind: 'fenced' });
    assert.equal((await store.journal.run(id))?.status, 'running');
  });

  it('prolongs leases, and names those that are lost', async (context) => {
    const store = await freshStore(context, factory);
    const kept = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'a' }));
    const lost = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'b' }));
    await claimOne(store, 1100, lost.run.id, 'b');
    assert.deepEqual(await store.journal.heartbeat({ leases: [kept, lost], now: 1100, leaseMs: 1000 }), [lost.run.id]);
    assert.deepEqual(await claim(store, 'b', 2099, kept.run.id), []);
    assert.equal((await claim(store, 'b', 2100, kept.run.id)).length, 1);
  });

  it('takes over what others hold, and leaves alone what the new owner holds', async (context) => {
    const store = await freshStore(context, factory);
    const old = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'a' }), 'a');
    const own = await claimOne(store, 100, await acceptOne(store, 10, { lane: 'b' }), 'b');
    assert.equal(await store.journal.takeOver({ owner: 'b', now: 101 }), 1);
    assert.equal((await store.journal.settle(old, settlement(102))).kind, 'fenced');
    assert.equal((await store.journal.settle(own, settlement(102))).kind, 'settled');
    const due = await store.journal.claimDue({ owner: 'b', limit: 9, now: 102, leaseMs: 1000 });
    assert.deepEqual(
      due.map((lease) => lease.run.id),
      [old.run.id],
    );
  });

  it('gives the step that was left open, with its tries', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await store.journal.settle(lease, settlement(101, { begin: intent(1) }));
    await store.journal.settle(lease, settlement(102, { outcomes: [outcome(1)], begin: intent(2) }));
    const again = await claimOne(store, 2000, lease.run.id, 'b');
    assert.deepEqual(again.openStep, (await store.journal.steps(lease.run.id))[1]);
    assert.deepEqual([again.openStep?.number, again.openStep?.attempts.length], [2, 1]);
  });

  it('starts a workflow once per root and record', async (context) => {
    const store = await freshStore(context, factory);
    const root = await acceptOne(store, 10, { workflow: 'w1' });
    const fired = { rootRun: root, depth: 1 };
    const first = await accept(
      store,
      11,
      sampleRun({ ...fired, workflow: 'w2' }),
      sampleRun({ ...fired, workflow: 'w1' }),
    );
    assert.equal(first.length, 1);
    assert.deepEqual(await accept(store, 12, sampleRun({ ...fired, workflow: 'w2' })), []);
    assert.equal((await accept(store, 13, sampleRun({ ...fired, workflow: 'w2', recordId: '14x2' }))).length, 1);
    assert.equal((await accept(store, 14, sampleRun({ workflow: 'w2' }))).length, 1);
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

function waits(factory: InstallFactory): void {
  it('waits for a time, and tells the next holder what it waited for', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const then = waiting('time', 101, { until: 500 });
    await settleThen(store, { lease, at: 101, then });
    const wait = { for: 'time', reason: 'because', since: 101, until: 500 } as const;
    assert.deepEqual((await store.journal.run(lease.run.id))?.wait, wait);
    assert.deepEqual(await claim(store, 'a', 499, lease.run.id), []);
    const again = await claimOne(store, 500, lease.run.id);
    assert.deepEqual(again.run.wait, wait);
    assert.equal((await store.journal.run(lease.run.id))?.wait, undefined);
  });

  it('waits for a person without end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    assert.deepEqual(await store.journal.claimDue({ owner: 'a', limit: 9, now: 9e9, leaseMs: 1 }), []);
  });

  it('refuses a wait that nothing would end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    for (const then of [waiting('time', 101), waiting('lane', 101)]) {
      await assert.rejects(store.journal.settle(lease, settlement(101, { then })), { code: 'STORE_UNIT_INVALID' });
    }
  });

  it('releases those that wait for a place, the longest waiting first and each once', async (context) => {
    const store = await freshStore(context, factory);
    const ids: number[] = [];
    for (const [index, key] of ['x', 'x', 'y', 'x'].entries()) {
      const lease = await claimOne(store, 100, await acceptOne(store, 10, { lane: `${index}` }));
      await settleThen(store, { lease, at: 101, then: waiting('limit', 200 - index, { until: 5000, key }) });
      ids.push(lease.run.id);
    }
    const [first, second, , fourth] = ids;
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), [fourth, second]);
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), [first]);
    assert.deepEqual(await store.journal.release({ key: 'x', limit: 2, now: 300 }), []);
    const due = await store.journal.claimDue({ owner: 'a', limit: 9, now: 300, leaseMs: 1000 });
    assert.deepEqual(
      due.map((lease) => lease.run.wait?.for),
      ['limit', 'limit', 'limit'],
    );
    assert.equal((await store.journal.claimDue({ owner: 'a', limit: 9, now: 5000, leaseMs: 1000 })).length, 4);
  });
}

function interventions(factory: InstallFactory): void {
  it('ends a wait when a person says so', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const retry = { kind: 'retry', run: lease.run.id, by: '19x1', at: 200 } as const;
    assert.equal(await store.journal.intervene(retry), false);
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    assert.equal(await store.journal.intervene(retry), true);
    assert.equal((await claimOne(store, 200, lease.run.id)).run.wait?.for, 'person');
  });

  it('cancels at once what has not begun, and hands its lane on', async (context) => {
    const store = await freshStore(context, factory);
    const [first, second, third] = await accept(store, 10, sampleRun(), sampleRun(), sampleRun());
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const cancel = { kind: 'cancel', by: '19x1', at: 20, reason: 'not wanted' } as const;
    assert.equal(await store.journal.intervene({ ...cancel, run: second }), true);
    assert.deepEqual(await claim(store, 'a', 30, third), []);
    assert.equal((await store.journal.run(third))?.wait?.key, String(first));
    assert.equal(await store.journal.intervene({ ...cancel, run: first }), true);
    const run = await store.journal.run(first);
    assert.deepEqual([run?.status, run?.endedAt, run?.cancelRequested], ['canceled', 20, 'not wanted']);
    assert.equal((await claim(store, 'a', 30, third)).length, 1);
    assert.equal(await store.journal.intervene({ ...cancel, run: first }), false);
  });

  it('tells the holder of a run that it is to end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const cancel = { kind: 'cancel', run: lease.run.id, by: '19x1', at: 110, reason: 'stop' } as const;
    assert.equal(await store.journal.intervene(cancel), true);
    assert.equal(await store.journal.intervene(cancel), false);
    assert.equal(settled(await store.journal.settle(lease, settlement(111))).cancelRequested, 'stop');
    const then = waiting('time', 112, { until: 500 });
    assert.deepEqual(await settleThen(store, { lease, at: 112, then }), []);
    assert.deepEqual(await claim(store, 'a', 499, lease.run.id), []);
  });

  it('lets no run go to sleep on an unseen request to end', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    const { id } = lease.run;
    await store.journal.intervene({ kind: 'cancel', run: id, by: '19x1', at: 110, reason: 'stop' });
    assert.deepEqual(await settleThen(store, { lease, at: 111, then: waiting('person', 111) }), [id]);
    assert.equal((await claimOne(store, 112, id)).run.cancelRequested, 'stop');
  });

  it('wakes a waiting run to end it', async (context) => {
    const store = await freshStore(context, factory);
    const lease = await claimOne(store, 100, await acceptOne(store, 10));
    await settleThen(store, { lease, at: 101, then: waiting('person', 101) });
    await store.journal.intervene({ kind: 'cancel', run: lease.run.id, by: '19x1', at: 110, reason: 'stop' });
    const again = await claimOne(store, 110, lease.run.id);
    assert.deepEqual([again.run.cancelRequested, again.run.wait?.for], ['stop', 'person']);
  });

  it('refuses commands on runs that there are not', async (context) => {
    const store = await freshStore(context, factory);
    assert.equal(await store.journal.intervene({ kind: 'retry', run: 77, by: '19x1', at: 1 }), false);
    assert.equal(await store.journal.run(77), undefined);
    assert.deepEqual(await store.journal.steps(77), []);
  });
}

function listing(factory: InstallFactory): void {
  it('pages through runs, newest first, filtered', async (context) => {
    const store = await freshStore(context, factory);
    const ids = await accept(
      store,
      10,
      ...[1, 2, 3, 4, 5].map((n) => sampleRun({ lane: `${n}`, recordId: `14x${n % 2}`, workflow: `w${n % 3}` })),
    );
    const [one, two, three, four, five] = ids;
    assert.ok(one !== undefined && two !== undefined && four !== undefined);
    const list = async (filter: Omit<Parameters<typeof store.journal.runs>[0], 'limit'>, limit = 9) =>
      (await store.journal.runs({ ...filter, limit })).map((run) => run.id);
    assert.deepEqual(await list({}, 2), [five, four]);
    assert.deepEqual(await list({ before: four }, 2), [three, two]);
    assert.deepEqual(await list({ recordId: '14x1' }), [five, three, one]);
    assert.deepEqual(await list({ recordId: '14x1', workflow: 'w1' }), [one]);
    const lease = await claimOne(store, 20, one);
    await settleThen(store, { lease, at: 21, then: waiting('person', 21) });
    await settleThen(store, { lease: await claimOne(store, 20, two), at: 21, then: completed });
    assert.deepEqual(await list({ waiting: true }), [one]);
    assert.deepEqual(await list({ waiting: false, status: ['completed', 'running'] }), [two]);
    assert.deepEqual(await list({ status: [] }), []);
    assert.deepEqual(await store.journal.counts(), {
      pending: 3,
      running: 1,
      completed: 1,
      failed: 0,
      canceled: 0,
      waiting: 1,
    });
  });
}
