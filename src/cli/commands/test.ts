import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import type { StoredDocument } from '../../core/document-store.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { MapTestReport } from '../../runtime/map-tests.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type TestSources, gatherTestSources } from '../test-sources.ts';
import { UsageError } from '../usage-error.ts';
import { renderDiagnostics } from '../views/documents-report.ts';
import { testFacts } from '../views/test-facts.ts';
import { renderTestReport } from '../views/test-report.ts';

interface TestOptions extends GlobalOptions {
  readonly update?: boolean;
  readonly only?: readonly string[];
  readonly junit?: string;
  readonly new?: string;
}

/** `mapwright test`: runs map tests; needs no install and calls nobody. */
export function registerTest(program: Command, runner: CommandRunner): void {
  const command = program
    .command('test')
    .description('run map tests: what maps send and write, compared with what the tests say; nobody is called')
    .argument('[paths...]', 'files and folders of documents and tests (default: documents/ and tests/, or here)')
    .option('--update', 'write what happened into failing tests, and into cases that expect nothing yet')
    .option('--only <name...>', 'only cases (or maps) whose name holds this text')
    .option('--junit <file>', 'write the outcome for build servers too, as JUnit XML')
    .option('--new <map>', 'print a first test of a map instead')
    .action((paths: string[], _options: unknown, self: Command) => test(paths, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright test                                    documents/ and tests/ of this folder',
    'mapwright test maps/ --only refused               some cases of a folder',
    'mapwright test --new order-send maps/ > tests/order-send.test.xml',
    'mapwright test --update maps/tests                what happened becomes what is expected',
    'mapwright test maps/ --junit results.xml          on a build server',
  ]);
}

async function test(paths: readonly string[], options: TestOptions, runner: CommandRunner): Promise<void> {
  const gathered = await gatherTestSources(paths, runner.shell);
  const inForce = await documentsInForce(options, runner);
  if (options.new !== undefined) return printNew(options.new, { gathered, inForce, runner });
  const report = await runTests(gathered, { inForce, options });
  requireCases(report, options, paths);
  if (options.update === true) return update({ gathered, inForce, options, runner, report });
  await tell(report, { gathered, options, runner });
}

/** The documents of the install that the options name; none when they name none. */
async function documentsInForce(options: TestOptions, runner: CommandRunner): Promise<readonly StoredDocument[]> {
  if (options.dir === undefined && options.at === undefined) return [];
  const { documents } = await runner.withInstall(options, { create: false }, (install) => install.revision({}));
  return documents;
}

interface Asked {
  readonly gathered: TestSources;
  readonly inForce: readonly StoredDocument[];
  readonly options: TestOptions;
  readonly runner: CommandRunner;
}

async function runTests(
  gathered: TestSources,
  { inForce, options }: Pick<Asked, 'inForce' | 'options'>,
): Promise<MapTestReport> {
  const { runMapTests } = await import('../../runtime/map-tests.ts');
  const only = options.only?.map((name) => name.toLowerCase());
  const { named, sources } = gathered;
  const report = await runMapTests({
    sources,
    inForce,
    isWanted: (document, one) =>
      named.has(document.file) &&
      (only === undefined ||
        only.some((name) => [one.name.value, document.map.value].some((text) => text.toLowerCase().includes(name)))),
  });
  // Of files that were only read for their maps, what keeps the maps from being run.
  const told = report.diagnostics.filter(({ file, severity }) => named.has(file) || severity === 'error');
  return { ...report, diagnostics: [...gathered.diagnostics, ...told] };
}

function requireCases(report: MapTestReport, options: TestOptions, paths: readonly string[]): void {
  if (report.cases.length > 0 || hasErrors(report.diagnostics)) return;
  const where = paths.length === 0 ? 'documents/, tests/ or this folder' : paths.join(' ');
  if (options.only !== undefined) {
    throw new UsageError(`no case or map in ${where} has "${options.only.join('" or "')}" in its name`, 'see --only');
  }
  throw new UsageError(
    `there are no map tests in ${where}`,
    'mapwright test --new MAP PATH prints a first one: save it as tests/MAP.test.xml',
  );
}

async function tell(report: MapTestReport, { gathered, options, runner }: Omit<Asked, 'inForce'>): Promise<void> {
  if (options.junit !== undefined) await writeJunit(options.junit, report, runner);
  runner.show(options, testFacts(report), () => renderTestReport(report, gathered.sources));
  if (report.counts.failed > 0 || hasErrors(report.diagnostics)) runner.fail();
}

async function writeJunit(file: string, report: MapTestReport, runner: CommandRunner): Promise<void> {
  const { renderJunit } = await import('../views/junit.ts');
  const path = resolve(runner.shell.workingFolder, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, renderJunit(report));
  } catch (cause) {
    throw new MapwrightError('CLI_FILE_UNWRITABLE', `${file} cannot be written: ${messageOf(cause)}`, {
      hint: 'name a file that this user may write',
      cause,
    });
  }
}

/** Writes down what happened, and tells how the tests stand after that. */
async function update(asked: Asked & { readonly report: MapTestReport }): Promise<void> {
  const { gathered, options, runner, report } = asked;
  if (hasErrors(report.diagnostics)) {
    runner.show(options, { ...testFacts(report), updated: [] }, () => [
      ...renderDiagnostics(report.diagnostics, gathered.sources),
      'nothing updated: the documents have errors',
    ]);
    return runner.fail();
  }
  const { updateTests } = await import('../update-tests.ts');
  const { updates, sources } = await updateTests(report, { gathered, shell: runner.shell });
  const after = await runTests({ ...gathered, sources }, asked);
  if (options.junit !== undefined) await writeJunit(options.junit, after, runner);
  runner.show(options, { ...testFacts(after), updated: updates.map(({ file, left }) => ({ file, left })) }, () => [
    ...updates.flatMap(({ lines }) => lines),
    ...renderTestReport(after, sources),
  ]);
  if (after.counts.failed > 0 || hasErrors(after.diagnostics)) runner.fail();
}

async function printNew(map: string, { gathered, inForce, runner }: Omit<Asked, 'options'>): Promise<void> {
  const { mapTestSkeleton } = await import('../../runtime/map-test-skeleton.ts');
  const text = await mapTestSkeleton({ map, sources: gathered.sources, inForce });
  runner.shell.print(text.trimEnd());
}
