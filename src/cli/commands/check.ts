import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import { LEGACY_MAP_TYPES } from '../../document/corebos/map-type.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { gatherSources } from '../source-files.ts';
import { renderCheckReport } from '../views/documents-report.ts';

interface CheckOptions extends GlobalOptions {
  readonly type?: string;
  readonly strict?: boolean;
  readonly explain?: boolean;
}

/** `mapwright check`: reads documents and says what is wrong with them; needs no install. */
export function registerCheck(program: Command, runner: CommandRunner): void {
  const command = program
    .command('check')
    .description('check documents: every problem with its place, without an install')
    .argument('<paths...>', 'files, folders (all *.xml below them), or - for standard input')
    .option('--strict', 'warnings fail too')
    .option('--explain', 'also what happens when tasks fail')
    .option('--type <type>', `what coreBOS maps are taken for: ${LEGACY_MAP_TYPES.join(', ')}`)
    .action((paths: string[], _options: unknown, self: Command) => check(paths, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright check maps/                      all documents of a folder',
    'mapwright check --strict maps/ extra.xml   as a gate before a release',
    'mapwright check --explain maps/            what happens when a task fails, in one sentence',
    'mapwright check --json - < map.xml         for an editor or a script',
  ]);
}

async function check(paths: readonly string[], options: CheckOptions, runner: CommandRunner): Promise<void> {
  const { checkDocuments } = await import('../../runtime/check.ts');
  const gathered = await gatherSources(paths, runner.shell, options.type);
  const { installZone } = await import('../../runtime/schedule/schedule-times.ts');
  const moment = { now: runner.shell.clock.now(), timeZone: installZone() };
  const checked = checkDocuments(gathered.sources, moment);
  const report = { ...checked, diagnostics: [...gathered.diagnostics, ...checked.diagnostics] };
  runner.show(options, report, () =>
    renderCheckReport(report, { sources: gathered.sources, explain: options.explain === true }),
  );
  const strict = options.strict === true && report.diagnostics.some(({ severity }) => severity === 'warning');
  if (strict || hasErrors(report.diagnostics)) runner.fail();
}
