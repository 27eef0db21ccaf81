import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import type { PlanReport, SourceFile } from '../../runtime/administration.ts';
import { LEGACY_MAP_TYPES } from '../../document/corebos/map-type.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { gatherSources } from '../source-files.ts';
import { UsageError } from '../usage-error.ts';
import { renderPlanReport } from '../views/plan-report.ts';

interface PlanOptions extends GlobalOptions {
  readonly type?: string;
  readonly prune?: boolean;
}

/** Where `init` puts the documents: taken when no file is named. */
const USUAL_FOLDER = 'documents';

/** `mapwright plan`: what `apply` would change, before it does. */
export function registerPlan(program: Command, runner: CommandRunner): void {
  const command = program
    .command('plan')
    .description('show what apply would change, line by line; changes nothing')
    .argument('[paths...]', `files, folders (all *.xml below them), or -; ${USUAL_FOLDER}/ when none is named`)
    .option('--prune', 'as if the documents in force that are not given were removed')
    .option('--type <type>', `what coreBOS maps are taken for: ${LEGACY_MAP_TYPES.join(', ')}`)
    .action((paths: string[], _options: unknown, self: Command) => plan(paths, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright plan documents/                     what is new, what differs',
    'mapwright plan --prune documents/             and what would go',
    'mapwright plan --json documents/              for a script; exit code 1 when there are errors',
  ]);
}

async function plan(paths: readonly string[], options: PlanOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const gathered = await gatherSources(
    paths.length === 0 ? [await usualFolder(shell.workingFolder)] : paths,
    shell,
    options.type,
  );
  const planned = await planWith(gathered.sources, options, runner);
  const report = { ...planned, diagnostics: [...gathered.diagnostics, ...planned.diagnostics] };
  const { sources } = gathered;
  runner.show(options, report, () => renderPlanReport(report, { sources, colours: shell.colours }));
  if (hasErrors(report.diagnostics)) runner.fail();
}

async function usualFolder(workingFolder: string): Promise<string> {
  const found = await stat(resolve(workingFolder, USUAL_FOLDER)).catch(() => undefined);
  if (found?.isDirectory() === true) return USUAL_FOLDER;
  throw new UsageError(`no file was named, and there is no folder ${USUAL_FOLDER}/ here`, 'mapwright plan FOLDER');
}

/** Looking must not make an install: where there is none, everything would be added. */
async function planWith(
  sources: readonly SourceFile[],
  options: PlanOptions,
  runner: CommandRunner,
): Promise<PlanReport> {
  try {
    return await runner.withInstall(options, { create: false }, (administration) =>
      administration.plan({ documents: sources, prune: options.prune ?? false }),
    );
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'CLI_NO_INSTALL') throw thrown;
    const { planNewInstall } = await import('../../runtime/document-plan.ts');
    const { installZone } = await import('../../runtime/schedule/schedule-times.ts');
    return planNewInstall(sources, { now: runner.shell.clock.now(), timeZone: installZone() });
  }
}
