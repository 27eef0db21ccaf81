import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import type { Json } from '../../core/json.ts';
import type { SourceFile } from '../../runtime/administration.ts';
import type { WorkflowImport } from '../../runtime/workflow-import.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type DocumentFileOutcome, renderDifferences, writeDocumentFiles } from '../document-files.ts';
import { showTaken, type WritingOptions } from '../import-files.ts';
import { KEY_VARIABLE, type SourceOptions, withRemote } from '../import-source.ts';
import { parseJson } from '../json-file.ts';
import { missingFile } from '../missing-file.ts';
import type { Shell } from '../shell.ts';
import { gatherSources } from '../source-files.ts';
import { printable } from '../text-layout.ts';
import { count, renderDiagnostics, renderSeverities } from '../views/documents-report.ts';
import { renderWorkflowImport } from '../views/workflow-import-report.ts';

interface ImportOptions extends SourceOptions, WritingOptions {
  readonly with?: readonly string[];
  readonly maps?: string;
  readonly strict?: boolean;
}

/** Below the folder of the documents. */
const FOLDER = 'workflows';

/** `mapwright import-workflows`: coreBOS's workflows as native documents. */
export function registerImportWorkflows(program: Command, runner: CommandRunner): void {
  const command = program
    .command('import-workflows')
    .description("make documents of coreBOS's workflows; tells what was kept, changed and left out")
    .argument('<source>', 'an export of coreBOS as JSON (- for standard input), or the address of a Mapwright')
    .option('--out <folder>', 'the folder of the documents; new ones go into workflows/ there', 'documents')
    .option('--with <paths...>', 'documents brought over before: modules, maps, rules (default: those in --out)')
    .option('--maps <source>', 'names of business maps by number: rows of cbMap as JSON, or the address of an install')
    .option('--user <name>', 'with an address: who asks there, an administrator')
    .option('--key-file <file>', `its web service access key (default: ${KEY_VARIABLE}, else asked for)`)
    .option('--dry-run', 'only tell what would be written')
    .option('--overwrite', 'replace files that are there and differ')
    .option('--strict', 'exit code 1 also when something was changed or left out')
    .action((source: string, _options: unknown, self: Command) => run(source, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-workflows workflows.json --dry-run            what would become of them',
    'mapwright import-workflows workflows.json                      into documents/workflows/',
    'mapwright import-workflows workflows.json --maps cbmap.json    numbers of maps become names',
    'mapwright import-workflows https://crm.example.com --user admin    those of another Mapwright',
  ]);
}

async function run(file: string, options: ImportOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  if (isAddress(file)) return takeFrom(file, options, runner);
  const { importExport } = await import('../../runtime/workflow-import.ts');
  const exported = await readExportFile(file, shell);
  const imported = importExport({
    exported,
    documents: await documentsAtHand(options, shell),
    mapNames: await namesOfMaps(options, runner),
    fileOf: (path) => join(options.out, FOLDER, path),
  });
  const outcomes = await writeDocumentFiles({
    folder: resolve(shell.workingFolder, options.out),
    files: inFolder(imported),
    overwrite: options.overwrite ?? false,
    dryRun: options.dryRun ?? false,
  });
  tell(imported, { outcomes, options, runner });
}

async function readExportFile(file: string, shell: Shell): Promise<Json> {
  const { isWorkflowCsv, workflowsOfCsv } = await import('../../import/export/read-csv.ts');
  const text = (await readText(file, shell)).replace(/^\ufeff/u, '');
  return isWorkflowCsv(text) ? workflowsOfCsv(text) : parseJson(text, file);
}

async function readText(file: string, shell: Shell): Promise<string> {
  if (file === '-') return (await shell.input.readAll()).toString('utf8');
  try {
    return await readFile(resolve(shell.workingFolder, file), 'utf8');
  } catch (thrown) {
    throw await missingFile({ file, workingFolder: shell.workingFolder, thrown });
  }
}

/** Without `--with` those in the folder; none when there is no folder yet. */
async function documentsAtHand(options: ImportOptions, shell: Shell): Promise<readonly SourceFile[]> {
  if (options.with !== undefined) return (await gatherSources(options.with, shell)).sources;
  const found = await stat(resolve(shell.workingFolder, options.out)).catch(() => undefined);
  if (found?.isDirectory() !== true) return [];
  const { documentsBelow } = await import('../source-files.ts');
  const files = await documentsBelow(options.out, shell.workingFolder);
  return files.length === 0 ? [] : (await gatherSources(files, shell)).sources;
}

async function namesOfMaps(options: ImportOptions, runner: CommandRunner): Promise<ReadonlyMap<string, string>> {
  const { maps: source } = options;
  if (source === undefined) return new Map();
  const { readMapNames } = await import('../../import/export/read-map-names.ts');
  if (!isAddress(source)) return readMapNames(parseJson(await readText(source, runner.shell), source));
  const { readAll } = await import('../../runtime/import/remote-pages.ts');
  return withRemote({ url: source, options, runner, install: 'optional' }, async ({ client }) =>
    readMapNames(await readAll(client, 'cbMap')),
  );
}

function isAddress(source: string): boolean {
  return /^https?:\/\//iu.test(source);
}

/** Another Mapwright shows its workflows as documents; coreBOS tells nobody of its tasks over the web service. */
async function takeFrom(url: string, options: ImportOptions, runner: CommandRunner): Promise<void> {
  const { importWorkflowDocuments } = await import('../../runtime/import/map-import.ts');
  const { maps, notes } = await withRemote({ url, options, runner, install: 'optional' }, ({ client }) =>
    importWorkflowDocuments(client),
  );
  const files = maps.map(({ path, text }) => ({ path: `${FOLDER}/${path}`, text }));
  await showTaken({ files, told: maps.map(({ name }) => printable(name)), notes }, options, runner);
}

function inFolder({ files }: WorkflowImport): { readonly path: string; readonly text: string }[] {
  return files.map(({ path, text }) => ({ path: `${FOLDER}/${path}`, text }));
}

function tell(
  imported: WorkflowImport,
  params: {
    readonly outcomes: readonly DocumentFileOutcome[];
    readonly options: ImportOptions;
    readonly runner: CommandRunner;
  },
): void {
  const { outcomes, options, runner } = params;
  const { workflows, diagnostics, isChecked } = imported;
  const files = outcomes.map(({ path, outcome }) => ({ path, outcome }));
  const facts = { folder: options.out, dryRun: options.dryRun ?? false, workflows, files, isChecked, diagnostics };
  runner.show(options, facts, () => [
    ...renderWorkflowImport(workflows),
    ...renderDifferences(outcomes, { files: inFolder(imported), colours: runner.shell.colours }),
    ...renderCheck(imported, options),
    ...renderFiles(outcomes, options),
  ]);
  const isRefused = outcomes.some(({ outcome }) => outcome === 'differs');
  const isStrict = options.strict === true && workflows.some(({ outcome }) => outcome !== 'kept');
  if (isRefused || isStrict || hasErrors(diagnostics)) runner.fail();
}

function renderCheck({ diagnostics, isChecked, files }: WorkflowImport, { out }: ImportOptions): string[] {
  if (!isChecked)
    return ['not checked yet: no modules are at hand; bring over modules and maps first, or name them --with'];
  const sources = files.map(({ path, text }) => ({ file: join(out, FOLDER, path), text }));
  return [...renderDiagnostics(diagnostics, sources), `checked: ${renderSeverities(diagnostics)}`];
}

function renderFiles(outcomes: readonly DocumentFileOutcome[], { out, dryRun }: ImportOptions): string[] {
  const of = (...which: readonly DocumentFileOutcome['outcome'][]): number =>
    outcomes.filter(({ outcome }) => which.includes(outcome)).length;
  if (of('differs') > 0) {
    return [
      `nothing written: ${count(of('differs'), 'file')} in ${out} would be replaced, as shown; --overwrite does it`,
    ];
  }
  const written = `${of('written', 'replaced')} of ${count(outcomes.length, 'file')}`;
  if (dryRun === true) return [`would write ${written} into ${join(out, FOLDER)}`];
  return [`wrote ${written} into ${join(out, FOLDER)}`, `next: mapwright check ${out}, then plan and apply`];
}
