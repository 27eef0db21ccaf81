import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { InboxState } from '../../src/core/inbox.ts';
import type { Intervention } from '../../src/core/journal.ts';
import type { Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { acceptOne, claim, completed, sampleRun, settled, settlement, waiting } from '../contract/sample-runs.ts';
import type { InstallFactory } from '../contract/test-install.ts';
import { postgresInstall } from './postgres-install.ts';
import { sqliteInstall } from './sqlite-install.ts';

const KINDS = [
  'claim',
  'park',
  'complete',
  'fail',
  'retry',
  'order',
  'stale',
  'withdraw',
  'restart',
  'cancel',
  'ignore',
  'reopen',
] as const;
type Kind = (typeof KINDS)[number];

/** What somebody does next, to which of the runs. */
interface Action {
  readonly kind: Kind;
  readonly of: number;
}

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS, 'claim', 'park', 'order'), of: fc.nat(6) }),
  { maxLength: 40 },
);

/** A run as the rules have it. */
interface Modelled {
  phase: 'waiting' | 'due' | 'held' | 'ended';
  /** True from the park to the next claim, also when somebody has said since that it is to go on. */
  waits: boolean;
  started: boolean;
  status: 'completed' | 'failed' | 'canceled' | undefined;
  canceled: boolean;
  told: boolean;
  replaced: boolean;
  row: InboxState | undefined;
}

const ACCEPTED: Modelled = {
  phase: 'due',
  waits: false,
  started: false,
  status: undefined,
  canceled: false,
  told: false,
  replaced: false,
  row: undefined,
};

/** True when the action has an effect. */
function fits({ phase, waits, canceled, status, replaced, row }: Modelled, kind: Kind): boolean {
  const isEnded = phase === 'ended';
  const rests = waits && !canceled && !isEnded;
  const rules: Readonly<Record<Kind, boolean>> = {
    claim: phase === 'due',
    park: phase === 'held',
    complete: phase === 'held',
    fail: phase === 'held',
    retry: waits && !isEnded,
    order: rests,
    withdraw: rests,
    stale: false,
    restart: !replaced && (isEnded ? status !== 'completed' : rests),
    cancel: !isEnded && !canceled,
    ignore: row === 'open',
    reopen: row === 'ignored',
  };
  return rules[kind];
}

const EFFECTS: Readonly<Record<Kind, (run: Modelled) => Partial<Modelled>>> = {
  claim: ({ canceled }) => ({ phase: 'held', waits: false, started: true, told: canceled }),
  // Nobody goes to sleep on a request to end that has not been told.
  park: ({ canceled, told }) =>
    canceled && !told ? { phase: 'due', waits: true, told: true } : { phase: 'waiting', waits: true, row: 'open' },
  complete: () => ({ phase: 'ended', status: 'completed' }),
  fail: () => ({ phase: 'ended', status: 'failed', row: 'open' }),
  retry: (run) => ({ phase: 'due', ...resolved(run) }),
  order: (run) => ({ phase: 'due', ...resolved(run) }),
  withdraw: ({ row }) => ({ phase: 'waiting', row: row === undefined ? row : 'open' }),
  stale: () => ({}),
  restart: (run) => ({ replaced: true, ...(run.phase === 'ended' ? {} : EFFECTS.cancel(run)), ...resolved(run) }),
  cancel: (run) => {
    if (!run.started) return { phase: 'ended', status: 'canceled', canceled: true };
    return { canceled: true, told: false, phase: run.phase === 'held' ? 'held' : 'due', ...resolved(run) };
  },
  ignore: () => ({ row: 'ignored' }),
  reopen: () => ({ row: 'open' }),
};

function resolved({ row }: Modelled): Pick<Modelled, 'row'> {
  return { row: row === undefined ? undefined : 'resolved' };
}

/** The same on a journal. */
class Runs {
  readonly ids: RunId[] = [];
  readonly #store: Store;
  readonly #leases = new Map<RunId, Lease>();
  #now = 1000;

  constructor(store: Store) {
    this.#store = store;
  }

  async accept(): Promise<void> {
    this.ids.push(await acceptOne(this.#store, this.#now, { lane: '', recordId: undefined }));
  }

  /** True when it has an effect. */
  async act({ kind, of }: Action): Promise<boolean> {
    this.#now += 10;
    const run = this.ids[of % this.ids.length] ?? assert.fail();
    if (kind === 'claim') return this.#claim(run);
    if (kind === 'park' || kind === 'complete' || kind === 'fail') return this.#settle(run, kind);
    const took = await this.#store.journal.intervene(await this.#command(run, kind));
    if (kind === 'restart' && took) this.ids.push((await this.#store.inbox.restarts(run)).successor ?? assert.fail());
    return took;
  }

  async #claim(run: RunId): Promise<boolean> {
    const [lease] = await claim(this.#store, 'a', this.#now, run);
    if (lease !== undefined) this.#leases.set(run, lease);
    return lease !== undefined;
  }

  async #settle(run: RunId, kind: 'park' | 'complete' | 'fail'): Promise<boolean> {
    const lease = this.#leases.get(run);
    if (lease === undefined) return false;
    const failure = { code: 'X', message: 'm' };
    const failed = { kind: 'end', status: 'failed', failure, handled: false } as const;
    const then = { park: waiting('person', this.#now), complete: completed, fail: failed }[kind];
    settled(await this.#store.journal.settle(lease, settlement(this.#now, { then })));
    this.#leases.delete(run);
    return true;
  }

  async #command(run: RunId, kind: Exclude<Kind, 'claim' | 'park' | 'complete' | 'fail'>): Promise<Intervention> {
    const { epoch } = (await this.#store.journal.run(run)) ?? assert.fail();
    const head = { run, by: 'anna', at: this.#now };
    const redirect = { progress: {}, context: undefined, revision: 1 };
    const order = { ...head, ...redirect, kind: 'order', action: 'retry', dueAt: this.#now } as const;
    const commands: Readonly<Record<typeof kind, Intervention>> = {
      retry: { ...head, kind: 'retry' },
      order: { ...order, epoch },
      stale: { ...order, epoch: epoch - 1 },
      withdraw: { ...head, ...redirect, kind: 'withdraw', epoch, state: 'open' },
      restart: {
        ...head,
        kind: 'restart',
        epoch,
        dueAt: this.#now,
        successor: sampleRun({ lane: '', recordId: undefined }),
      },
      cancel: { ...head, kind: 'cancel', reason: 'r' },
      ignore: { ...head, kind: 'mark', action: 'ignore', mark: { from: ['open'], state: 'ignored' } },
      reopen: { ...head, kind: 'mark', action: 'reopen', mark: { from: ['ignored'], state: 'open' } },
    };
    return commands[kind];
  }

  async stand(run: RunId) {
    const { status, cancelRequested } = (await this.#store.journal.run(run)) ?? assert.fail();
    const row = (await this.#store.inbox.item(run))?.state;
    const isDue = (await claim(this.#store, 'b', this.#now, run)).length > 0;
    return {
      status: status === 'pending' || status === 'running' ? undefined : status,
      row,
      isDue,
      canceled: cancelRequested !== undefined,
    };
  }
}

/** Does the same to the model and to the journal, and looks for a difference. */
async function replay(store: Store, script: readonly Action[]): Promise<void> {
  const runs = new Runs(store);
  const model: Modelled[] = [];
  for (let count = 0; count < 3; count++) {
    await runs.accept();
    model.push({ ...ACCEPTED });
  }
  for (const action of script) {
    const run = model[action.of % model.length] ?? assert.fail();
    const expected = fits(run, action.kind);
    assert.equal(await runs.act(action), expected, `${action.kind} on ${JSON.stringify(run)}`);
    if (!expected) continue;
    if (action.kind === 'restart') model.push({ ...ACCEPTED });
    Object.assign(run, EFFECTS[action.kind](run));
  }
  for (const [index, run] of model.entries()) {
    const { status, row, canceled } = run;
    const stands = await runs.stand(runs.ids[index] ?? assert.fail());
    assert.deepEqual(stands, { status, row, isDue: run.phase === 'due', canceled }, JSON.stringify(run));
  }
}

const PLACES: readonly (readonly [name: string, factory: InstallFactory, scripts: number])[] = [
  ['SQLite', sqliteInstall, 60],
  ['PostgreSQL', postgresInstall, 20],
];

describe('whatever people do to runs, in whatever order', () => {
  for (const [name, factory, scripts] of PLACES) {
    it(`has the effect that the rules say: ${name}`, async (t) => {
      const install = await factory();
      const store = await install.open();
      t.after(async () => {
        await store.close();
        await install.remove();
      });
      await fc.assert(
        fc.asyncProperty(actions, (script) => replay(store, script)),
        { numRuns: scripts, endOnFailure: true },
      );
    });
  }
});
