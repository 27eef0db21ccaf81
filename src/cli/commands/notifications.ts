import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderNotifications } from '../views/notification-list.ts';

interface ListOptions extends GlobalOptions {
  readonly user?: string;
  readonly all?: boolean;
  readonly limit: number;
  readonly before?: number;
}

const DEFAULT_LIMIT = 20;

/** `mapwright notifications`: what runs told people. */
export function registerNotifications(program: Command, runner: CommandRunner): void {
  const command = program
    .command('notifications')
    .description('what runs told people: unread ones, the newest first')
    .option('--user <name>', 'only those of this user')
    .option('--all', 'read ones too')
    .option('--limit <number>', 'how many at most', wholeNumber, DEFAULT_LIMIT)
    .option('--before <id>', 'only those with a smaller number: the next page', wholeNumber)
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright notifications --user anna',
    'mapwright notifications --all --limit 100',
    'mapwright notifications read 12 13',
  ]);
  const read = command
    .command('read')
    .description('mark notifications as read')
    .argument('<id...>', 'their numbers', (written: string, before: readonly number[] | undefined) => [
      ...(before ?? []),
      wholeNumber(written),
    ])
    .action((ids: readonly number[], _options: unknown, self: Command) => mark(ids, self.optsWithGlobals(), runner));
  addExamples(read, ['mapwright notifications read 12', 'mapwright notifications read 12 13 14']);
}

function wholeNumber(written: string): number {
  if (!/^[1-9][0-9]{0,14}$/u.test(written)) throw new InvalidArgumentError('It must be a whole number from 1 up.');
  return Number(written);
}

async function list(options: ListOptions, runner: CommandRunner): Promise<void> {
  const { user, all = false, limit, before } = options;
  const notifications = await runner.withInstall(options, { create: false }, (administration) =>
    administration.notifications({
      all,
      limit,
      ...(user === undefined ? {} : { user }),
      ...(before === undefined ? {} : { before }),
    }),
  );
  runner.show(options, { notifications }, () =>
    renderNotifications({ notifications, all, now: runner.shell.clock.now(), more: notifications.length === limit }),
  );
}

async function mark(ids: readonly number[], options: GlobalOptions, runner: CommandRunner): Promise<void> {
  await runner.withInstall(options, { create: false }, (administration) => administration.readNotifications({ ids }));
  const what = ids.length === 1 ? `notification ${ids[0]} is` : `${ids.length} notifications are`;
  runner.show(options, { read: ids }, () => [`${what} marked as read`]);
}
