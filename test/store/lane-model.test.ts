import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Lease, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestInstall } from '../contract/test-install.ts';
import { accept, completed, sampleRun, settlement, waiting } from '../contract/sample-runs.ts';
import { postgresInstall } from './postgres-install.ts';
import { sqliteInstall } from './sqlite-install.ts';

const LANES = ['14x1', '14x1/billing', ''] as const;
const LEASE_MS = 1_000;
const WAITS = ['time', 'limit', 'person'] as const;

type Action =
  | { readonly kind: 'save'; readonly lane: number; readonly passes: boolean }
  | { readonly kind: 'claim'; readonly node: number; readonly limit: number }
  | { readonly kind: 'wait'; readonly of: number; readonly for: (typeof WAITS)[number] }
  | { readonly kind: 'end' | 'cancel' | 'retry' | 'restart'; readonly of: number }
  /** The node's leases run out; what it holds, others may claim. */
  | { readonly kind: 'die' };

const of = fc.nat(40);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('save' as const), lane: fc.nat(2), passes: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      node: fc.nat(1),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), of, for: fc.constantFrom(...WAITS) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), of }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'retry' as const, 'restart' as const), of }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const) }) },
);
/** What is asked at once, round after round. */
const scripts = fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 30 });

interface Known {
  readonly id: RunId;
  readonly lane: string;
  readonly passes: boolean;
  hasBegun: boolean;
  hasEnded: boolean;
}

/** Plays on the nodes of one install what people and workers do, and says what lanes promise. */
class Lanes {
  readonly #nodes: readonly Store[];
  readonly #known = new Map<RunId, Known>();
  readonly #held = new Map<RunId, Lease>();
  #now = 1_000;

  constructor(nodes: readonly Store[]) {
    this.#nodes = nodes;
  }

  get #store(): Store {
    return this.#nodes[0] ?? assert.fail();
  }

  async round(actions: readonly Action[]): Promise<void> {
    this.#now += 10;
    const touched = new Set<RunId>();
    await Promise.all(actions.map((one, index) => this.#act(one, this.#nodes[index % this.#nodes.length], touched)));
    await this.#look();
  }

  /** All that waits is let go on, and everybody gets to the end. */
  async drain(): Promise<void> {
    for (let rounds = 0; [...this.#known.values()].some(({ hasEnded }) => !hasEnded); rounds++) {
      assert.ok(rounds <= this.#known.size + 1, `starved: ${JSON.stringify(await this.#unfinished())}`);
      this.#now += 100_000;
      for (const { id } of await this.#unfinished()) {
        await this.#store.journal.intervene({ kind: 'retry', run: id, by: 'anna', at: this.#now });
      }
      await this.#claim(this.#store, 100);
      for (const id of this.#held.keys()) await this.#settle(id, this.#store, 'end');
      await this.#look();
    }
  }

  async #act(one: Action, node: Store | undefined, touched: Set<RunId>): Promise<void> {
    if (node === undefined) return;
    if (one.kind === 'save') return this.#save(node, LANES[one.lane] ?? '', one.passes);
    if (one.kind === 'claim') return this.#claim(node, one.limit);
    if (one.kind === 'die') return this.#die();
    const among = one.kind === 'wait' || one.kind === 'end' ? [...this.#held.keys()] : [...this.#known.keys()];
    const run = among[one.of % Math.max(1, among.length)];
    if (run === undefined || touched.has(run)) return;
    touched.add(run);
    if (one.kind === 'wait') return this.#settle(run, node, one.for);
    if (one.kind === 'end') return this.#settle(run, node, 'end');
    return this.#command(run, node, one.kind);
  }

  async #save(node: Store, lane: string, passes: boolean): Promise<void> {
    const [id] = await accept(node, this.#now, sampleRun({ lane, passWhenWaiting: passes }));
    if (id !== undefined) this.#known.set(id, { id, lane, passes, hasBegun: false, hasEnded: false });
  }

  async #claim(node: Store, limit: number): Promise<void> {
    const owner = `node ${this.#nodes.indexOf(node)}`;
    const leases = await node.journal.claimDue({ owner, limit, now: this.#now, leaseMs: LEASE_MS });
    for (const lease of leases) this.#held.set(lease.run.id, lease);
  }

  #die(): void {
    this.#now += 2 * LEASE_MS;
    this.#held.clear();
  }

  async #settle(run: RunId, node: Store, then: (typeof WAITS)[number] | 'end'): Promise<void> {
    const lease = this.#held.get(run);
    if (lease === undefined) return;
    this.#held.delete(run);
    const at = this.#now;
    const wait = then === 'end' ? completed : waiting(then, at, then === 'person' ? {} : { until: at + 15, key: 'd' });
    await node.journal.settle(lease, settlement(at, { then: wait }));
  }

  async #command(id: RunId, node: Store, kind: 'cancel' | 'retry' | 'restart'): Promise<void> {
    const head = { run: id, by: 'anna', at: this.#now };
    if (kind === 'cancel') return void (await node.journal.intervene({ ...head, kind, reason: 'no' }));
    if (kind === 'retry') return void (await node.journal.intervene({ ...head, kind }));
    const run = await node.journal.run(id);
    if (run === undefined) return;
    const { epoch, lane, passWhenWaiting } = run;
    const successor = sampleRun({ lane, passWhenWaiting });
    await node.journal.intervene({ ...head, kind, epoch, dueAt: this.#now, successor });
    const { successor: next } = await node.inbox.restarts(id);
    if (next === undefined || this.#known.has(next)) return;
    this.#known.set(next, { id: next, lane, passes: passWhenWaiting, hasBegun: false, hasEnded: false });
  }

  async #unfinished() {
    const runs = await this.#store.journal.runs({ limit: 1_000, status: ['pending', 'running'] });
    return runs.toReversed();
  }

  /** What holds between any two rounds. */
  async #look(): Promise<void> {
    const runs = new Map((await this.#unfinished()).map((run) => [run.id, run]));
    for (const lane of LANES.filter((one) => one !== '')) {
      const members = [...this.#known.values()].filter((one) => one.lane === lane).toSorted((a, b) => a.id - b.id);
      const held = members.filter(({ id }) => this.#held.has(id));
      assert.ok(held.length <= 1, `${held.map(({ id }) => id).join(' and ')} go at once`);
      const begun = members.filter(({ id, hasBegun }) => hasBegun || this.#held.has(id));
      const open = members.filter(({ id }) => runs.has(id));
      // Whoever goes for the first time had its turn by the order of acceptance.
      const fresh = open.filter((one) => !begun.includes(one));
      for (const { id } of begun.filter(({ hasBegun }) => !hasBegun)) {
        const overtaken = fresh.find((one) => one.id < id);
        assert.equal(overtaken, undefined, `${id} went before ${overtaken?.id}`);
      }
      // A run that keeps its lane is the only one that has begun and not ended, those aside that let others pass.
      const keepers = open.filter((one) => begun.includes(one) && !one.passes);
      assert.ok(keepers.length <= 1, `${keepers.map(({ id }) => id).join(' and ')} keep one lane`);
      const [keeper] = keepers;
      if (keeper !== undefined) assert.ok(held.every(({ id }) => id === keeper.id));
    }
    for (const one of this.#known.values()) {
      one.hasBegun ||= this.#held.has(one.id);
      one.hasEnded ||= !runs.has(one.id);
    }
    this.#lookForHeads(runs);
  }

  /** A lane in which somebody waits for nothing but the lane has somebody who goes, or is due, or keeps it. */
  #lookForHeads(
    runs: ReadonlyMap<RunId, { readonly wait: { readonly for: string; readonly key?: string } | undefined }>,
  ) {
    for (const [id, { wait }] of runs) {
      if (wait?.for !== 'lane') continue;
      const before = Number(wait.key);
      const own = this.#known.get(id);
      assert.ok(runs.has(before), `${id} waits behind ${before}, which has ended`);
      assert.equal(this.#known.get(before)?.lane, own?.lane);
    }
  }
}

const PLACES: readonly (readonly [
  name: string,
  factory: () => Promise<TestInstall>,
  nodes: number,
  scripts: number,
])[] = [
  ['SQLite', sqliteInstall, 1, 50],
  ['two nodes on PostgreSQL', postgresInstall, 2, 15],
];

describe('lanes, whatever happens at once', () => {
  for (const [name, factory, count, numRuns] of PLACES) {
    it(`let one go at a time and in order, and nobody is forgotten: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          const install = await factory();
          const nodes: Store[] = [];
          try {
            for (let node = 0; node < count; node++) nodes.push(await install.open());
            const lanes = new Lanes(nodes);
            for (const actions of script) await lanes.round(actions);
            await lanes.drain();
          } finally {
            for (const node of nodes) await node.close();
            await install.remove();
          }
        }),
        { numRuns },
      );
    });
  }
});
