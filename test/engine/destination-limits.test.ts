import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { createDestinationLimits } from '../../src/engine/destination-limits.ts';

const PATIENT_MS = 60_000;

/** Limits whose journal holds `parked` runs that wait for a place. */
function openLimits(parked: number) {
  const state = { parked, told: 0 };
  const limits = createDestinationLimits(async () => {
    state.told++;
    if (state.parked === 0) return false;
    state.parked--;
    return true;
  });
  const acquire = (goesFirst: boolean, waitMs = PATIENT_MS) =>
    limits.acquire({ key: 'peer', places: 1, waitMs, goesFirst });
  return { limits, state, acquire };
}

describe('places at a destination', () => {
  it('go to runs that have begun before those that have not', async () => {
    const { acquire } = openLimits(0);
    const first = await acquire(false);
    const order: string[] = [];
    const take = async (name: string, goesFirst: boolean): Promise<void> => {
      const place = await acquire(goesFirst);
      order.push(name);
      place?.();
    };
    const all = [take('fresh', false), take('begun', true)];
    first?.();
    await Promise.all(all);
    assert.deepEqual(order, ['begun', 'fresh']);
  });

  it('are not waited for in a long queue', async () => {
    const { acquire } = openLimits(0);
    const first = await acquire(false);
    const queued = Array.from({ length: 8 }, () => acquire(false));
    assert.equal(await acquire(false), undefined);
    first?.();
    for (const place of queued) (await place)?.();
  });

  it('are given up after the time to wait, and nobody else loses one by it', async () => {
    const { limits, acquire } = openLimits(0);
    const first = await acquire(false);
    assert.equal(await acquire(false, 1), undefined);
    first?.();
    assert.equal(limits.used('peer'), 0);
    assert.notEqual(await acquire(false), undefined);
  });

  it('are told free as long as runs may wait in the journal, and again when one was parked', async () => {
    const { limits, state, acquire } = openLimits(1);
    const useOnce = async (): Promise<void> => {
      (await acquire(true))?.();
      await turn();
    };
    for (let times = 0; times < 4; times++) await useOnce();
    assert.equal(state.told, 2, 'once for the run that waited, once to learn that there are no others');
    limits.parked('peer');
    state.parked = 1;
    await useOnce();
    assert.equal(state.told, 3);
    assert.equal(state.parked, 0);
  });

  it('call those who wait in the journal while others still stand in the queue', async () => {
    const told: number[] = [];
    const limits = createDestinationLimits(async ({ limit }) => told.push(limit) > 0);
    const acquire = () => limits.acquire({ key: 'peer', places: 2, waitMs: PATIENT_MS, goesFirst: false });
    const [first, second] = [await acquire(), await acquire()];
    const queued = [acquire(), acquire(), acquire()];
    first?.();
    assert.deepEqual(told, [], 'two stand in the queue for two places');
    second?.();
    await turn();
    assert.deepEqual(told, [1]);
    for (const place of queued) (await place)?.();
  });

  it('are told free again when a run is parked while the journal is looked through', async () => {
    const looked = Promise.withResolvers<boolean>();
    let told = 0;
    const limits = createDestinationLimits(() => (++told === 1 ? looked.promise : Promise.resolve(false)));
    const use = async (): Promise<void> => {
      (await limits.acquire({ key: 'peer', places: 1, waitMs: PATIENT_MS, goesFirst: false }))?.();
    };
    await use();
    limits.parked('peer');
    looked.resolve(false);
    await turn();
    await use();
    assert.equal(told, 2);
  });
});
