import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Run } from '../../src/core/run.ts';
import type { SlotOutcome } from '../../src/core/schedule.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';
import { connectControl } from '../../src/server/control/control-client.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  '<field name="subject" label="Subject" type="string"/>',
);
const TIDY = nativeDocument(
  'workflow',
  'name="tidy" module="Orders"',
  '<trigger on="schedule" at="03:00" dates="2099-01-01"/><tasks><end id="end"/></tasks>',
);
const TICK = nativeDocument(
  'workflow',
  'name="tick"',
  '<trigger on="schedule" every="1s" missed="all"/><tasks><end id="end"/></tasks>',
);
const RECORDS = 1_500;
const MOST = 100_000;

const slotOf = ({ trigger }: Run): number => trigger.schedule?.slot ?? assert.fail('no slot');

it('a slot killed between its pages goes on where it was: a run for each record, and none twice', async (t) => {
  const folder = await temporaryFolder(t);
  const install = await openInstall({ folder, env: {} });
  await install.administration.apply({ documents: [ORDERS, TIDY], prune: false, dryRun: false, by: 'test' });
  const orders = Array.from({ length: RECORDS }, (_, index) =>
    install.administration.createRecord({ module: 'Orders', values: { subject: `order ${index}` } }),
  );
  const ids = (await Promise.all(orders)).map(({ id }) => id);
  await install.close();

  const server = await serve(t, folder);
  const client = (await connectControl(folder)) ?? assert.fail('no server');
  const asked = client.runScheduleNow({ name: 'tidy', by: 'anna' }).catch(() => 'killed');
  const accepted = await until('the first page is accepted', async () => {
    const [schedule] = await client.schedules();
    assert.equal(schedule?.last, undefined, 'the slot was over before it could be killed');
    return schedule?.work?.accepted === 0 ? undefined : schedule?.work?.accepted;
  });
  await server.end('SIGKILL');
  assert.equal(await asked, 'killed');
  assert.ok(accepted < RECORDS);

  const again = await serve(t, folder);
  const second = (await connectControl(folder)) ?? assert.fail('no server');
  const last = await until('the slot is done', async () => (await second.schedules())[0]?.last);
  assert.deepEqual([last.kind, last.accepted], ['accepted', RECORDS]);
  const runs = await second.runs({ workflow: 'tidy', limit: MOST });
  assert.deepEqual(runs.map(({ recordId }) => recordId ?? '').toSorted(), ids.toSorted());
  assert.equal(new Set(runs.map(slotOf)).size, 1);
  await again.end('SIGTERM');
});

it('a schedule of every second loses no slot and doubles none while its process is killed again and again', async (t) => {
  const folder = await temporaryFolder(t);
  const install = await openInstall({ folder, env: {} });
  await install.administration.apply({ documents: [TICK], prune: false, dryRun: false, by: 'test' });
  await install.close();
  let fired = 0;
  for (let life = 0; life < 3; life++) {
    const server = await serve(t, folder);
    const client = (await connectControl(folder)) ?? assert.fail('no server');
    fired = await until('two more slots fire', async () => {
      const { length } = await client.runs({ workflow: 'tick', limit: MOST });
      return length >= fired + 2 ? length : undefined;
    });
    await server.end('SIGKILL');
  }
  const after = await openInstall({ folder, env: {} });
  t.after(() => after.close());
  const slots = (await after.administration.runs({ workflow: 'tick', limit: MOST })).map(slotOf).toReversed();
  const [first = 0] = slots;
  assert.deepEqual(
    slots,
    slots.map((_, index) => first + 1_000 * index),
  );
});

it('two nodes on one database start each record once for each slot, whichever of them works on it', async (t) => {
  const database = await emptyDatabase();
  const open: Install[] = [];
  t.after(async () => {
    await Promise.all(open.map((node) => node.close()));
    await dropDatabase(database);
  });
  const folder = await temporaryFolder(t);
  const every = nativeDocument(
    'workflow',
    'name="tidy" module="Orders"',
    '<trigger on="schedule" every="4s"/><tasks><end id="end"/></tasks>',
  );
  const maker = await openInstall({ folder, database });
  await maker.administration.apply({ documents: [ORDERS, every], prune: false, dryRun: false, by: 'test' });
  const orders = Array.from({ length: 600 }, (_, index) =>
    maker.administration.createRecord({ module: 'Orders', values: { subject: `order ${index}` } }),
  );
  const ids = (await Promise.all(orders)).map(({ id }) => id).toSorted();
  await maker.close();
  const nodes = await Promise.all([1, 2, 3].map(() => openInstall({ folder, database })));
  open.push(...nodes);
  const [one] = nodes;
  assert.ok(one !== undefined);
  await Promise.all(nodes.map((node) => node.startWorker()));
  const done = new Map<number, SlotOutcome>();
  for (let slots = 1; slots <= 3; slots++) {
    await until(`${slots} slots are done`, async () => {
      await Promise.all(nodes.map((node) => node.scheduler.tick()));
      const [schedule] = await one.administration.schedules();
      if (schedule?.last?.accepted !== undefined) done.set(schedule.last.slot, schedule.last);
      return done.size >= slots || undefined;
    });
  }
  await one.administration.pauseSchedule({ name: 'tidy', by: 'test' });
  for (const { accepted } of done.values()) assert.equal(accepted, ids.length);
  const bySlot = Map.groupBy(await one.administration.runs({ workflow: 'tidy', limit: MOST }), slotOf);
  for (const slot of done.keys()) {
    const runs = bySlot.get(slot) ?? [];
    assert.deepEqual(runs.map(({ recordId }) => recordId ?? '').toSorted(), ids);
  }
});
