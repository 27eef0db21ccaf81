import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScheduleState } from '../../src/core/schedule.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

const BEGUN: ScheduleState = {
  name: 'nightly',
  version: 0,
  revision: 3,
  timing: '{"kind":"every","everyMs":60000}',
  settledUntil: 1_800_000_000_000,
  paused: undefined,
  work: undefined,
  holder: undefined,
  last: undefined,
  missed: 0,
};

const WORKING: ScheduleState = {
  ...BEGUN,
  version: 1,
  paused: { at: 1_800_000_000_500, by: 'anna' },
  work: { slot: 5, by: undefined, startedAt: 6, after: '14x9', looked: 500, accepted: 17 },
  holder: { owner: 'node-a', until: 1_800_000_030_000 },
  last: {
    slot: 1,
    by: 'bert',
    kind: 'failed',
    startedAt: 2,
    endedAt: 3,
    looked: 4,
    accepted: 0,
    reason: 'A "\u0000" B',
  },
  missed: 12,
};

/** What every store of schedules does. */
export function scheduleContract(name: string, factory: InstallFactory): void {
  describe(`schedules: ${name}`, () => {
    it('are kept whole, by name, also over a restart', async (context) => {
      const install = await factory();
      context.after(() => install.remove());
      const store = await install.open();
      assert.equal(await store.schedules.schedule('nightly'), undefined);
      assert.equal(await store.schedules.save(BEGUN), true);
      assert.equal(await store.schedules.save({ ...BEGUN, name: 'Hourly' }), true);
      assert.equal(await store.schedules.save(WORKING), true);
      await store.close();
      const again = await install.open();
      context.after(() => again.close());
      assert.deepEqual(await again.schedules.schedule('nightly'), { ...WORKING, version: 2 });
      assert.deepEqual(
        (await again.schedules.schedules()).map((one) => [one.name, one.version]),
        [
          ['Hourly', 1],
          ['nightly', 2],
        ],
      );
    });

    it('are saved only on the version that was decided on', async (context) => {
      const { schedules } = await freshStore(context, factory);
      assert.equal(await schedules.save(WORKING), false);
      const made = await Promise.all([schedules.save(BEGUN), schedules.save({ ...BEGUN, missed: 9 })]);
      assert.deepEqual(made.toSorted(), [false, true]);
      const changes = Array.from({ length: 8 }, (_, index) => schedules.save({ ...WORKING, missed: index }));
      assert.equal((await Promise.all(changes)).filter(Boolean).length, 1);
      assert.equal((await schedules.schedule('nightly'))?.version, 2);
    });

    it('are forgotten only on the version that was decided on', async (context) => {
      const { schedules } = await freshStore(context, factory);
      await schedules.save(BEGUN);
      assert.equal(await schedules.remove({ name: 'nightly', version: 2 }), false);
      assert.equal(await schedules.remove({ name: 'nightly', version: 1 }), true);
      assert.equal(await schedules.remove({ name: 'nightly', version: 1 }), false);
      assert.deepEqual(await schedules.schedules(), []);
    });
  });
}
