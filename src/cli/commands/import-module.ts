import type { Command } from 'commander';
import type { DescribedModule } from '../../runtime/import/module-description.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type WritingOptions, showTaken } from '../import-files.ts';
import { type SourceOptions, withRemote, withSource } from '../import-source.ts';
import { UsageError } from '../usage-error.ts';
import { count } from '../views/documents-report.ts';

interface ModuleOptions extends SourceOptions, WritingOptions {
  readonly modules?: string;
  readonly all?: boolean;
}

/** `mapwright import-module`: modules of another install as documents. */
export function registerImportModule(program: Command, runner: CommandRunner): void {
  const command = withSource(
    program
      .command('import-module')
      .description('make documents of the modules of another install: fields, choices, references, prefixes of ids'),
  )
    .option('--modules <names>', 'which ones, with commas: Accounts,Contacts')
    .option('--all', 'every module with records')
    .option('--out <folder>', 'the folder of the documents; new ones go into modules/ there', 'documents')
    .option('--dry-run', 'only tell what would be written')
    .option('--overwrite', 'replace files that are there and differ')
    .action((url: string, _options: unknown, self: Command) => run(url, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-module https://crm.example.com --user admin --all --dry-run',
    'mapwright import-module https://crm.example.com --user admin --modules Accounts,Contacts',
    'mapwright import-module https://crm.example.com --user admin --all --key-file admin.key',
  ]);
}

async function run(url: string, options: ModuleOptions, runner: CommandRunner): Promise<void> {
  const selection = selectionOf(options);
  const { importModules } = await import('../../runtime/import/module-import.ts');
  const { renderModule } = await import('../../runtime/import/module-text.ts');
  const { modules, notes } = await withRemote(
    { url, options, runner, install: 'optional' },
    async ({ client, administration }) =>
      importModules(client, { modules: selection, inForce: (await administration?.modules()) ?? [] }),
  );
  const files = modules.map(({ module }) => ({ path: `modules/${module.name}.xml`, text: renderModule(module) }));
  const told = modules.map(describe);
  await showTaken({ files, told, notes: [...notes, ...modules.flatMap((one) => one.notes)] }, options, runner);
}

function describe({ module: { name, label, prefix, fields } }: DescribedModule): string {
  const called = label === name ? '' : ` (${label})`;
  return `${name}${called}   ids ${prefix}x...   ${count(fields.length, 'field')}`;
}

function selectionOf({ modules, all }: ModuleOptions): readonly string[] | 'all' {
  const names = (modules ?? '').split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  if (given.length > 0 !== (all === true)) return all === true ? 'all' : given;
  throw new UsageError('which modules is not said', 'give --modules Accounts,Contacts, or --all');
}
