import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { isSensitiveName } from '../../connector/sensitive-name.ts';
import type { ConvertedFile } from '../../convert/conversion.ts';
import { LEGACY_MAP_TYPES } from '../../document/corebos/map-type.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type FolderOutcome, writeDocuments } from '../document-folder.ts';
import { gatherSources } from '../source-files.ts';
import { conversionFacts, renderConversion, renderDiffering } from '../views/conversion-report.ts';
import { renderDiagnostics } from '../views/documents-report.ts';

interface ConvertOptions extends GlobalOptions {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly keepTypes?: boolean;
  readonly report?: string;
  readonly type?: string;
}

/** `mapwright convert`: coreBOS documents as native ones, and what changes by it; needs no install. */
export function registerConvert(program: Command, runner: CommandRunner): void {
  const command = program
    .command('convert')
    .description('make native documents of coreBOS documents, and tell what changes by it')
    .argument('<paths...>', 'files, folders (all *.xml below them), or - for standard input; with the modules they use')
    .option('--out <folder>', 'where to write all of them, also those that stay; made when there is none')
    .option('--overwrite', 'replace files that are there and differ')
    .option('--keep-types', 'every value stays the text that coreBOS sends: requests keep their bytes')
    .option('--report <file>', 'write what changes into a file, as JSON when its name ends in .json')
    .option('--type <type>', `what coreBOS maps are taken for: ${LEGACY_MAP_TYPES.join(', ')}`)
    .action((paths: string[], _options: unknown, self: Command) => convert(paths, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright convert ProductSync.xml                    one map, to look at',
    'mapwright convert maps modules --out documents       all of them, the modules for the types of fields',
    'mapwright convert maps --out documents --keep-types  nothing the other side could notice',
    'mapwright convert maps --report changes.json         only what would change',
  ]);
}

async function convert(paths: readonly string[], options: ConvertOptions, runner: CommandRunner): Promise<void> {
  const { convertDocuments } = await import('../../convert/convert-documents.ts');
  const { shell } = runner;
  const { sources, diagnostics } = await gatherSources(paths, shell, options.type);
  const files = convertDocuments(sources, { keepTypes: options.keepTypes === true, isSensitiveName });
  const outcome = options.out === undefined ? undefined : await writeOut(files, options.out, options, runner);
  const facts = conversionFacts(files, outcome, options.out);
  if (options.report !== undefined) await writeReport(resolve(shell.workingFolder, options.report), facts);
  const [only, ...more] = files;
  const problems = renderDiagnostics(diagnostics, sources);
  if (options.json !== true && outcome === undefined && only?.outcome === 'converted' && more.length === 0) {
    // The document alone, so that it can go into a file.
    shell.print(only.text.trimEnd());
    shell.printError(renderConversion(facts).join('\n'));
  } else {
    runner.show(options, { ...facts, diagnostics }, () => [
      ...problems,
      ...renderDiffering(outcome?.differing ?? [], shell.colours),
      ...renderConversion(facts),
    ]);
  }
  const isRefused = (outcome?.differing.length ?? 0) > 0;
  if (isRefused || diagnostics.length > 0 || files.some((file) => file.outcome === 'unreadable')) runner.fail();
}

function writeOut(
  files: readonly ConvertedFile[],
  folder: string,
  options: ConvertOptions,
  { shell }: CommandRunner,
): Promise<FolderOutcome> {
  const documents = files.map(({ file, text, documents: held, outcome }) => {
    const name = held[0]?.replace(/^\S+ /u, '') ?? '';
    const base = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    const isNamed = (outcome === 'converted' || file === '-') && name !== '';
    return { file: isNamed ? `${base}${name}.xml` : file, text, documents: held };
  });
  const target = resolve(shell.workingFolder, folder);
  return writeDocuments({ folder: target, documents, overwrite: options.overwrite === true });
}

async function writeReport(file: string, facts: ReturnType<typeof conversionFacts>): Promise<void> {
  const text = file.endsWith('.json') ? JSON.stringify(facts, null, 2) : renderConversion(facts).join('\n');
  await writeFile(file, `${text}\n`).catch((thrown: unknown) => {
    throw new MapwrightError('CLI_FILE_UNWRITABLE', `${file} cannot be written: ${messageOf(thrown)}`, {
      hint: 'name a file that this user may write, in a folder that is there',
      cause: thrown,
    });
  });
}
