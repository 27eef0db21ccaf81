import type { Command } from 'commander';
import { hasErrors } from '../../core/diagnostic.ts';
import { LEGACY_MAP_TYPES } from '../../document/corebos/map-type.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import type { GatheredSources } from '../source-files.ts';
import { gatherSources } from '../source-files.ts';
import { renderApplyReport, renderDiagnostics } from '../views/documents-report.ts';

interface ApplyOptions extends GlobalOptions {
  readonly type?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

/** `mapwright apply`: puts documents in force as one revision, all or none. */
export function registerApply(program: Command, runner: CommandRunner): void {
  const command = program
    .command('apply')
    .description('put documents in force as one new revision, all or none')
    .argument('<paths...>', 'files, folders (all *.xml below them), or - for standard input')
    .option('--prune', 'remove the documents in force that are not given')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--type <type>', `what coreBOS maps are taken for: ${LEGACY_MAP_TYPES.join(', ')}`)
    .action((paths: string[], _options: unknown, self: Command) => apply(paths, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright apply maps/product-sync             new and changed documents; the others stay',
    'mapwright apply --dry-run --prune maps/       what would come, change and go',
    'mapwright apply --dir /srv/mapwright maps/    for another install',
  ]);
}

async function apply(paths: readonly string[], options: ApplyOptions, runner: CommandRunner): Promise<void> {
  const gathered = await gatherSources(paths, runner.shell, options.type);
  if (hasErrors(gathered.diagnostics)) return refuseUnreadable(options, gathered, runner);
  const dryRun = options.dryRun ?? false;
  const report = await runner.withInstall(options, { create: true }, (administration) =>
    administration.apply({
      documents: gathered.sources,
      prune: options.prune ?? false,
      dryRun,
      by: runner.shell.operator,
    }),
  );
  runner.show(options, report, () => renderApplyReport(report, { sources: gathered.sources, dryRun }));
  if (hasErrors(report.diagnostics)) runner.fail();
}

/** With --prune a file that could not be read would count as one that was taken away. */
function refuseUnreadable(options: ApplyOptions, gathered: GatheredSources, runner: CommandRunner): void {
  const { diagnostics, sources } = gathered;
  runner.show(options, { stored: false, diagnostics }, () => [
    ...renderDiagnostics(diagnostics, sources),
    'nothing applied: not every file could be read',
  ]);
  runner.fail();
}
