import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import { recordPrefix } from '../../core/record.ts';
import { MapwrightError } from '../../core/error.ts';
import type { SourceFile, TryMapParams, TryMapReport } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { readJsonFile } from '../json-file.ts';
import { gatherSources } from '../source-files.ts';
import { renderDiagnostics } from '../views/documents-report.ts';
import { renderTryReport } from '../views/try-report.ts';

interface RunOptions extends GlobalOptions {
  readonly record?: string;
  readonly context?: string;
  readonly documents?: readonly string[];
  readonly dryRun?: boolean;
}

/** `mapwright run`: one map, once, by hand; nothing is written to records. */
export function registerRun(program: Command, runner: CommandRunner): void {
  const command = program
    .command('run')
    .description('try one map once: what it sends, gets and would write; no record changes')
    .argument('<map>', "a map's name, or an .xml file that holds one")
    .option('--record <id-or-file>', 'a stored record by its id, or a JSON file of field values')
    .option('--context <file>', 'the context, as a JSON object')
    .option('--documents <path...>', 'documents that stand before those in force')
    .option('--dry-run', 'build and show the request, send nothing')
    .action((map: string, _options: unknown, self: Command) => run(map, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright run peer-challenge                                       a map in force',
    'mapwright run maps/product-create.xml --record r.json --dry-run    a file, not applied yet',
    'mapwright run product-create --record 14x1 --dry-run               what it would send for a stored record',
    'mapwright run product-create --record r.json --context c.json --documents maps/',
  ]);
}

async function run(map: string, options: RunOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const isFile = map.toLowerCase().endsWith('.xml');
  const paths = [...(isFile ? [map] : []), ...(options.documents ?? [])];
  const { sources, diagnostics } = await gatherSources(paths, shell);
  const send = options.dryRun !== true;
  const params: TryMapParams = {
    map: isFile ? await mapNameIn(map, sources) : map,
    documents: sources,
    ...(await readRecord(options.record, shell.workingFolder)),
    context: await readOptional(options.context, shell.workingFolder),
    send,
  };
  const tried = await tryWith(params, options, runner);
  const report = { ...tried, diagnostics: [...diagnostics, ...tried.diagnostics] };
  runner.show(options, report, () => [
    ...renderDiagnostics(report.diagnostics, sources),
    ...renderTryReport(report, { sent: send }),
    ...hintOfMissingInput(report, options),
  ]);
  if (report.failure !== undefined || hasErrors(report.diagnostics)) runner.fail();
}

/**
 * A request can be built of documents alone: looking at it wants no install, as `check` and `test` want none. A stored
 * record is in one.
 */
async function tryWith(params: TryMapParams, options: RunOptions, runner: CommandRunner): Promise<TryMapReport> {
  try {
    return await runner.withInstall(options, { create: false }, (administration) => administration.tryMap(params));
  } catch (thrown) {
    const canDoWithout = !params.send && params.documents.length > 0 && params.recordId === undefined;
    if (!canDoWithout || !(thrown instanceof MapwrightError) || thrown.code !== 'CLI_NO_INSTALL') throw thrown;
    const { tryMapWithoutInstall } = await import('../../runtime/trial-without-install.ts');
    return tryMapWithoutInstall(params, runner.shell.clock);
  }
}

/** What a run would know is known here only when it was given. */
function hintOfMissingInput({ failure }: TryMapReport, options: RunOptions): string[] {
  if (failure?.code !== 'PARAMETER_SOURCE_MISSING') return [];
  const absent = (['record', 'context'] as const).filter((name) => options[name] === undefined);
  if (absent.length === 0) return [];
  const ways = { record: '--record ID, or --record FILE with JSON', context: '--context FILE with JSON' };
  return [`    hint: no ${absent.join(' and no ')} was given: ${absent.map((name) => ways[name]).join('; ')}`];
}

async function mapNameIn(file: string, sources: readonly SourceFile[]): Promise<string> {
  const { soleMapIn } = await import('../sole-map.ts');
  return soleMapIn(sources.find((source) => source.file === file) ?? { file, text: '' });
}

/** A file that is called like an id is named with its folder: `./14x1`. */
async function readRecord(
  given: string | undefined,
  workingFolder: string,
): Promise<Pick<TryMapParams, 'record' | 'recordId'>> {
  if (given !== undefined && recordPrefix(given) !== undefined) return { record: {}, recordId: given };
  return { record: await readOptional(given, workingFolder) };
}

function readOptional(file: string | undefined, workingFolder: string): Promise<JsonObject> {
  return file === undefined ? Promise.resolve({}) : readJsonFile(file, workingFolder);
}
