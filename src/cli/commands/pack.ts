import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { AvailablePack } from '../../runtime/pack/pack-administration.ts';
import { addExamples, type CommandRunner, type GlobalOptions } from '../command-runner.ts';
import { addRemovalOptions } from '../document-actions.ts';
import { renderAvailablePacks, renderInstalledPacks, renderPackDetails } from '../views/pack.ts';
import { renderRemoval } from '../views/removal.ts';
import { registerPackExport } from './pack-export.ts';
import { registerPackImport } from './pack-import.ts';

interface ListOptions extends GlobalOptions {
  readonly available?: boolean;
}

interface RemoveOptions extends GlobalOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `mapwright pack`: documents that belong together, as a folder or a zip. */
export function registerPack(program: Command, runner: CommandRunner): void {
  const group = program.command('pack').description('packs of documents: import, export, list, show, remove');
  group
    .command('list', { isDefault: true })
    .description('the packs that are installed, with their versions')
    .option('--available', 'the packs that come with the program')
    .action((_options: unknown, self: Command) => list(self.optsWithGlobals(), runner));
  group
    .command('show')
    .description('its documents and what became of them here, what it wants, how it was tested')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => show(name, self.optsWithGlobals(), runner));
  registerPackImport(group, runner);
  registerPackExport(group, runner);
  addRemovalOptions(
    group
      .command('remove')
      .description('take a pack and what it brought out of force; what would break is told first')
      .argument('<name>'),
  ).action((name: string, _options: unknown, self: Command) => remove(name, self.optsWithGlobals(), runner));
  addExamples(
    group,
    [
      'mapwright pack list --available             what comes with the program',
      'mapwright pack import vies                  one of them: shows what it adds, then asks',
      'mapwright pack import partner.zip --yes     from a file or folder',
      'mapwright pack export --service warehouse   a service with its maps, as a zip',
    ],
    'group',
  );
}

async function list(options: ListOptions, runner: CommandRunner): Promise<void> {
  if (options.available === true) {
    const available = await availablePacks(options, runner);
    return runner.show(options, { available }, () => renderAvailablePacks(available));
  }
  const packs = await runner.withInstall(options, { create: false }, (administration) => administration.packs());
  runner.show(options, { packs }, () => renderInstalledPacks(packs));
}

/** Looking must not make an install: where there is none, nothing is installed. */
async function availablePacks(options: GlobalOptions, runner: CommandRunner): Promise<readonly AvailablePack[]> {
  try {
    return await runner.withInstall(options, { create: false }, (administration) => administration.availablePacks());
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'CLI_NO_INSTALL') throw thrown;
    const { shippedPacks } = await import('../../runtime/pack/shipped-packs.ts');
    const { summaryOf } = await import('../../runtime/pack/pack-state.ts');
    return (await shippedPacks()).map(({ document }) => ({ ...summaryOf(document), installed: undefined }));
  }
}

async function show(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const details = await runner.withInstall(options, { create: false }, (administration) =>
    administration.pack({ name }),
  );
  runner.show(options, details, () => renderPackDetails(details));
}

async function remove(name: string, options: RemoveOptions, runner: CommandRunner): Promise<void> {
  const { force = false, dryRun = false } = options;
  const by = runner.shell.operator;
  const report = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removePack({ name, force, dryRun, by }),
  );
  runner.show(options, report, () => [
    ...report.changedHere.map(({ kind, name: changed }) => `  ${kind} ${changed} was changed here`),
    ...renderRemoval(report, dryRun),
  ]);
  if (report.needsForce && !dryRun) runner.fail();
}
