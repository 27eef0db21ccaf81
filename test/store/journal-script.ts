import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Continuation, SettleResult } from '../../src/core/journal.ts';
import type { AcceptedRun, Lease, RunId } from '../../src/core/run.ts';
import type { StepIntent, StepOutcome } from '../../src/core/step.ts';
import type { CommitResult } from '../../src/core/unit-of-work.ts';
import type { Store } from '../../src/store/store.ts';
import { completed, intent, outcome, sampleRun, settlement, waiting } from '../contract/sample-runs.ts';

/** A run that is offered: small numbers, so that lanes, records and workflows are often the same. */
export interface Offer {
  readonly lane: number;
  readonly record: number;
  readonly workflow: number;
  readonly passes: boolean;
  readonly once: boolean;
  readonly undecided: boolean;
  /** Which of the runs there are is its root; its own when it is undefined. */
  readonly root: number | undefined;
}

/** What is asked of a journal at the same time as others: a commit, or the commit of a run that is held. */
export type Change =
  | { readonly kind: 'commit'; readonly offers: readonly Offer[]; readonly dedup: number | undefined }
  | {
      readonly kind: 'settle';
      /** Which of the held runs. */
      readonly of: number;
      readonly offers: readonly Offer[];
      readonly then: 'go-on' | 'time' | 'person' | 'limit' | 'completed' | 'failed' | 'unfired';
      /** A held step ends well, or is tried once more. */
      readonly fails: boolean;
      readonly begins: boolean;
      readonly context: number | undefined;
      readonly key: number | undefined;
    };

/** What is asked of it by itself. */
export type Command =
  | { readonly kind: 'claim' | 'release' }
  | { readonly kind: 'retry' | 'cancel'; readonly of: number };

/** A round: changes at once, then commands one after another. */
export interface Round {
  readonly changes: readonly Change[];
  readonly commands: readonly Command[];
}

const offer: fc.Arbitrary<Offer> = fc.record({
  lane: fc.integer({ min: 0, max: 3 }),
  record: fc.integer({ min: 1, max: 3 }),
  workflow: fc.integer({ min: 1, max: 2 }),
  passes: fc.boolean(),
  once: fc.boolean(),
  undecided: fc.boolean(),
  root: fc.option(fc.nat(20), { nil: undefined, freq: 2 }),
});

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('commit' as const),
    offers: fc.array(offer, { minLength: 1, maxLength: 3 }),
    dedup: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    of: fc.nat(20),
    offers: fc.array(offer, { maxLength: 2 }),
    then: fc.constantFrom('go-on', 'go-on', 'time', 'person', 'limit', 'completed', 'completed', 'failed', 'unfired'),
    fails: fc.boolean(),
    begins: fc.boolean(),
    context: fc.option(fc.nat(9), { nil: undefined }),
    key: fc.option(fc.nat(9), { nil: undefined }),
  }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constantFrom('claim' as const, 'claim' as const, 'release' as const) }),
  fc.record({ kind: fc.constantFrom('retry' as const, 'cancel' as const), of: fc.nat(20) }),
);

/** Rounds of changes at once. */
export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    changes: fc.array(change, { minLength: 1, maxLength: 6 }),
    commands: fc.array(command, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 2, maxLength: 8 },
);

interface Held {
  readonly lease: Lease;
  readonly label: string;
  /** The step that has begun and not ended. */
  open: { readonly number: number; readonly attempt: number } | undefined;
}

/**
 * Plays rounds on one journal and tells what is there after each. Runs are told by labels: in which order commits that have
 * nothing to do with each other get their ids is not said.
 */
export class JournalScript {
  readonly #store: Store;
  readonly #labels = new Map<RunId, string>();
  readonly #held = new Map<string, Held>();
  readonly #steps = new Map<string, number>();
  #now = 1000;
  #offered = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What came of the round. */
  async play({ changes, commands }: Round): Promise<unknown> {
    this.#now += 10;
    const held = this.#sorted();
    const settled = new Set<string>();
    const answers = changes.map(async (one, index) => {
      if (one.kind === 'commit') return this.#commit(one, index);
      const run = held[one.of % Math.max(1, held.length)];
      if (run === undefined || settled.has(run.label)) return 'nothing held';
      settled.add(run.label);
      return this.#settle(run, one, index);
    });
    // What one lets go, another may have started: nobody is told before all are known by their labels.
    const told: unknown[] = (await Promise.all(answers)).map((tell) => (typeof tell === 'function' ? tell() : tell));
    for (const one of commands) told.push(await this.#command(one));
    return told;
  }

  /** All that is stored. */
  async stored(): Promise<unknown> {
    const labels = [...this.#labels].toSorted(([, a], [, b]) => (a < b ? -1 : 1));
    const runs = await Promise.all(labels.map(([id, label]) => this.#run(id, label)));
    return { runs, counts: await this.#store.journal.counts() };
  }

  #sorted(): Held[] {
    return [...this.#held.values()].toSorted((a, b) => (a.label < b.label ? -1 : 1));
  }

  #label(id: RunId | undefined): string | undefined {
    return id === undefined ? undefined : (this.#labels.get(id) ?? 'unknown');
  }

  #idOf(number: number): RunId | undefined {
    const known = [...this.#labels].toSorted(([, a], [, b]) => (a < b ? -1 : 1));
    return known.length === 0 ? undefined : known[number % known.length]?.[0];
  }

  #runOf({ lane, record, workflow, passes, once, undecided, root }: Offer, label: string): AcceptedRun {
    const rootRun = root === undefined ? undefined : this.#idOf(root);
    const run = sampleRun({
      lane: lane === 0 ? '' : `lane ${lane}`,
      recordId: `14x${record}`,
      workflow: `w${workflow}`,
      passWhenWaiting: passes,
      undecided,
      rootRun,
      depth: rootRun === undefined ? 0 : 1,
      keys: { label },
    });
    return once ? { ...run, trigger: { ...run.trigger, once: true } } : run;
  }

  #offers(offers: readonly Offer[], index: number): { readonly runs: AcceptedRun[]; readonly labels: string[] } {
    const labels = offers.map((_, n) => `${String(++this.#offered).padStart(4, '0')}.${index}.${n}`);
    return { labels, runs: offers.map((one, n) => this.#runOf(one, labels[n] ?? '')) };
  }

  async #commit(one: Extract<Change, { kind: 'commit' }>, index: number): Promise<unknown> {
    const { runs, labels } = this.#offers(one.offers, index);
    const dedup =
      one.dedup === undefined
        ? undefined
        : { scope: 's', key: `${one.dedup}`, bodyHash: `${runs.length}`, answer: labels, expiresAt: this.#now + 25 };
    const result = await this.#store.records.commit({ at: this.#now, records: [], runs, dedup });
    return this.#tellCommit(result, labels);
  }

  #tellCommit(result: CommitResult, labels: readonly string[]): unknown {
    if (result.kind !== 'committed') return result;
    this.#learn(result.acceptedAs, labels);
    return () => result.acceptedAs.map((id) => this.#label(id) ?? null);
  }

  #learn(ids: readonly (RunId | undefined)[], labels: readonly string[]): void {
    for (const [n, id] of ids.entries()) if (id !== undefined) this.#labels.set(id, labels[n] ?? '');
  }

  async #settle(run: Held, one: Extract<Change, { kind: 'settle' }>, index: number): Promise<unknown> {
    const { runs, labels } = this.#offers(one.offers, index);
    const { outcomes, begin } = this.#stepsOf(run, one);
    const result = await this.#store.journal.settle(
      run.lease,
      settlement(this.#now, {
        unit: { at: this.#now, records: [], runs, dedup: undefined },
        outcomes,
        begin,
        progress: { index, at: this.#now },
        context: one.context === undefined ? undefined : { value: one.context, long: 'x'.repeat(one.context * 4000) },
        ...(one.key === undefined ? {} : { keys: { order: one.key === 0 ? null : `SO-${one.key}` } }),
        then: continuationOf(one.then, this.#now),
      }),
    );
    if (one.then !== 'go-on' || result.kind !== 'settled') this.#held.delete(run.label);
    return this.#tellSettle(result, labels);
  }

  /** Nobody but the journal knows the ids of those it started. */
  async #tellSettle(result: SettleResult, labels: readonly string[]): Promise<unknown> {
    if (result.kind !== 'settled') return result;
    for (const label of labels) {
      const [run] = await this.#store.journal.runs({ limit: 1, key: { name: 'label', value: label } });
      this.#learn([run?.id], [label]);
    }
    const { released, cancelRequested } = result;
    return () => ({ released: released.map((id) => this.#label(id)).toSorted(), cancel: cancelRequested });
  }

  #stepsOf(run: Held, { fails, begins, then }: Extract<Change, { kind: 'settle' }>) {
    const outcomes: StepOutcome[] = [];
    let begin: StepIntent | undefined;
    const { open } = run;
    if (open !== undefined) {
      const failure = { code: 'CALL_REFUSED', message: 'refused' };
      const warnings = [`try ${open.attempt}`];
      outcomes.push(
        fails ? outcome(open.number, { status: 'waiting', failure, warnings }) : outcome(open.number, { warnings }),
      );
      run.open = undefined;
      if (fails && then === 'go-on') run.open = { number: open.number, attempt: open.attempt + 1 };
      if (run.open !== undefined) begin = intent(open.number, { attempt: open.attempt + 1, frozen: undefined });
    }
    if (begin === undefined && begins && then === 'go-on') {
      const number = (this.#steps.get(run.label) ?? 0) + 1;
      this.#steps.set(run.label, number);
      run.open = { number, attempt: 1 };
      begin = intent(number);
    }
    return { outcomes, begin };
  }

  async #command(one: Command): Promise<unknown> {
    this.#now += 5;
    if (one.kind === 'claim') return this.#claim();
    if (one.kind === 'release') {
      const released = await this.#store.journal.release({ key: 'd', limit: 2, now: this.#now });
      return released.map((id) => this.#label(id));
    }
    if (one.kind !== 'retry' && one.kind !== 'cancel') return undefined;
    const run = this.#idOf(one.of);
    if (run === undefined) return undefined;
    const by = { run, by: '19x1', at: this.#now };
    return this.#store.journal.intervene(
      one.kind === 'retry' ? { kind: 'retry', ...by } : { kind: 'cancel', reason: 'no', ...by },
    );
  }

  async #claim(): Promise<unknown> {
    const leases = await this.#store.journal.claimDue({ owner: 'o', limit: 99, now: this.#now, leaseMs: 40 });
    for (const lease of leases) {
      const label = this.#label(lease.run.id) ?? '';
      const { openStep } = lease;
      const open = openStep && { number: openStep.number, attempt: openStep.attempts.length };
      this.#held.set(label, { lease, label, open });
    }
    return leases
      .map(({ run, openStep }) => [this.#label(run.id), run.epoch, run.wait?.for, openStep?.number])
      .toSorted();
  }

  async #run(id: RunId, label: string): Promise<unknown> {
    const { journal } = this.#store;
    const [run, steps, holdsMark] = await Promise.all([journal.run(id), journal.steps(id), journal.holdsMark(id)]);
    assert.ok(run !== undefined);
    const { wait, rootRun, ...rest } = run;
    const behind = wait?.for === 'lane' ? this.#label(Number(wait.key)) : wait;
    return {
      ...rest,
      id: label,
      wait: behind,
      rootRun: this.#label(rootRun),
      holdsMark,
      steps: steps.map((one) => ({ ...one, run: label })),
    };
  }
}

function continuationOf(then: Extract<Change, { kind: 'settle' }>['then'], now: number): Continuation {
  switch (then) {
    case 'go-on':
      return { kind: 'go-on' };
    case 'time':
      return waiting('time', now, { until: now + 12 });
    case 'person':
      return waiting('person', now);
    case 'limit':
      return waiting('limit', now, { key: 'd', until: now + 500 });
    case 'failed':
      return { kind: 'end', status: 'failed', failure: { code: 'CALL_REFUSED', message: 'refused' }, handled: true };
    case 'unfired':
      return { kind: 'end', status: 'canceled', failure: undefined, handled: false, unfired: true };
    default:
      return completed;
  }
}
