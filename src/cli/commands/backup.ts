import { resolve, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { Administration, BackupState } from '../../runtime/administration.ts';
import { wholeNumber } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { remoteInstall } from '../remote-install.ts';
import { renderBackup, renderProgress } from '../views/backup.ts';

interface BackupOptions extends GlobalOptions {
  readonly replace?: boolean;
  readonly keep?: number;
}

const LOOK_EVERY_MS = 200;
const TELL_EVERY_MS = 2_000;

/** `mapwright backup`: one moment of the install in one file, also while a server runs. */
export function registerBackup(program: Command, runner: CommandRunner): void {
  const command = program
    .command('backup')
    .description('copy the install into one file, also while it is served; the key is kept apart')
    .argument('[file]', 'a file that is not there yet, or a folder, which gets one with the time as its name')
    .option('--replace', 'a file of that name is replaced, once the new one is whole')
    .option('--keep <number>', 'in a folder: so many backups of this install stay, the oldest go', wholeNumber)
    .action((file: string | undefined, _options: unknown, self: Command) => run(file, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright backup before-update.db',
    'mapwright backup /var/backups/mapwright --keep 14',
    '15 3 * * * cd /srv && npx mapwright backup /var/backups/mapwright --keep 14     a line for cron',
    'mapwright backup --url https://maps.example.com     in the folder "backups" of the install there',
  ]);
}

async function run(file: string | undefined, options: BackupOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const isRemote = remoteInstall(options, { ...shell, printError: () => undefined }).remote !== undefined;
  const { replace, keep } = options;
  const target = file === undefined || isRemote ? file : wholePath(file, shell.workingFolder);
  await runner.withInstall(options, { create: false }, async (administration) => {
    const begun = await administration.beginBackup({ target, replace, keep });
    const state = await untilDone(administration, begun, {
      tell: (line) => (shell.logsToPerson ? shell.printError(line) : undefined),
    });
    const { facts, failure } = state;
    if (facts === undefined) throw failed(failure);
    runner.show(options, state, () => renderBackup(state, facts));
  });
}

/** A slash at the end says that a folder is meant. */
function wholePath(file: string, workingFolder: string): string {
  const whole = resolve(workingFolder, file);
  return /[\\/]$/u.test(file) && !whole.endsWith(sep) ? `${whole}/` : whole;
}

async function untilDone(
  administration: Administration,
  begun: BackupState,
  { tell }: { readonly tell: (line: string) => void },
): Promise<BackupState> {
  let told = 0;
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const state = await administration.backupState();
    if (state?.id !== begun.id) {
      throw new MapwrightError('BACKUP_LOST', 'the server was started anew before the backup was done', {
        hint: 'begin it again: mapwright backup',
      });
    }
    if (state.stage === 'done' || state.stage === 'failed') return state;
    if (waited - told >= TELL_EVERY_MS) {
      told = waited;
      tell(renderProgress(state));
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}

function failed(failure: BackupState['failure']): MapwrightError {
  const { code = 'BACKUP_FAILED', message = 'the backup was not made', hint } = failure ?? {};
  return new MapwrightError(code, message, hint === undefined ? {} : { hint });
}
