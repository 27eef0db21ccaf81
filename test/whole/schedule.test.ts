import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 10:02 in Berlin. */
const START = Date.parse('2026-11-22T09:02:00Z');

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/><field name="status" label="Status" type="string"/>
   <field name="total" label="Total" type="number"/><field name="note" label="Note" type="string"/>`,
);

const workflow = (trigger: string, tasks = '<end id="end"/>', module = ' module="Orders"'): SourceFile =>
  nativeDocument('workflow', `name="tidy"${module}`, `${trigger}<tasks>${tasks}</tasks>`);

const everyFive = (attributes = ''): SourceFile =>
  workflow(`<trigger on="schedule" cron="*/5 * * * *" ${attributes}/>`, '<end id="end"/>', '');

class Clock {
  at = START;
  now = (): number => this.at;
}

interface World {
  readonly test: TestInstall;
  readonly clock: Clock;
  /** Lets time pass, and looks at the clock once. */
  readonly pass: (ms: number) => Promise<void>;
  /** The slots of all runs so far, as minutes after the start; oldest first. */
  readonly slots: () => Promise<number[]>;
}

/** An install whose clock stands until it is moved. */
async function world(t: TestContext, documents: readonly SourceFile[], worker = true): Promise<World> {
  const clock = new Clock();
  const test = await TestInstall.open(t, { documents, worker: false, clock });
  await test.install.scheduler.tick();
  if (worker) await test.install.startWorker();
  return {
    test,
    clock,
    pass: async (ms) => {
      clock.at += ms;
      await test.install.scheduler.tick();
    },
    slots: async () => (await test.runs()).map(({ trigger }) => ((trigger.schedule?.slot ?? 0) - START) / MINUTE),
  };
}

const entry = async ({ test }: World, name = 'tidy') => {
  const found = (await test.install.administration.schedules()).find((one) => one.name === name);
  return found ?? assert.fail(`no schedule ${name}`);
};

/** Looks at the clock until these slots have fired, and no others. */
const fired = (one: World, slots: readonly number[]) =>
  until(`slots ${slots.join(', ')}`, async () => {
    await one.pass(0);
    return JSON.stringify(await one.slots()) === JSON.stringify(slots) ? true : undefined;
  });

const told = ({ test }: World): string[] =>
  test.log.flatMap((line) => (line.startsWith('{"kind":"schedule-slot"') ? [JSON.parse(line).outcome] : []));

describe('a schedule', () => {
  it('starts its workflow at each slot, once, and the run knows the slot', async (t) => {
    const tasks = `<set-fields id="mark"><set field="note" template="{run.schedule} {run.scheduledAt}"/></set-fields>`;
    const one = await world(t, [ORDERS, workflow('<trigger on="schedule" cron="*/5 * * * *"/>', tasks)]);
    const { id } = await one.test.create({ subject: 'a' }, 'Orders');
    await one.pass(2 * MINUTE);
    assert.deepEqual(await one.slots(), []);
    await one.pass(MINUTE);
    await one.pass(0);
    assert.deepEqual(await one.slots(), [3]);
    const [run] = await one.test.allEnded(1);
    assert.deepEqual([run?.recordId, run?.trigger.event, run?.initiator], [id, 'schedule', '19x1']);
    assert.equal((await one.test.values(id))['note'], 'tidy 2026-11-22T09:05:00Z');
    await one.pass(5 * MINUTE);
    assert.deepEqual(await one.slots(), [3, 8]);
    const { next, last, missedSlots } = await entry(one);
    assert.deepEqual([next, last?.kind, last?.accepted, missedSlots], [START + 13 * MINUTE, 'accepted', 1, 0]);
  });

  it('without a module starts one run, and judges its condition on it', async (t) => {
    const when = `$number($substring(run.scheduledAt, 14, 2)) = 10`;
    const one = await world(t, [workflow(`<trigger on="schedule" every="5m" when="${when}"/>`, '<end id="end"/>', '')]);
    for (let turn = 0; turn < 4; turn++) await one.pass(5 * MINUTE);
    assert.deepEqual(await one.slots(), [8]);
  });

  it('starts a run for each record that its conditions hold for', async (t) => {
    const trigger = `<trigger on="schedule" every="5m" when="record.subject != 'c'">
        <condition field="status" is="equal" value="New"/><condition field="total" is="at-least" value="10"/>
        <legacy-conditions>[{"fieldname":"subject","operation":"is not","value":"d","valuetype":"rawtext"}]</legacy-conditions>
      </trigger>`;
    const one = await world(t, [ORDERS, workflow(trigger)]);
    for (const [subject, status, total] of [
      ['a', 'New', 10],
      ['b', 'New', 9],
      ['c', 'New', 11],
      ['d', 'New', 12],
      ['e', 'Old', 13],
      ['f', 'New', 14],
    ]) {
      await one.test.create({ subject: String(subject), status: String(status), total: Number(total) }, 'Orders');
    }
    await one.pass(5 * MINUTE);
    const runs = await one.test.allEnded(2);
    assert.deepEqual(
      runs.map(({ trigger: { record } }) => record['subject']),
      ['a', 'f'],
    );
    const { last } = await entry(one);
    assert.deepEqual([last?.accepted, (last?.looked ?? 0) < 6], [2, true]);
  });

  it('may let a rule or a record set choose the records', async (t) => {
    const search = (name: string, attributes: string): SourceFile =>
      nativeDocument(
        'rule',
        `name="${name}"`,
        `<search module="Orders" give="all" ${attributes}><condition field="total" is="greater" value="1"/></search>`,
      );
    const triggers = `<trigger on="schedule" name="all" every="5m" records="large"/>
      <trigger on="schedule" name="two" every="5m" records="largest"/>
      <trigger on="schedule" name="set" every="5m" records="Chosen"/>`;
    const set = {
      file: 'Chosen.xml',
      text: '<map><records><record><id>40x1</id><action>include</action></record></records></map>',
    };
    const one = await world(t, [
      ORDERS,
      search('large', ''),
      search('largest', 'order="-total" limit="2"'),
      set,
      workflow(triggers),
    ]);
    for (const total of [1, 2, 3, 4]) await one.test.create({ subject: String(total), total }, 'Orders');
    await one.pass(5 * MINUTE);
    const runs = await one.test.runs();
    const chosen = (name: string) =>
      runs.flatMap(({ trigger: { schedule, record } }) =>
        schedule?.name === `tidy/${name}` ? [record['subject']] : [],
      );
    assert.deepEqual([chosen('all'), chosen('two'), chosen('set')], [['2', '3', '4'], ['3', '4'], ['1']]);
  });

  it('whose rule fails says so, and goes on with the next slot', async (t) => {
    const rule = nativeDocument(
      'rule',
      'name="odd"',
      `<search module="Orders" give="all"><condition field="subject" is="equal" context="missing"/></search>`,
    );
    const one = await world(t, [ORDERS, rule, workflow('<trigger on="schedule" every="5m" records="odd"/>')]);
    await one.test.create({ subject: 'a' }, 'Orders');
    await one.pass(5 * MINUTE);
    const { last, work } = await entry(one);
    assert.deepEqual(
      [last?.kind, last?.reason?.split(' ')[0], work],
      ['failed', 'PARAMETER_SOURCE_MISSING', undefined],
    );
    await one.pass(5 * MINUTE);
    assert.deepEqual(told(one), ['failed', 'failed']);
  });
});

describe('slots that came while nothing could fire', () => {
  for (const [missed, expected, count] of [
    ['once', [58, 63], 10],
    ['all', [3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53, 58, 63], 0],
    ['skip', [63], 12],
  ] as const) {
    it(`with missed="${missed}" fire so`, async (t) => {
      const one = await world(t, [everyFive(`missed="${missed}"`)]);
      await one.pass(3 * MINUTE - 1);
      await one.pass(59 * MINUTE);
      await fired(one, expected.slice(0, -1));
      await one.pass(MINUTE + 1);
      await fired(one, expected);
      assert.equal((await entry(one)).missedSlots, missed === 'once' ? 11 : count);
    });
  }

  it('because the clock had been set back by hours do not fire a second time', async (t) => {
    const one = await world(t, [everyFive()]);
    await one.pass(3 * MINUTE);
    await one.pass(5 * MINUTE);
    assert.deepEqual(await one.slots(), [3, 8]);
    await one.pass(-5 * HOUR);
    assert.deepEqual((await entry(one)).next, START - 5 * HOUR + 13 * MINUTE);
    await one.pass(5 * HOUR - 6 * MINUTE);
    for (let turn = 0; turn < 8; turn++) await one.pass(MINUTE);
    assert.deepEqual(
      (await one.slots()).filter((slot) => slot >= 0),
      [3, 8],
    );
    await one.pass(3 * MINUTE);
    assert.deepEqual(
      (await one.slots()).filter((slot) => slot >= 0),
      [3, 8, 13],
    );
  });
});

describe('people and schedules', () => {
  it('pause, resume and run one now', async (t) => {
    const one = await world(t, [everyFive()]);
    const { administration } = one.test.install;
    const name = 'tidy';
    assert.equal((await administration.pauseSchedule({ name, by: 'anna' })).next, undefined);
    await one.pass(HOUR);
    assert.deepEqual(await one.slots(), []);
    assert.equal((await entry(one)).paused?.by, 'anna');
    const ran = await administration.runScheduleNow({ name, by: 'anna' });
    assert.deepEqual([ran.last?.by, ran.last?.accepted, ran.work], ['anna', 1, undefined]);
    assert.deepEqual(await one.slots(), [60]);
    const resumed = await administration.resumeSchedule({ name, by: 'anna' });
    assert.deepEqual([resumed.next, resumed.missedSlots], [START + 63 * MINUTE, 0]);
    await one.pass(3 * MINUTE);
    assert.deepEqual(await one.slots(), [60, 63]);
    assert.deepEqual(await administration.nextSlots({ name, count: 2 }), {
      zone: one.test.install.engine.timeZone,
      slots: [START + 68 * MINUTE, START + 73 * MINUTE],
    });
    await assert.rejects(administration.pauseSchedule({ name: 'tidi', by: 'anna' }), {
      code: 'SCHEDULE_UNKNOWN',
      hint: 'did you mean "tidy"?',
    });
  });

  it('change when it fires: the next slot is by the new time; what is taken away never fires', async (t) => {
    const one = await world(t, [everyFive()]);
    await one.pass(2 * MINUTE);
    await one.test.apply([workflow('<trigger on="schedule" cron="*/7 * * * *"/>', '<end id="end"/>', '')]);
    await one.pass(MINUTE);
    assert.deepEqual([await one.slots(), (await entry(one)).next], [[], START + 5 * MINUTE]);
    await one.pass(2 * MINUTE);
    await one.test.apply([workflow('<trigger on="manual"/>', '<end id="end"/>', '')]);
    await one.pass(HOUR);
    assert.deepEqual([await one.slots(), await one.test.install.administration.schedules()], [[5], []]);
  });
});

describe('a slot that comes while the one before is being worked', () => {
  it('waits for that, and is told to', async (t) => {
    const one = await world(t, [everyFive()], false);
    await one.pass(3 * MINUTE);
    await one.pass(5 * MINUTE);
    await one.pass(0);
    assert.deepEqual([await one.slots(), told(one)], [[3], ['accepted', 'waits']]);
    await one.test.install.startWorker();
    await fired(one, [3, 8]);
  });

  it('is left out with overlap="skip"', async (t) => {
    const one = await world(t, [everyFive('overlap="skip"')], false);
    await one.pass(3 * MINUTE);
    await one.pass(5 * MINUTE);
    assert.deepEqual([await one.slots(), told(one)], [[3], ['accepted', 'skipped']]);
    await one.test.install.startWorker();
    await one.test.allEnded(1);
    await one.pass(5 * MINUTE);
    assert.deepEqual(await one.slots(), [3, 13]);
  });

  it('does not wait for runs that wait for a person', async (t) => {
    const stuck = `<create-record id="x" module="Orders"><set field="total" jsonata="'much'"/></create-record>`;
    const trigger = '<trigger on="schedule" every="5m" overlap="skip"/>';
    const one = await world(t, [ORDERS, workflow(trigger, stuck, '')]);
    await one.pass(5 * MINUTE);
    const [run] = await one.test.runs();
    await one.test.waiting(run?.id ?? 0, 'person');
    await one.pass(5 * MINUTE);
    assert.deepEqual(await one.slots(), [3, 8]);
  });
});
