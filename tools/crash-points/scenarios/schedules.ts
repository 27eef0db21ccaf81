import type { CrashScenario } from '../scenario.ts';
import { orderDocuments } from './order-documents.ts';

const RECORDS = 505;
/** A day that has come and one that has not: the clock of a life begins right before an hour. */
const NEVER = 'at="03:00" dates="2099-01-01"';

/** A slot by the clock, and one by hand of more records than a page holds; a pause and its end. */
export const SCHEDULES: CrashScenario = {
  name: 'schedules',
  // How many slots nothing could fire at depends on when the process died.
  async prepare(install) {
    for (let number = 0; number < RECORDS; number++) {
      // The first few are chosen; the others are only looked at.
      const values = { no: `A${number}`, status: number % 100 === 0 ? 'old' : 'new' };
      await install.administration.createRecord({ module: 'Orders', values });
    }
    await install.scheduler.tick();
  },
  acts: [
    {
      name: 'it is paused',
      carryOut: ({ install }) => install.administration.pauseSchedule({ name: 'rest', by: 'admin' }),
    },
    {
      name: 'a slot by hand',
      async carryOut({ install, until }) {
        const { administration } = install;
        const find = async () => (await administration.schedules()).find(({ name }) => name === 'tidy');
        const state = await find();
        if (state?.last === undefined && state?.work === undefined) {
          await administration.runScheduleNow({ name: 'tidy', by: 'admin' });
        }
        await until('the slot is done', async () => (await find())?.last);
      },
    },
    {
      name: 'it is resumed',
      carryOut: ({ install }) => install.administration.resumeSchedule({ name: 'rest', by: 'admin' }),
    },
  ],
  isDone: async ({ install }) => {
    const schedules = await install.administration.schedules();
    return ['tidy', 'hour'].every((name) => schedules.some((one) => one.name === name && one.last !== undefined));
  },
  // The slot by hand is at the time at which it was asked for.
  differs: ['slots'],
  judge({ atEnd }) {
    const slots = (atEnd['run_triggers'] ?? []).map(({ run, trigger }) => ({
      run: String(run),
      trigger: JSON.parse(typeof trigger === 'string' ? trigger : JSON.stringify(trigger)) as {
        readonly schedule?: { readonly name: string; readonly slot: number };
      },
    }));
    const ofHour = slots.filter(({ trigger }) => trigger.schedule?.name === 'hour');
    const ofTidy = new Set(
      slots.flatMap(({ trigger: { schedule } }) => (schedule?.name === 'tidy' ? [schedule.slot] : [])),
    );
    return [
      ...(ofHour.length === 1 ? [] : [`the hour fired ${ofHour.length} times`]),
      ...(ofTidy.size === 1 ? [] : [`the slot by hand was worked as ${ofTidy.size} slots`]),
    ];
  },
  documents: [
    orderDocuments(
      'schedules',
      `
<workflow name="tidy" module="Orders"><trigger on="schedule" ${NEVER}><condition field="status" is="equal" value="old"/></trigger>
  <tasks><set-fields id="mark"><set field="turn" value="tidy"/></set-fields></tasks></workflow>
<workflow name="hour"><trigger on="schedule" every="1h"/><tasks><end id="end"/></tasks></workflow>
<workflow name="rest"><trigger on="schedule" ${NEVER}/><tasks><end id="end"/></tasks></workflow>`,
    ),
  ],
};
