import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import type { ExportedFile } from '../../runtime/document-export.ts';
import type { PackFile } from '../../runtime/pack/pack-file.ts';
import { addExamples, type CommandRunner, type GlobalOptions } from '../command-runner.ts';
import { writeExport } from '../export-folder.ts';
import { UsageError } from '../usage-error.ts';
import { renderDiagnostics } from '../views/documents-report.ts';
import { renderPackExport } from '../views/pack.ts';

interface ExportOptions extends GlobalOptions {
  readonly service?: string;
  readonly name?: string;
  readonly packVersion?: string;
  readonly withValues?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

interface BuildOptions extends GlobalOptions {
  readonly output?: string;
  readonly force?: boolean;
}

/** `mapwright pack export` and `pack build`: a pack as a file. */
export function registerPackExport(group: Command, runner: CommandRunner): void {
  const command = group
    .command('export')
    .description('an installed pack, or a service with its maps and what they need, as a zip or folder; no secrets')
    .argument('[name]', 'an installed pack')
    .option('--service <name>', 'in its place: this service and all that its maps need')
    .option('--name <name>', 'what the pack is called; as here, or as the service, when left out')
    .option('--pack-version <version>', 'the version that the pack gets')
    .option('--with-values', 'what settings hold here goes along; values of secrets never do')
    .option('-o, --output <path>', 'a file that ends in .zip, or a folder; NAME-VERSION.zip when left out')
    .option('--force', 'replace what is there')
    .action((name: string | undefined, _options: unknown, self: Command) =>
      exportPack(name, self.optsWithGlobals(), runner),
    );
  addExamples(command, [
    'mapwright pack export vies',
    'mapwright pack export --service warehouse -o warehouse.zip',
    'mapwright pack export --service warehouse --with-values -o packs/warehouse',
  ]);
  const build = group
    .command('build')
    .description('the zip of a folder with pack.xml, tests and pages included; the same folder gives the same bytes')
    .argument('<folder>')
    .option('-o, --output <path>', 'a file that ends in .zip; NAME-VERSION.zip when left out')
    .option('--force', 'replace what is there')
    .action((folder: string, _options: unknown, self: Command) => buildPack(folder, self.optsWithGlobals(), runner));
  addExamples(build, ['mapwright pack build ./my-pack', 'mapwright pack build ./my-pack -o my-pack.zip --force']);
}

async function exportPack(pack: string | undefined, options: ExportOptions, runner: CommandRunner): Promise<void> {
  const { service, name, packVersion, withValues = false, output, force = false } = options;
  if ((pack === undefined) === (service === undefined)) {
    throw new UsageError('name one pack, or one service', 'mapwright pack export NAME, or pack export --service NAME');
  }
  const made = await runner.withInstall(options, { create: false }, (administration) =>
    administration.exportPack({ pack, service, name, version: packVersion, withValues }),
  );
  const target = resolve(runner.shell.workingFolder, output ?? fileNamed(made.file));
  const archive = Buffer.from(made.archive, 'base64');
  if (target.endsWith('.zip')) await writeZip(target, archive, force);
  else {
    const { readArchive } = await import('../../runtime/pack/pack-archive.ts');
    await writeExport({ folder: target, files: (await readArchive(archive)).map(exportedFile), force });
  }
  const { archive: _archive, ...facts } = made;
  runner.show(options, { ...facts, path: target }, () => renderPackExport(made, target));
}

/** An install on another machine says what the file is called; it does not say where it goes. */
function fileNamed(file: string): string {
  if (/^[A-Za-z][A-Za-z0-9._-]*\.zip$/u.test(file)) return file;
  throw new UsageError('the install gave the pack a name that is no file name', 'say with -o where it goes');
}

async function buildPack(given: string, options: BuildOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const folder = resolve(shell.workingFolder, given);
  const { readPackFolder } = await import('../../runtime/pack/pack-folder.ts');
  const { readPackFiles } = await import('../../runtime/pack/pack-source.ts');
  const { writeArchive } = await import('../../runtime/pack/pack-archive.ts');
  const files = await readPackFolder(folder);
  const { document, diagnostics } = readPackFiles(files);
  const target = resolve(shell.workingFolder, options.output ?? `${document.name}-${document.version}.zip`);
  if (hasErrors(diagnostics)) {
    runner.show(options, { stored: false, diagnostics }, () => [
      ...renderDiagnostics(diagnostics, []),
      'nothing written: correct the pack first',
    ]);
    return runner.fail();
  }
  await writeZip(target, Buffer.from(writeArchive(files)), options.force ?? false);
  runner.show(options, { path: target, files: files.length, diagnostics }, () => [
    ...renderDiagnostics(diagnostics, []),
    `${document.name} ${document.version} is in ${target}: ${files.length} files`,
  ]);
}

/** Whole or not at all; what is there is replaced by choice only. */
async function writeZip(target: string, bytes: Uint8Array, force: boolean): Promise<void> {
  const isThere = (await stat(target).catch(() => undefined)) !== undefined;
  if (isThere && !force)
    throw new UsageError(`${target} is there already`, 'take another name with -o, or say --force');
  const file = exportedFile({ path: basename(target), bytes });
  await writeExport({ folder: dirname(target), files: [file], force: true });
}

function exportedFile({ path, bytes }: PackFile): ExportedFile {
  return { path, bytes, text: '', documents: [], leftOut: [] };
}
