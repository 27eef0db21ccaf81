import type { RunCommand, RunCommandKind } from '../../../src/runtime/inbox-administration.ts';
import type { Run } from '../../../src/core/run.ts';
import { MapwrightError } from '../../../src/core/error.ts';
import { type CrashEvidence, rowsOf } from '../crash-evidence.ts';
import type { Act, CrashScenario, CrashWorld } from '../scenario.ts';
import { orderDocuments, sendingMap } from './order-documents.ts';
import { parkOrders } from './parked-orders.ts';

/** What somebody does about one parked run. */
interface Deed {
  readonly command: RunCommand;
  /** True when the run, or its row, is as it is after the command: nothing is left to do. */
  readonly isDone: (run: Run, state: string | undefined, owner: string | undefined) => boolean;
}

const isOver = ({ status }: Run): boolean => status === 'completed';
const isCanceled = ({ status }: Run): boolean => status === 'canceled';

/** Every command there is: one that is added does not compile until it stands here. */
export const DEEDS: Readonly<Record<RunCommandKind, Deed>> = {
  retry: { command: { kind: 'retry' }, isDone: isOver },
  'not-done': { command: { kind: 'not-done' }, isDone: isOver },
  skip: { command: { kind: 'skip' }, isDone: isOver },
  done: { command: { kind: 'done', outputs: { remote_id: 'by hand' } }, isDone: isOver },
  restart: { command: { kind: 'restart' }, isDone: isCanceled },
  cancel: { command: { kind: 'cancel' }, isDone: isCanceled },
  acknowledge: { command: { kind: 'acknowledge', note: 'seen' }, isDone: (_, state) => state === 'acknowledged' },
  ignore: { command: { kind: 'ignore', note: 'let it be' }, isDone: (_, state) => state === 'ignored' },
  assign: { command: { kind: 'assign', owner: 'admin' }, isDone: (_run, _state, owner) => owner === 'admin' },
  reopen: { command: { kind: 'reopen', note: 'again' }, isDone: () => true },
};

/** The numbers of the orders are the commands that their runs get; the order `reopen` is acknowledged before. */
const KINDS = Object.keys(DEEDS);

/** Gives the run its command until it is as it should be: whoever got no answer looks, and asks again. */
function deed(kind: string, { command, isDone }: Deed, order = kind): Act {
  return {
    name: `${kind} of ${order}`,
    carryOut: ({ install, until }) =>
      until(`${kind} is done`, async () => {
        const { administration, crm } = install;
        const [record] = (await crm.query(`select id from Orders where no = '${order}';`)).records;
        const runs = await administration.runs({ recordId: record?.id ?? '', limit: 10 });
        const run = runs.toSorted((one, other) => one.id - other.id)[0];
        if (run === undefined) return undefined;
        const { item, fits } = await administration.inboxItem({ run: run.id });
        if (item !== undefined && isDone(run, item.state, item.owner)) return true;
        if (item !== undefined && fits.includes(command.kind) && item.state !== 'resolved') {
          await administration
            .commandRun({ run: run.id, command, by: 'admin', origin: 'crash-points' })
            .catch(refuseFaults);
        }
        return undefined;
      }),
  };
}

/** What is too late, or fits no more, is seen at the next look. */
function refuseFaults(thrown: unknown): void {
  if (!(thrown instanceof MapwrightError) || !thrown.code.startsWith('RUN_')) throw thrown;
}

const reopened: Act = {
  name: 'reopen',
  async carryOut(world: CrashWorld) {
    const { command } = DEEDS.reopen;
    await deed('reopen', { command, isDone: (_, state) => state === 'open' }, 'reopen').carryOut(world);
  },
};

/** Every command took effect as often as it was given. */
function judgeCommands({ atEnd }: CrashEvidence): readonly string[] {
  const took = rowsOf(atEnd, 'audit').filter(({ took_effect: effect }) => Number(effect) === 1);
  return KINDS.flatMap((kind) => {
    const times = took.filter(({ action }) => action === kind).length;
    // The order that is to be reopened is acknowledged first.
    const wanted = kind === 'acknowledge' ? 2 : 1;
    const isRight = times === wanted || (kind === 'not-done' && times === wanted + 1);
    return isRight ? [] : [`${kind} took effect ${times} times instead of ${wanted}`];
  });
}

/** Runs that wait for a person, and everything that a person can do about them. */
export const INBOX: CrashScenario = {
  name: 'inbox',
  retried: ['/refused', '/doubtful'],
  prepare: (install) => parkOrders(install, KINDS),
  // A call in doubt that is sent again on somebody's word, and dies again, is in doubt again: somebody is asked once more.
  differs: ['audit'],
  judge: judgeCommands,
  acts: [
    { name: 'accept', carryOut: ({ tellPeer }) => tellPeer('accept') },
    deed('acknowledge', DEEDS.acknowledge, 'reopen'),
    reopened,
    ...Object.entries(DEEDS).flatMap(([kind, given]) => (kind === 'reopen' ? [] : [deed(kind, given)])),
  ],
  documents: [
    orderDocuments(
      'inbox',
      `${sendingMap('send', '/refused')}${sendingMap('ask', '/doubtful', 'ask')}
<workflow name="order" module="Orders"><trigger on="create"/><tasks>
  <choose id="way">
    <when field="no" is="equal" value="not-done"><webservice id="ask" map="ask"/></when>
    <otherwise><webservice id="send" map="send"/></otherwise>
  </choose>
  <set-fields id="mark"><set field="status" value="passed"/></set-fields>
</tasks></workflow>`,
    ),
  ],
};
