import { type Command, Option } from 'commander';
import type { InboxJobItemState } from '../../core/inbox.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderJob, renderJobs } from '../views/inbox-job.ts';

interface PageOptions extends GlobalOptions {
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
  readonly state?: readonly InboxJobItemState[];
}

const DEFAULT_LIMIT = 20;
const ITEM_STATES: readonly InboxJobItemState[] = ['pending', 'applied', 'refused', 'left', 'taken-back', 'kept'];

/** `mapwright inbox jobs`: commands on many runs. */
export function registerInboxJobs(inbox: Command, runner: CommandRunner): void {
  const jobs = inbox.command('jobs').description('commands on many runs: how far they are, and an end to them');
  registerList(jobs, runner);
  registerShow(jobs, runner);
  registerStop(jobs, runner);
  registerUndo(jobs, runner);
  addExamples(jobs, ['mapwright inbox jobs', 'mapwright inbox jobs show 4', 'mapwright inbox jobs stop 4']);
}

function registerList(jobs: Command, runner: CommandRunner): void {
  const command = jobs
    .command('list', { isDefault: true })
    .description('the newest first; the same as inbox jobs alone')
    .option('--limit <number>', 'how many at most', wholeNumber, DEFAULT_LIMIT)
    .option('--before <id>', 'only jobs with a smaller number: the next page', wholeNumber)
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright inbox jobs', 'mapwright inbox jobs list --limit 50']);
}

function registerShow(jobs: Command, runner: CommandRunner): void {
  const command = jobs
    .command('show')
    .description('one job, and what became of its runs')
    .argument('<job>', "the job's number", wholeNumber)
    .addOption(new Option('--state <state...>', 'only runs in these states').choices(ITEM_STATES))
    .option('--limit <number>', 'how many runs at most', wholeNumber, DEFAULT_LIMIT)
    .option('--after <id>', 'only runs with a greater number: the next page', wholeNumber)
    .action((id: number, _options: unknown, self: Command) => show(id, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright inbox jobs show 4', 'mapwright inbox jobs show 4 --state refused kept']);
}

function registerStop(jobs: Command, runner: CommandRunner): void {
  const command = jobs
    .command('stop')
    .description('leave the runs that have not been reached as they are')
    .argument('<job>', "the job's number", wholeNumber)
    .action((id: number, _options: unknown, self: Command) =>
      stop(id, false, { options: self.optsWithGlobals(), runner }),
    );
  addExamples(command, ['mapwright inbox jobs stop 4']);
}

function registerUndo(jobs: Command, runner: CommandRunner): void {
  const command = jobs
    .command('undo')
    .description('stop it, and take back what no worker has begun')
    .argument('<job>', "the job's number", wholeNumber)
    .action((id: number, _options: unknown, self: Command) =>
      stop(id, true, { options: self.optsWithGlobals(), runner }),
    );
  addExamples(command, ['mapwright inbox jobs undo 4']);
}

async function list(options: PageOptions, runner: CommandRunner): Promise<void> {
  const { limit, before } = options;
  const jobs = await runner.withInstall(options, { create: false }, (administration) =>
    administration.inboxJobs({ limit, ...(before === undefined ? {} : { before }) }),
  );
  runner.show(options, { jobs }, () => renderJobs(jobs, runner.shell.clock.now()));
}

async function show(id: number, options: PageOptions, runner: CommandRunner): Promise<void> {
  const { limit, after, state } = options;
  const page = { limit, ...(after === undefined ? {} : { after }), ...(state === undefined ? {} : { state }) };
  const job = await runner.withInstall(options, { create: false }, (administration) =>
    administration.inboxJob({ id, ...page }),
  );
  runner.show(options, job, () => renderJob(job, { now: runner.shell.clock.now(), limit }));
}

async function stop(
  id: number,
  takeBack: boolean,
  { options, runner }: { readonly options: GlobalOptions; readonly runner: CommandRunner },
): Promise<void> {
  await runner.withInstall(options, { create: false }, (administration) =>
    administration.stopInboxJob({ id, takeBack, by: runner.shell.operator }),
  );
  runner.show(options, { job: id, takeBack }, () => [
    takeBack ? `job ${id} is being taken back: mapwright inbox jobs show ${id}` : `job ${id} is stopped`,
  ]);
}
