import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { DestinationState, DestinationStore, Place, Reached } from '../../src/core/destination.ts';
import type { Store } from '../../src/store/store.ts';
import { type GateAtHand, HandClock, openGate, placeOf } from '../contract/gate-fixture.ts';
import type { InstallFactory } from '../contract/test-install.ts';
import { postgresInstall } from './postgres-install.ts';
import { sqliteInstall } from './sqlite-install.ts';

const CONCURRENT = 3;
const RULES = {
  concurrent: CONCURRENT,
  breaker: { failures: 2, withinMs: 60_000, probeEveryMs: 4_000 },
} as const;
/** What a node that has died holds is free after this long. */
const LEASE_MS = 9_000;
const OUTCOMES: readonly (Reached | undefined)[] = [
  'answered',
  'answered',
  'faulty',
  'unreached',
  'unreached',
  undefined,
];

type Deed =
  | { readonly kind: 'enter'; readonly node: number }
  | { readonly kind: 'leave'; readonly of: number; readonly came: number }
  | { readonly kind: 'move'; readonly ms: number }
  | { readonly kind: 'hold' | 'release' }
  /** A node is gone with all its calls, and another one comes. */
  | { readonly kind: 'die'; readonly node: number }
  /** The next state that somebody stores is not stored. */
  | { readonly kind: 'lose' };

const node = fc.nat(1);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('enter' as const), node }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('leave' as const), of: fc.nat(9), came: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), ms: fc.constantFrom(100, 1_100, 5_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('hold' as const, 'release' as const, 'lose' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), node }) },
);
/** What happens at once, round after round. */
const scripts = fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 25 });

interface Call {
  readonly gate: GateAtHand;
  readonly place: Place;
}

/** Nodes before one destination, and what is under way there. */
class Nodes {
  readonly #context: TestContext;
  readonly #stores: readonly DestinationStore[];
  readonly #clock = new HandClock();
  readonly #gates: GateAtHand[];
  #calls: Call[] = [];
  #losing = false;

  constructor(context: TestContext, stores: readonly Store[]) {
    this.#context = context;
    this.#stores = stores.map(({ destinations }) => this.#losingOnce(destinations));
    this.#gates = this.#stores.map((store) => this.#open(store));
  }

  async round(deeds: readonly Deed[]): Promise<void> {
    await Promise.all(deeds.map((one) => this.#do(one)));
    await this.#tick();
    this.#look();
  }

  /** From now on everything is answered: in the end all places are there again. */
  async recover(): Promise<void> {
    this.#losing = false;
    await this.#do({ kind: 'release' });
    for (let rounds = 0; (await this.#state()).kind !== 'closed'; rounds++) {
      assert.ok(rounds < 60, `it stays ${JSON.stringify(await this.#state())}`);
      this.#clock.move(1_100);
      for (const { place } of this.#calls.splice(0)) place.leave({ reached: 'answered', code: '' });
      await this.#tick();
      for (const [index] of this.#gates.entries()) await this.#do({ kind: 'enter', node: index });
      this.#look();
    }
  }

  #open(store: DestinationStore): GateAtHand {
    return openGate(this.#context, store, { rules: RULES, clock: this.#clock });
  }

  #losingOnce(store: DestinationStore): DestinationStore {
    return {
      ...store,
      isShared: store.isShared,
      change: async (change) => {
        if (!this.#losing) return store.change(change);
        this.#losing = false;
        throw new Error('the database is away');
      },
    };
  }

  async #tick(): Promise<void> {
    for (const { gate } of this.#gates) await gate.tick();
  }

  async #do(one: Deed): Promise<void> {
    switch (one.kind) {
      case 'enter':
        return this.#enter(one.node);
      case 'leave': {
        const [call] = this.#calls.splice(one.of % Math.max(1, this.#calls.length), 1);
        const reached = OUTCOMES[one.came];
        return call?.place.leave(reached && { reached, code: reached });
      }
      case 'move':
        return this.#clock.move(one.ms);
      case 'die':
        return this.#die(one.node);
      case 'lose':
        this.#losing = true;
        return undefined;
      default:
        return this.#byHand(one.kind);
    }
  }

  async #enter(index: number): Promise<void> {
    const at = index % this.#gates.length;
    const gate = this.#gates[at] ?? assert.fail();
    const entry = await gate.enter({ waitMs: 1 });
    // A node that has died meanwhile calls nobody.
    if (entry.kind === 'place' && this.#gates[at] === gate) this.#calls.push({ gate, place: placeOf(entry) });
  }

  #die(index: number): void {
    const at = index % this.#gates.length;
    const gone = this.#gates[at];
    this.#calls = this.#calls.filter(({ gate }) => gate !== gone);
    this.#gates[at] = this.#open(this.#stores[at] ?? assert.fail());
    this.#clock.move(LEASE_MS + 1);
  }

  async #byHand(kind: 'hold' | 'release'): Promise<void> {
    const [store] = this.#stores;
    const stored = (await store?.states())?.[0];
    const now = this.#clock.now();
    const held: DestinationState = { kind: 'held', since: now, by: 'anna', reason: '' };
    const before = stored?.state ?? { kind: 'closed' };
    const released: DestinationState =
      before.kind === 'open' ? { ...before, probeAt: now } : { kind: 'ramping', since: now, places: 1 };
    const state = kind === 'hold' ? held : released;
    await store?.change({ key: 'peer', after: stored?.version ?? 0, state, at: now }).catch(() => false);
    await this.#gates[0]?.gate.refresh();
  }

  async #state(): Promise<DestinationState> {
    return (await this.#stores[0]?.states())?.[0]?.state ?? { kind: 'closed' };
  }

  #look(): void {
    assert.ok(this.#calls.length <= CONCURRENT + 1, `${this.#calls.length} calls at once`);
    const probes = this.#calls.filter(({ place }) => place.isProbe);
    assert.ok(probes.length <= 1 + this.#gates.length, `${probes.length} look at once`);
  }
}

const PLACES: readonly (readonly [name: string, factory: InstallFactory, nodes: number, scripts: number])[] = [
  ['SQLite', sqliteInstall, 1, 30],
  ['two nodes on PostgreSQL', postgresInstall, 2, 8],
];

describe('the way to a destination, whatever happens there', () => {
  for (const [name, factory, count, numRuns] of PLACES) {
    it(`is never too wide, and never shut for ever: ${name}`, async (context) => {
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          const install = await factory();
          const stores: Store[] = [];
          try {
            for (let opened = 0; opened < count; opened++) stores.push(await install.open());
            const nodes = new Nodes(context, stores);
            for (const deeds of script) await nodes.round(deeds);
            await nodes.recover();
          } finally {
            for (const store of stores) await store.close();
            await install.remove();
          }
        }),
        { numRuns },
      );
    });
  }
});
