import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import type { PackImportReport } from '../../runtime/administration.ts';
import { addExamples, type CommandRunner, type GlobalOptions } from '../command-runner.ts';
import { UsageError } from '../usage-error.ts';
import { renderPackImport } from '../views/pack.ts';

interface ImportOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly overwrite?: boolean;
  readonly withValues?: boolean;
}

/** `mapwright pack import`: shows what a pack adds and changes, and puts it into force. */
export function registerPackImport(group: Command, runner: CommandRunner): void {
  const command = group
    .command('import')
    .description('put a pack into force, all or none: shows first what it adds, changes and leaves')
    .argument('<pack>', 'a zip, a folder with pack.xml, or the name of one that comes with the program')
    .option('--yes', 'do it without being asked')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--overwrite', 'replace documents that were made or changed here')
    .option('--with-values', 'give settings that have no value the one that the pack offers')
    .action((pack: string, _options: unknown, self: Command) => importPack(pack, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright pack import vies                    comes with the program',
    'mapwright pack import partner.zip --dry-run   what it would change',
    'mapwright pack import ./my-pack --yes --with-values',
  ]);
}

async function importPack(pack: string, options: ImportOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const { dryRun = false, overwrite = false, withValues = false } = options;
  const source = await sourceOf(resolve(shell.workingFolder, pack), pack);
  const report = await runner.withInstall(options, { create: true }, async (administration) => {
    const params = { ...source, overwrite, withValues, by: shell.operator };
    const preview = await administration.importPack({ ...params, dryRun: true });
    if (dryRun || isStopped(preview) || isIdle(preview)) return preview;
    if (!(await isWanted(preview, options, runner))) return undefined;
    // What was shown is what is done: documents that changed meanwhile are looked at again.
    return administration.importPack({ ...params, dryRun: false, basedOn: preview.revision });
  });
  if (report === undefined) return shell.print('nothing was changed');
  runner.show(options, report, () => renderPackImport(report));
  if (isStopped(report)) runner.fail();
}

/** True when it would change nothing as it is asked for. */
function isStopped({ diagnostics, needsOverwrite }: PackImportReport): boolean {
  return hasErrors(diagnostics) || needsOverwrite;
}

function isIdle({ changes, values }: PackImportReport): boolean {
  return values.length === 0 && changes.every(({ change }) => change === 'unchanged');
}

async function isWanted(preview: PackImportReport, options: ImportOptions, runner: CommandRunner): Promise<boolean> {
  if (options.yes === true) return true;
  const { shell } = runner;
  if (!shell.input.interactive || options.json === true) {
    throw new UsageError('nobody can be asked whether this is wanted', 'add --yes to do it, or --dry-run to look only');
  }
  shell.print(renderPackImport(preview).join('\n'));
  return /^y(?:es)?$/iu.test((await shell.input.ask('put it into force? [y/N] ')).trim());
}

async function readZip(path: string, given: string, found: Stats): Promise<string> {
  const { PACK_LIMITS } = await import('../../runtime/pack/pack-file.ts');
  if (!found.isFile()) throw new UsageError(`${given} is no file`, 'name a zip, or a folder with pack.xml');
  if (found.size > PACK_LIMITS.archive) {
    throw new UsageError(
      `${given} has ${found.size} bytes, and the zip of a pack ${PACK_LIMITS.archive} at most`,
      'leave out what is not part of the pack',
    );
  }
  return (await readFile(path)).toString('base64');
}

/** A path that is there stands before the name of a pack of the program. */
async function sourceOf(
  path: string,
  given: string,
): Promise<{ readonly archive: string } | { readonly shipped: string }> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const { packFolder } = await import('../../runtime/pack/pack-folder.ts');
    return { archive: await packFolder(path) };
  }
  if (found !== undefined) return { archive: await readZip(path, given, found) };
  if (/^[A-Za-z][A-Za-z0-9_-]*$/u.test(given)) return { shipped: given };
  throw new UsageError(
    `there is no file or folder ${given}`,
    'mapwright pack list --available shows the packs that come with the program',
  );
}
