import type { Command } from 'commander';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { installDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import { requireInstall } from '../open-administration.ts';
import { remoteInstall } from '../remote-install.ts';
import { UsageError } from '../usage-error.ts';
import { renderHeld } from '../views/restore.ts';

interface AfterRestoreOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly runOn?: boolean;
  readonly numbersAhead?: number;
}

/** `mapwright after-restore`: what `restore` does besides, for databases that other tools have restored. */
export function registerAfterRestore(program: Command, runner: CommandRunner): void {
  const command = program
    .command('after-restore')
    .description('after pg_restore or a snapshot, before the first node starts: unfinished runs wait for a person')
    .option('--yes', 'do it without being asked')
    .option('--run-on', 'let unfinished runs go on by themselves: what they did after the backup is done again')
    .option('--numbers-ahead <number>', 'new records and runs get numbers so much higher (10,000,000)', wholeNumber)
    .action((_options: unknown, self: Command) => run(self.optsWithGlobals(), runner));
  addExamples(command, [
    'DATABASE_URL=postgres://me:secret@db/mapwright mapwright after-restore --yes',
    'mapwright after-restore --dir /srv/mapwright --yes      a folder that came from a snapshot of the disk',
  ]);
}

async function run(options: AfterRestoreOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  if (remoteInstall(options, { ...shell, printError: () => undefined }).remote !== undefined) {
    throw new UsageError('after-restore works beside the database', 'leave --url and MAPWRIGHT_URL out');
  }
  const folder = await installFolder(options, shell);
  const database = installDatabase(options, shell);
  await requireInstall(folder, database);
  const { afterRestore } = await import('../../runtime/restore/after-restore.ts');
  const { NUMBERS_AHEAD } = await import('../../runtime/restore/restore-install.ts');
  const { yes = false, runOn = false } = options;
  const hold = !runOn;
  const held = await afterRestore({
    folder,
    database,
    env: shell.environment,
    clock: shell.clock,
    by: shell.operator,
    hold,
    ahead: options.numbersAhead ?? NUMBERS_AHEAD,
    confirm(unfinished) {
      if (yes) return;
      const what = hold ? `make ${unfinished} runs wait for a person` : `let ${unfinished} runs go on`;
      throw new UsageError(`this would ${what}, and skip numbers that may have been given`, 'add --yes to do it');
    },
  });
  runner.show(options, { hold, held }, () => renderHeld(held, hold));
}
