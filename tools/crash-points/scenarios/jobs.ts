import type { CommandGiver, RunCommand } from '../../../src/runtime/inbox-administration.ts';
import type { Run } from '../../../src/core/run.ts';
import { type CrashEvidence, rowsOf } from '../crash-evidence.ts';
import type { Act, CrashScenario, CrashWorld } from '../scenario.ts';
import { DEEDS } from './inbox.ts';
import { parkOrders } from './parked-orders.ts';
import { orderDocuments, sendingMap } from './order-documents.ts';

const OF_EACH = 2;
/** Slow enough that some of its runs have not begun when it is taken back. */
const UNDONE = 'undone';

/** Each command has its orders; `undone` is taken back. */
const VERBS = [...Object.keys(DEEDS), UNDONE];

/** Whoever gets no answer looks whether there is such a job, by its reason, before asking again. */
function jobOf(reason: string, command: RunCommand, perSecond?: number): Act {
  return {
    name: `job ${reason}`,
    async carryOut({ install, until }) {
      const { administration } = install;
      const find = async () => (await administration.inboxJobs({ limit: 100 })).find((job) => job.reason === reason);
      if ((await find()) === undefined) {
        const giver: CommandGiver = { by: 'admin', origin: 'crash-points', reason };
        const runs = await runsOf({ install }, reason);
        await administration.commandInbox({
          ...giver,
          command,
          filter: { runs: runs.map(({ id }) => id) },
          ...(perSecond === undefined ? {} : { perSecond }),
        });
      }
      if (reason !== UNDONE)
        await until('the job is done', async () => ((await find())?.state === 'done' ? true : undefined));
    },
  };
}

async function runsOf({ install }: Pick<CrashWorld, 'install'>, verb: string): Promise<readonly Run[]> {
  const { records } = await install.crm.query(`select id from Orders where no = '${verb}';`);
  const found = await Promise.all(
    records.map(({ id }) => install.administration.runs({ recordId: id, waiting: true, limit: 10 })),
  );
  return found.flat();
}

const takenBack: Act = {
  name: 'the job is taken back',
  doneIf: ['INBOX_JOB_ENDED'],
  async carryOut({ install, until }) {
    const { administration } = install;
    const find = async () => (await administration.inboxJobs({ limit: 100 })).find((job) => job.reason === UNDONE);
    const job = await find();
    await administration.stopInboxJob({ id: job?.id ?? 0, takeBack: true, by: 'admin' });
    await until('it is taken back', async () => ((await find())?.state === 'undone' ? true : undefined));
  },
};

/** What became of each run is what the job says of it: a run that was taken back waits as before, and all others went on. */
function judgeUndone({ atEnd }: CrashEvidence): readonly string[] {
  const job = rowsOf(atEnd, 'inbox_jobs').find(({ reason }) => reason === UNDONE);
  const items = rowsOf(atEnd, 'inbox_job_items').filter((item) => Number(item['job']) === Number(job?.['id']));
  const statuses = new Map(rowsOf(atEnd, 'runs').map(({ id, status }) => [Number(id), String(status)]));
  return [
    ...(items.length === OF_EACH ? [] : [`the job that was taken back has ${items.length} runs`]),
    ...items.flatMap(({ run, state }) => {
      const status = statuses.get(Number(run));
      const hasWaited = state === 'taken-back' || state === 'left';
      return status === (hasWaited ? 'running' : 'completed')
        ? []
        : [`run ${String(run)} is ${String(state)} and ${status}`];
    }),
  ];
}

/** Each command on many runs at once, and one that is taken back. */
export const JOBS: CrashScenario = {
  name: 'jobs',
  // How many calls a job made before it was taken back depends on when that was.
  free: ['/refused'],
  prepare: (install) =>
    parkOrders(
      install,
      VERBS.flatMap((verb) => Array.from({ length: OF_EACH }, () => verb)),
    ),
  acts: [
    { name: 'accept', carryOut: ({ tellPeer }) => tellPeer('accept') },
    ...Object.entries(DEEDS).map(([kind, { command }]) => jobOf(kind, command)),
    jobOf(UNDONE, { kind: 'retry' }, 1),
    takenBack,
  ],
  // How many runs had begun before the job was taken back depends on when that was: judged on its own.
  differs: ['inbox', 'inbox_job_items', 'runs', 'steps', 'record_history', 'audit', 'm_Orders'],
  judge(evidence) {
    const items = rowsOf(evidence.atEnd, 'inbox_job_items');
    const jobs = new Map(rowsOf(evidence.atEnd, 'inbox_jobs').map(({ id, reason }) => [Number(id), String(reason)]));
    const deeds = rowsOf(evidence.atEnd, 'audit').filter(({ took_effect: effect }) => effect === true || effect === 1);
    const twice = Map.groupBy(deeds, ({ run, action }) => `${String(run)} ${String(action)}`);
    return [
      ...judgeUndone(evidence),
      ...items.flatMap(({ job, state }) => {
        const reason = jobs.get(Number(job)) ?? '';
        // What is open already cannot be opened again.
        const expected = reason === 'reopen' || reason === 'not-done' ? 'refused' : 'applied';
        return reason === UNDONE || state === expected ? [] : [`a run of ${reason} is ${String(state)}`];
      }),
      ...[...twice].flatMap(([deed, times]) => (times.length === 1 ? [] : [`done ${times.length} times: ${deed}`])),
    ];
  },
  documents: [
    orderDocuments(
      'jobs',
      `${sendingMap('send', '/refused')}
<workflow name="order" module="Orders"><trigger on="create"/><tasks>
  <webservice id="send" map="send"/><set-fields id="mark"><set field="status" value="passed"/></set-fields>
</tasks></workflow>`,
    ),
  ],
};
