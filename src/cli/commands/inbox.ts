import type { Command } from 'commander';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { addFilterOptions, filterOf, type FilterOptions } from '../inbox-options.ts';
import { addPageOptions, pageBounds, type PageOptions } from '../page-options.ts';
import { renderInboxDetails } from '../views/inbox-details.ts';
import { renderInboxGroups, renderInboxItems } from '../views/inbox-list.ts';
import { registerInboxActions } from './inbox-actions.ts';
import { registerInboxJobs } from './inbox-jobs.ts';

type ListOptions = FilterOptions & PageOptions;

/** `mapwright inbox`: runs that need a person, and what can be done about them. */
export function registerInbox(program: Command, runner: CommandRunner): void {
  const inbox = program.command('inbox').description('runs that need a person, and what can be done about them');
  registerCauses(inbox, runner);
  registerList(inbox, runner);
  registerShow(inbox, runner);
  registerInboxActions(inbox, runner);
  registerInboxJobs(inbox, runner);
  addExamples(inbox, [
    'mapwright inbox                                          why runs stand, the most frequent cause first',
    'mapwright inbox show 3                                   what happened, and what fits now',
    'mapwright inbox retry 3                                  after the cause is mended',
    'mapwright inbox retry --cause CALL_REFUSED --dry-run     what would be tried again',
  ]);
}

function registerCauses(inbox: Command, runner: CommandRunner): void {
  const command = inbox
    .command('causes', { isDefault: true })
    .description('why runs stand or failed, the most frequent cause first; the same as inbox alone')
    .action((_options: unknown, self: Command) => causes(self.optsWithGlobals(), runner));
  addFilterOptions(command);
  addExamples(command, ['mapwright inbox', 'mapwright inbox causes --since 2h', 'mapwright inbox causes --json']);
}

function registerList(inbox: Command, runner: CommandRunner): void {
  const command = inbox
    .command('list')
    .description('the runs one by one, the newest first')
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addPageOptions(addFilterOptions(command), 'runs');
  addExamples(command, [
    'mapwright inbox list --cause CALL_REFUSED --destination warehouse',
    'mapwright inbox list --unowned --since 1d',
    'mapwright inbox list --state resolved ignored --limit 50',
  ]);
}

function registerShow(inbox: Command, runner: CommandRunner): void {
  const command = inbox
    .command('show')
    .description('one run: what happened, why, what people did, and what fits now')
    .argument('<run>', "the run's number", wholeNumber)
    .action((run: number, _options: unknown, self: Command) => show(run, self.optsWithGlobals(), runner));
  addExamples(command, ['mapwright inbox show 3', 'mapwright inbox show 3 --json']);
}

async function causes(options: FilterOptions, runner: CommandRunner): Promise<void> {
  const now = runner.shell.clock.now();
  const groups = await runner.withInstall(options, { create: false }, (administration) =>
    administration.inbox(filterOf(options, now)),
  );
  runner.show(options, { groups }, () => renderInboxGroups(groups, now));
}

async function list(options: ListOptions, runner: CommandRunner): Promise<void> {
  const now = runner.shell.clock.now();
  const page = pageBounds(options);
  const items = await runner.withInstall(options, { create: false }, (administration) =>
    administration.inboxItems({ ...filterOf(options, now), ...page }),
  );
  runner.show(options, { items }, () => renderInboxItems({ items, now, page }));
}

async function show(run: number, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const details = await runner.withInstall(options, { create: false }, (administration) =>
    administration.inboxItem({ run }),
  );
  runner.show(options, details, () => renderInboxDetails(details, runner.shell.clock.now()));
}
