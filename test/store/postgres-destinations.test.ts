import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { DestinationRules, ShareWish } from '../../src/core/destination.ts';
import { fairShares } from '../../src/core/fair-share.ts';
import type { Store } from '../../src/store/store.ts';
import { type GateAtHand, HandClock, openGate, placeOf } from '../contract/gate-fixture.ts';
import { until } from '../whole/poll.ts';
import { giveBack, newDatabase } from './postgres-cluster.ts';
import { openOn } from './postgres-install.ts';

/** Nodes of one install; what `before` does comes before they are closed. */
async function nodes(
  context: TestContext,
  count: number,
  before: () => Promise<unknown> = async () => undefined,
): Promise<readonly Store[]> {
  const url = await newDatabase();
  const stores = await Promise.all(Array.from({ length: count }, () => openOn(url)));
  context.after(async () => {
    await before();
    await Promise.all(stores.map((store) => store.close()));
    await giveBack(url);
  });
  return stores;
}

/** The gates of three nodes, and what one round of all of them is. */
async function gatesOf(
  context: TestContext,
  rules: Partial<DestinationRules>,
): Promise<{ readonly gates: readonly GateAtHand[]; readonly clock: HandClock; tickAll(): Promise<unknown> }> {
  const gates: GateAtHand[] = [];
  const stores = await nodes(context, 3, () => Promise.all(gates.map(({ gate }) => gate.stop())));
  const clock = new HandClock();
  gates.push(...stores.map(({ destinations }) => openGate(context, destinations, { rules, clock })));
  return { gates, clock, tickAll: () => Promise.all(gates.map(({ gate }) => gate.tick())) };
}

const LEASE_MS = 9000;

/** A node of the model: what it was given, what it uses, until when. */
interface ModelNode {
  readonly name: string;
  used: number;
  places: number;
  until: number;
}

const step = fc.record({
  node: fc.nat(2),
  kind: fc.constantFrom('share', 'share', 'use', 'end', 'die', 'wait'),
  wanted: fc.nat(12),
  pauseMs: fc.nat(4000),
});

describe('shares of a destination on several nodes', () => {
  it('never come to more than the limit, whoever asks, uses, ends, or dies', async (context) => {
    const [store] = await nodes(context, 1);
    assert.ok(store !== undefined);
    const { destinations } = store;
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 40 }), async (limit, steps) => {
        const key = `peer ${++round}`;
        const model: ModelNode[] = [0, 1, 2].map((n) => ({ name: `${round}/${n}`, used: 0, places: 0, until: 0 }));
        let now = 1000;
        for (const { node: index, kind, wanted, pauseMs } of steps) {
          const node = model[index] ?? assert.fail();
          if (kind === 'wait') now += pauseMs;
          if (kind === 'use' && node.used < node.places && now < node.until) node.used++;
          if (kind === 'end' && node.used > 0) node.used--;
          if (kind === 'die') Object.assign(node, { used: 0, places: 0, until: 0, name: `${node.name}'` });
          if (kind === 'share') {
            const wish = wishOf(key, { limit, used: node.used, wanted: Math.max(wanted, node.used) });
            const [share] = await destinations.share({ node: node.name, now, leaseMs: LEASE_MS, wishes: [wish] });
            node.places = share?.places ?? assert.fail('no answer');
            node.until = now + LEASE_MS;
          }
          // What is under way past its lease ends with its node or is aborted by it.
          for (const one of model) if (now >= one.until) one.used = 0;
          const mayUse = model.map((one) => (now < one.until ? Math.max(one.used, one.places) : 0));
          assert.ok(mayUse.reduce((sum, one) => sum + one, 0) <= limit, `${mayUse} of ${limit}`);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('come back when the lease of a dead node ends', async (context) => {
    const [a, b] = await nodes(context, 2);
    assert.ok(a !== undefined && b !== undefined);
    const ask = async ({ destinations }: Store, node: string, now: number): Promise<number | undefined> => {
      const wishes = [wishOf('peer', { limit: 4, used: 0, wanted: 9 })];
      return (await destinations.share({ node, now, leaseMs: LEASE_MS, wishes }))[0]?.places;
    };
    assert.equal(await ask(a, 'a', 1000), 4);
    assert.equal(await ask(b, 'b', 1000 + LEASE_MS - 1), 0);
    assert.equal(await ask(b, 'b', 1000 + LEASE_MS), 4);
  });

  it('are evened out among those who want them, and given back by those who do not', async (context) => {
    const [a, b] = await nodes(context, 2);
    assert.ok(a !== undefined && b !== undefined);
    const ask = async ({ destinations }: Store, node: string, wanted: number): Promise<number | undefined> => {
      const wishes = [wishOf('peer', { limit: 8, used: 0, wanted })];
      return (await destinations.share({ node, now: 1000, leaseMs: LEASE_MS, wishes }))[0]?.places;
    };
    assert.equal(await ask(a, 'a', 20), 8);
    assert.equal(await ask(b, 'b', 20), 0);
    assert.equal(await ask(a, 'a', 20), 4);
    assert.equal(await ask(b, 'b', 20), 4);
    assert.equal(await ask(a, 'a', 0), 0);
    assert.equal(await ask(b, 'b', 20), 8);
  });

  it('are divided fairly: nobody gets more than wanted, all is given out', () => {
    const claimants = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(40), claimants, fc.nat(100), (total, wanted, turn) => {
        const named = wanted.map((one, index) => ({ name: `n${index}`, wanted: one }));
        const shares = fairShares(total, named, turn);
        const given = [...shares.values()];
        assert.equal(
          given.reduce((sum, one) => sum + one, 0),
          Math.min(
            total,
            wanted.reduce((sum, one) => sum + one, 0),
          ),
        );
        for (const { name, wanted: most } of named) assert.ok((shares.get(name) ?? 0) <= most);
        const hungry = named.filter(({ name, wanted: most }) => (shares.get(name) ?? 0) < most);
        const least = Math.min(...hungry.map(({ name }) => shares.get(name) ?? 0));
        if (hungry.length > 0) assert.ok(given.every((one) => one <= least + 1));
      }),
    );
  });
});

function wishOf(key: string, given: { limit: number; used: number; wanted: number }): ShareWish {
  const { limit, used, wanted } = given;
  return {
    key,
    places: limit,
    calls: limit,
    usedPlaces: used,
    usedCalls: used,
    wantedPlaces: wanted,
    wantedCalls: wanted,
  };
}

describe('gates of several nodes', () => {
  it('let no more calls through at once than the limit, and use all of it', async (context) => {
    const { gates, tickAll } = await gatesOf(context, { concurrent: 4 });
    const count = { now: 0, most: 0, all: 0 };
    const rounds = setInterval(() => void tickAll(), 50);
    await Promise.all(gates.flatMap((gate) => Array.from({ length: 20 }, () => callOnce(gate, count))));
    clearInterval(rounds);
    assert.equal(count.all, 60);
    assert.ok(count.most <= 4, `${count.most} at once`);
    assert.ok(count.most >= 2, `${count.most} at once`);
  });

  it('let no more calls begin in a period than the rate', async (context) => {
    const rate = { calls: 5, periodMs: 1000 };
    const { gates, clock, tickAll } = await gatesOf(context, { concurrent: 50, rate });
    const begun: number[] = [];
    for (let round = 0; round < 40; round++) {
      const all = gates.flatMap(({ enter }) => Array.from({ length: 3 }, () => enter({ waitMs: 30 })));
      for (const entry of await Promise.all(all)) {
        if (entry.kind !== 'place') continue;
        begun.push(clock.now());
        entry.place.leave({ reached: 'answered', code: '' });
      }
      clock.move(200);
      await tickAll();
    }
    for (const [index, at] of begun.entries()) {
      const next = begun[index + 5];
      assert.ok(next === undefined || next - at >= 1000, `six calls within ${(next ?? 0) - at} ms`);
    }
    assert.ok(begun.length >= 20, `${begun.length} calls in eight seconds`);
  });

  it('stop all when one finds the destination down, look one at a time, and widen together', async (context) => {
    const breaker = { failures: 2, withinMs: 60_000, probeEveryMs: 30_000 };
    const { gates, clock, tickAll } = await gatesOf(context, { concurrent: 4, breaker });
    const [a] = gates;
    assert.ok(a !== undefined);
    for (let runs = 0; runs < 2; runs++) {
      placeOf(await a.enter()).leave({ reached: 'unreached', code: 'CALL_REFUSED' });
    }
    await until('all know that it is down', async () => {
      await tickAll();
      return gates.every(({ gate }) => gate.uses()[0]?.state.kind === 'open') ? true : undefined;
    });
    clock.move(1000);
    const entries = await Promise.all(gates.flatMap(({ enter }) => [enter(), enter()]));
    const probes = entries.flatMap((entry) => (entry.kind === 'place' ? [entry.place] : []));
    assert.equal(probes.length, 1);
    assert.equal(probes[0]?.isProbe, true);
    probes[0]?.leave({ reached: 'answered', code: '' });
    await until('all know that it answers', async () => {
      await tickAll();
      return gates.every(({ gate }) => gate.uses()[0]?.state.kind === 'ramping') ? true : undefined;
    });
    const count = { now: 0, most: 0, all: 0 };
    const rounds = setInterval(() => void tickAll(), 50);
    await Promise.all(gates.map((gate) => callOnce(gate, count)));
    clearInterval(rounds);
    assert.equal(count.all, 3);
    assert.ok(count.most <= 2, `${count.most} at once after a look that went well`);
  });
});

/** Calls once, however long it takes until there is a place. */
async function callOnce({ enter }: GateAtHand, count: { now: number; most: number; all: number }): Promise<void> {
  for (;;) {
    const entry = await enter({ waitMs: 250 });
    if (entry.kind === 'place') {
      count.now++;
      count.most = Math.max(count.most, count.now);
      await pause(5);
      count.now--;
      count.all++;
      return entry.place.leave({ reached: 'answered', code: '' });
    }
  }
}
