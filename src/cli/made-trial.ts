import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { FileReference } from '../core/file-store.ts';
import type { Administration, SourceFile, TryMapParams, TryMapReport } from '../runtime/administration.ts';
import type { CommandRunner } from './command-runner.ts';
import { describeSentFile } from './described-file.ts';
import { sendFile } from './sent-file.ts';
import { gatherSources } from './source-files.ts';
import { overridesGiven, recordGiven, type TrialOptions, valuesGiven } from './trial-options.ts';
import { UsageError } from './usage-error.ts';
import { showCurl } from './views/curl-command.ts';
import { renderDiagnostics } from './views/documents-report.ts';
import { renderTryReport, type TryReportView } from './views/try-report.ts';

/** How a trial is made. */
interface TrialWay extends TrialOptions {
  readonly documents?: readonly string[];
  /** False: the request is only shown. */
  readonly send: boolean;
  readonly write?: boolean;
  /** True: nobody is asked whether a call that may change something is meant. */
  readonly yes: boolean;
  readonly curl?: TryMapParams['curl'];
  readonly view: Omit<TryReportView, 'sent'>;
}

/** Calls a map once, or builds its request, and shows what came of it. */
export async function makeTrial(map: string | undefined, way: TrialWay, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const isText = map !== undefined && (map === STANDARD_INPUT || map.toLowerCase().endsWith('.xml'));
  const paths = [...(isText ? [map] : []), ...(way.documents ?? [])];
  const { sources, diagnostics } = await gatherSources(paths, shell);
  const named = hasErrors(diagnostics) ? diagnostics : isText ? await mapNameIn(map, sources) : map;
  if (named !== undefined && typeof named !== 'string') return tellUnreadable(named, { way, runner, sources });
  const params: TryMapParams = {
    ...(named === undefined ? {} : { map: named }),
    documents: sources,
    ...(await recordGiven(way.record, shell.workingFolder)),
    context: await valuesGiven(way.context ?? [], shell.workingFolder),
    ...(way.input === undefined ? {} : { input: await valuesGiven(way.input, shell.workingFolder) }),
    ...(way.run === undefined || way.step === undefined ? {} : { step: { run: way.run, task: way.step } }),
    ...(way.curl === undefined ? {} : { curl: way.curl }),
    ...(way.write === true ? { write: true, by: shell.operator } : {}),
    send: way.send,
  };
  const tried = await tryWith(params, way, runner);
  if (tried === undefined) return tellUnsent(way, runner);
  const report = { ...tried, diagnostics: [...diagnostics, ...tried.diagnostics] };
  const isFailed = report.failure !== undefined || hasErrors(report.diagnostics);
  if (isFailed) runner.fail();
  if (report.curl !== undefined && !isFailed && way.json !== true) return showCurl(report.curl, way, runner);
  runner.show(way, report, () => [
    ...renderDiagnostics(report.diagnostics, sources),
    ...renderTryReport(report, { ...way.view, sent: way.send }),
    ...hintOfMissingInput(report, way),
  ]);
}

const STANDARD_INPUT = '-';

/**
 * A request can be built of documents alone: looking at it wants no install, as `check` and `test` want none. A stored
 * record is in one. Undefined when somebody was asked, and does not want the call to be made.
 */
async function tryWith(params: TryMapParams, way: TrialWay, runner: CommandRunner): Promise<TryMapReport | undefined> {
  try {
    return await runner.withInstall(way, { create: false }, (administration) =>
      tryOn(administration, params, { way, runner }),
    );
  } catch (thrown) {
    const { map, send, documents, recordId, step } = params;
    const canDoWithout = !send && documents.length > 0 && recordId === undefined && step === undefined;
    if (!canDoWithout || !(thrown instanceof MapwrightError) || thrown.code !== 'CLI_NO_INSTALL') throw thrown;
    if (map === undefined) throw thrown;
    const { workingFolder, clock } = runner.shell;
    const overrides = await overridesGiven(way, workingFolder, (path) => describeSentFile(workingFolder, path));
    const { tryMapWithoutInstall } = await import('../runtime/trial/trial-without-install.ts');
    return tryMapWithoutInstall({ ...params, map, overrides }, clock);
  }
}

async function tryOn(
  administration: Administration,
  params: TryMapParams,
  { way, runner }: { readonly way: TrialWay; readonly runner: CommandRunner },
): Promise<TryMapReport | undefined> {
  const folder = runner.shell.workingFolder;
  const stored = (path: string): Promise<FileReference> => sendFile(administration, folder, path);
  const overrides = await overridesGiven(way, folder, stored);
  const given = overrides === undefined ? params : { ...params, overrides };
  if (given.send && !way.yes) {
    const { write: _unwritten, ...asked } = given;
    const preview = await administration.tryMap({ ...asked, send: false });
    // Nothing would be sent: what is wrong is told as it would be.
    if (preview.request === undefined || preview.failure !== undefined) return preview;
    if (preview.mayChange !== false && !(await isMeant(preview, runner))) return undefined;
  }
  return administration.tryMap(given);
}

/** Asks who sits there; without a terminal nobody can be asked. Rejects with CLI_USAGE then. */
async function isMeant({ request }: TryMapReport, { shell }: CommandRunner): Promise<boolean> {
  const what = `${request?.method ?? 'it'} ${request?.url ?? ''} is sent for real, and may change something there`;
  if (!shell.input.interactive) {
    throw new UsageError(what, 'add --yes to send it, or --no-send to look at the request only');
  }
  shell.printError(what);
  return /^\s*y(?:es)?\s*$/iu.test(await shell.input.ask('send it? [y/N] '));
}

function tellUnsent(way: TrialWay, runner: CommandRunner): void {
  runner.fail();
  runner.show(way, { sent: false }, () => ['nothing was sent']);
}

/** What a run would know is known here only when it was given. */
function hintOfMissingInput({ failure }: TryMapReport, way: TrialWay): string[] {
  if (failure?.code !== 'PARAMETER_SOURCE_MISSING' || way.run !== undefined) return [];
  const absent = (['record', 'context'] as const).filter((name) => way[name] === undefined);
  if (absent.length === 0) return [];
  const ways = { record: '--record ID, or --record FILE with JSON', context: '--context FILE with JSON' };
  return [`    hint: no ${absent.join(' and no ')} was given: ${absent.map((name) => ways[name]).join('; ')}`];
}

/** What is wrong with files that are no text, or in which no map can be told: without them it would be another call. */
function tellUnreadable(
  diagnostics: readonly Diagnostic[],
  told: { readonly way: TrialWay; readonly runner: CommandRunner; readonly sources: readonly SourceFile[] },
): void {
  told.runner.fail();
  told.runner.show(told.way, { diagnostics }, () => renderDiagnostics(diagnostics, told.sources));
}

/** The name of the map in a file that was read; else what is wrong with the file. */
async function mapNameIn(file: string, sources: readonly SourceFile[]): Promise<string | readonly Diagnostic[]> {
  const { soleMapIn } = await import('./sole-map.ts');
  return soleMapIn(sources.find((source) => source.file === file) ?? { file, text: '' });
}
