import { resolve } from 'node:path';
import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { RestorePreview } from '../../runtime/restore/restore-install.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { installDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import { missingFile } from '../missing-file.ts';
import { remoteInstall } from '../remote-install.ts';
import { UsageError } from '../usage-error.ts';
import { renderRestored, renderRestorePreview } from '../views/restore.ts';

interface RestoreOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly runOn?: boolean;
  readonly otherInstall?: boolean;
  readonly anyKey?: boolean;
  readonly numbersAhead?: number;
}

/** `mapwright restore`: puts a backup in the place of an install that nobody works on. */
export function registerRestore(program: Command, runner: CommandRunner): void {
  const command = program
    .command('restore')
    .description('put a backup in the place of the install; unfinished runs wait for a person then')
    .argument('<file>', 'what mapwright backup has written')
    .option('--dry-run', 'only read the backup and tell what it would replace')
    .option('--yes', 'replace the install that is there, without being asked')
    .option('--run-on', 'let unfinished runs go on by themselves: what they did after the backup is done again')
    .option('--other-install', 'the backup may be of another install than the one that is there')
    .option('--any-key', 'restore although the key is lost: secrets and access keys have to be set anew')
    .option('--numbers-ahead <number>', 'new records and runs get numbers so much higher (10,000,000)', wholeNumber)
    .action((file: string, _options: unknown, self: Command) => run(file, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright restore /var/backups/mapwright/before-update.db --dry-run',
    'mapwright restore before-update.db --yes',
    'mapwright restore before-update.db --dir /srv/elsewhere     put mapwright.key there first',
  ]);
}

async function run(file: string, options: RestoreOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  requireFolder(options, runner);
  const folder = await installFolder(options, shell);
  const whole = resolve(shell.workingFolder, file);
  await requireFile(whole, file, shell.workingFolder);
  const { NUMBERS_AHEAD, restoreInstall } = await import('../../runtime/restore/restore-install.ts');
  const { yes = false, dryRun = false, runOn = false, otherInstall = false, anyKey = false } = options;
  const hold = !runOn;
  const result = await restoreInstall({
    folder,
    file: whole,
    env: shell.environment,
    now: shell.clock.now(),
    by: shell.operator,
    hold,
    ahead: options.numbersAhead ?? NUMBERS_AHEAD,
    otherInstall,
    anyKey,
    confirm(preview: RestorePreview) {
      if (dryRun) return false;
      if (yes || preview.replaced === undefined) return true;
      throw new UsageError(
        renderRestorePreview(preview, folder).join('\n'),
        'add --yes to do it, or --dry-run to look only',
      );
    },
  });
  runner.show(options, { folder, hold, ...result }, () =>
    result.done === undefined
      ? renderRestorePreview(result, folder)
      : renderRestored({ ...result, ...result.done }, hold),
  );
}

async function requireFile(whole: string, file: string, workingFolder: string): Promise<void> {
  const { access } = await import('node:fs/promises');
  try {
    await access(whole);
  } catch (thrown) {
    throw await missingFile({ file, workingFolder, thrown });
  }
}

/** Files are put in place where they lie: not over a network, and not in a database server. */
function requireFolder(options: RestoreOptions, { shell }: CommandRunner): void {
  if (remoteInstall(options, { ...shell, printError: () => undefined }).remote !== undefined) {
    throw new UsageError('restore works on the machine of the install', 'leave --url and MAPWRIGHT_URL out');
  }
  if (installDatabase(options, shell) === undefined) return;
  throw new MapwrightError('BACKUP_BY_SERVER', 'This install is in PostgreSQL, which restores its backups itself.', {
    hint: 'pg_restore --dbname="$DATABASE_URL" FILE into an empty database, then: mapwright after-restore',
  });
}
