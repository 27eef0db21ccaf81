import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import type { ScheduleState, ScheduleStore } from '../../src/core/schedule.ts';
import { createScheduler } from '../../src/engine/schedule/scheduler.ts';
import type { ScheduleParts } from '../../src/engine/schedule/schedule-parts.ts';
import { openInstall } from '../../src/runtime/install.ts';
import type { Store } from '../../src/store/store.ts';
import { freshStore } from '../contract/test-install.ts';
import { sqliteInstall } from '../store/sqlite-install.ts';
import { temporaryFolder } from '../whole/command-line.ts';
import { nativeDocument } from '../whole/documents.ts';

const RECORDS = 1_100;
const START = Date.parse('2026-11-22T09:02:00Z');

const DOCUMENTS = [
  nativeDocument(
    'module',
    'name="Orders" label="Orders" prefix="40" title="subject"',
    '<field name="subject" label="Subject" type="string"/>',
  ),
  nativeDocument(
    'workflow',
    'name="tidy" module="Orders"',
    '<trigger on="schedule" every="5m"/><tasks><end id="end"/></tasks>',
  ),
];

interface World {
  readonly parts: ScheduleParts;
  readonly clock: { at: number };
  /** The slot and record of every run that was accepted. */
  readonly accepted: string[];
}

/** Records in an install, and schedules and runs in a store of their own, which a test can let fail. */
async function world(t: TestContext): Promise<World> {
  const clock = { at: START, now: () => clock.at };
  const install = await openInstall({ folder: await temporaryFolder(t), env: {}, clock });
  t.after(() => install.close());
  await install.administration.apply({ documents: DOCUMENTS, prune: false, dryRun: false, by: 'test' });
  const orders = Array.from({ length: RECORDS }, (_, index) =>
    install.administration.createRecord({ module: 'Orders', values: { subject: `order ${index}` } }),
  );
  await Promise.all(orders);
  const store = await freshStore(t, sqliteInstall);
  const accepted: string[] = [];
  const { engine, catalog } = install;
  const records = noting(store, accepted);
  const parts = { engine, catalog, records, store: store.schedules, owner: 'one', onAccepted: () => undefined };
  await createScheduler(parts).tick();
  clock.at += 3 * 60_000;
  return { parts, clock, accepted };
}

function noting({ records }: Store, accepted: string[]): ScheduleParts['records'] {
  return {
    async commit(unit) {
      const result = await records.commit(unit);
      if (result.kind === 'committed') accepted.push(...unit.runs.map((run) => run.recordId ?? ''));
      return result;
    },
  };
}

/** A store in whose place the process dies at the save that `dies` tells. */
function mortal(store: ScheduleStore, dies: (state: ScheduleState) => boolean): ScheduleStore {
  return {
    ...store,
    save: (state) =>
      dies(state) ? Promise.reject(new MapwrightError('STORE_UNAVAILABLE', 'the process is dead')) : store.save(state),
  };
}

describe('a slot', () => {
  it('that dies between any page and its progress goes on without a second run for anybody', async (t) => {
    const { parts, accepted, clock } = await world(t);
    // Looked at so many records, or done.
    for (const looked of [500, 1_000, 'done']) {
      const dies = ({ work, last }: ScheduleState): boolean =>
        looked === 'done' ? work === undefined && last !== undefined : work?.looked === looked;
      await createScheduler({ ...parts, store: mortal(parts.store, dies), owner: `dead at ${looked}` }).tick();
      assert.notEqual((await parts.store.schedule('tidy'))?.work, undefined);
      clock.at += 31_000;
    }
    await createScheduler({ ...parts, owner: 'next' }).tick();
    const state = await parts.store.schedule('tidy');
    assert.deepEqual([state?.work, state?.last?.accepted, state?.last?.looked], [undefined, RECORDS, RECORDS]);
    assert.deepEqual([accepted.length, new Set(accepted).size], [RECORDS, RECORDS]);
  });

  it('that a node held too long, and another took over, is worked by both without a second run for anybody', async (t) => {
    const { parts, accepted, clock } = await world(t);
    let others: Promise<void> | undefined;
    const slow: ScheduleParts = {
      ...parts,
      owner: 'zombie',
      records: {
        async commit(unit) {
          // Half a minute passes before its second page: another node takes the slot.
          if (accepted.length > 0 && others === undefined) {
            clock.at += 31_000;
            others = createScheduler({ ...parts, owner: 'heir' }).tick();
            await others;
          }
          return parts.records.commit(unit);
        },
      },
    };
    await createScheduler(slow).tick();
    assert.notEqual(others, undefined);
    const state = await parts.store.schedule('tidy');
    assert.deepEqual([state?.work, state?.last?.accepted], [undefined, RECORDS]);
    assert.deepEqual([accepted.length, new Set(accepted).size], [RECORDS, RECORDS]);
  });

  it('leaves a slot alone that another node holds', async (t) => {
    const { parts, accepted } = await world(t);
    const dies = ({ work }: ScheduleState): boolean => work?.looked === 500;
    await createScheduler({ ...parts, store: mortal(parts.store, dies) }).tick();
    assert.equal(accepted.length, 500);
    await createScheduler({ ...parts, owner: 'other' }).tick();
    assert.equal(accepted.length, 500);
    await createScheduler(parts).tick();
    assert.equal(accepted.length, RECORDS);
  });
});
