import { MapwrightError } from '../../core/error.ts';
import type { InboxFilter, InboxJob } from '../../core/inbox.ts';
import type { Run } from '../../core/run.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import { fittingCommands } from '../../engine/intervention/fitting-commands.ts';
import { outputsOf } from '../../engine/intervention/given-output.ts';
import type { RunCommand } from '../../engine/intervention/run-command.ts';
import { sealedCommand, shownCommand } from '../../engine/intervention/sealed-command.ts';
import { currentTask } from '../../engine/progress.ts';
import type { RunDetails } from '../administration.ts';
import type { InboxAdministration, InboxDetails } from '../inbox-administration.ts';
import { userNamed } from '../user-named.ts';
import { commandRun, existingRun, type RunControlParts } from './run-control.ts';

const SHOWN_HISTORY = 50;
const PER_SECOND = 100;

interface Parts extends RunControlParts {
  readonly identities: IdentityStore;
  readonly details: (run: Run) => Promise<RunDetails>;
  /** There is a new job, or one to be undone. */
  readonly wakeJobs: () => void;
}

/** What an administrator can do with runs that need a person. */
export function inboxCommands(parts: Parts): InboxAdministration {
  const { store, engine, identities } = parts;
  const { inbox } = store;
  return {
    inbox: (filter) => inbox.groups(filter),
    inboxItems: (filter) => inbox.items(filter),
    inboxItem: async ({ run }) => inboxDetails(parts, await existingRun(parts, run)),
    async commandRun({ run, command, ...giver }) {
      const wanted = await readable(identities, command);
      await commandRun(parts, { run, command: wanted, head: { ...giver, at: engine.clock.now() } });
      return { successor: command.kind === 'restart' ? (await inbox.restarts(run)).successor : undefined };
    },
    async previewInbox({ filter }) {
      const groups = await inbox.groups(filter);
      return { groups, count: groups.reduce((sum, { count }) => sum + count, 0) };
    },
    async commandInbox({ filter, command, perSecond = PER_SECOND, by, origin, reason }) {
      const wanted = await readable(identities, command);
      const stored = sealedCommand(engine.sealer, wanted);
      const at = engine.clock.now();
      const job = await inbox.addJob({ at, by, origin, reason, command: stored, perSecond }, filter);
      if (job === undefined) throw emptySelection(filter);
      parts.wakeJobs();
      return shownJob(job);
    },
    inboxJobs: async (params) => (await inbox.jobs(params)).map(shownJob),
    async inboxJob({ id, ...page }) {
      const job = await existingJob(parts, id);
      return { ...shownJob(job), items: await inbox.jobItems({ job: id, ...page }) };
    },
    async stopInboxJob({ id, takeBack }) {
      const job = await existingJob(parts, id);
      if (!(await inbox.stopJob({ id, at: engine.clock.now(), takeBack }))) throw jobEnded(job);
      parts.wakeJobs();
    },
  };
}

async function inboxDetails(parts: Parts, run: Run): Promise<InboxDetails> {
  const { inbox } = parts.store;
  const [details, item, history, restarts, catalog] = await Promise.all([
    parts.details(run),
    inbox.item(run.id),
    inbox.history({ run: run.id, limit: SHOWN_HISTORY }),
    inbox.restarts(run.id),
    parts.engine.catalogAt(run.revision),
  ]);
  const workflow = catalog?.workflows.get(run.workflow);
  const task = workflow?.tasks.get(currentTask(run.progress) ?? '');
  return {
    ...details,
    item,
    history,
    ...restarts,
    fits: fittingCommands(run, item),
    tasks: [...(workflow?.tasks.keys() ?? [])].filter((one) => workflow?.after.has(one) === true),
    outputs: task === undefined ? [] : outputsOf(task).map(({ name }) => name),
  };
}

/** The command with what it names looked up: a job is carried out later, when nobody could be told. */
async function readable(identities: IdentityStore, command: RunCommand): Promise<RunCommand> {
  if (command.kind === 'assign' && command.owner !== null) await userNamed(identities, command.owner);
  return command;
}

function shownJob(job: InboxJob): InboxJob {
  return { ...job, command: shownCommand(job.command) };
}

async function existingJob({ store }: Parts, id: number): Promise<InboxJob> {
  const job = await store.inbox.job(id);
  if (job !== undefined) return job;
  throw new MapwrightError('INBOX_JOB_UNKNOWN', `there is no job ${id}`, {
    hint: 'mapwright inbox jobs shows those there are',
  });
}

function emptySelection(filter: InboxFilter): MapwrightError {
  const what = Object.keys(filter).length === 0 ? 'the inbox is empty' : 'nothing in the inbox is like that';
  return new MapwrightError('INBOX_SELECTION_EMPTY', `${what}: there is nothing to do`, {
    hint: 'mapwright inbox shows what there is; --state resolved ignored looks at the rest',
  });
}

function jobEnded({ id, state, counts }: InboxJob): MapwrightError {
  const rest =
    counts.applied > 0 && state !== 'undone'
      ? `; what it did and nobody has begun can still be taken back: mapwright inbox jobs undo ${id}`
      : '';
  return new MapwrightError('INBOX_JOB_ENDED', `job ${id} is ${state}: there is nothing left to stop`, {
    hint: `mapwright inbox jobs show ${id} tells what it did${rest}`,
  });
}
