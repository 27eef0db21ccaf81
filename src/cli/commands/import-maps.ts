import type { Command } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type WritingOptions, showTaken } from '../import-files.ts';
import { type SourceOptions, withRemote, withSource } from '../import-source.ts';
import { printable } from '../text-layout.ts';

interface MapOptions extends SourceOptions, WritingOptions {}

/** `mapwright import-maps`: business maps of another install as files. */
export function registerImportMaps(program: Command, runner: CommandRunner): void {
  const command = withSource(
    program
      .command('import-maps')
      .description('write the business maps of another install as files, each in its own dialect'),
  )
    .option('--out <folder>', 'the folder of the documents; new ones go into maps/ and workflows/ there', 'documents')
    .option('--dry-run', 'only tell what would be written')
    .option('--overwrite', 'replace files that are there and differ')
    .action((url: string, _options: unknown, self: Command) => run(url, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-maps https://crm.example.com --user admin --dry-run',
    'mapwright import-maps https://crm.example.com --user admin      of a Mapwright, workflows too',
  ]);
}

async function run(url: string, options: MapOptions, runner: CommandRunner): Promise<void> {
  const { importMaps, importWorkflowDocuments } = await import('../../runtime/import/map-import.ts');
  const { maps, workflows } = await withRemote({ url, options, runner, install: 'optional' }, async ({ client }) => ({
    maps: await importMaps(client),
    workflows: await importWorkflowDocuments(client),
  }));
  const files = [
    ...maps.maps.map(({ path, text }) => ({ path: `maps/${path}`, text })),
    ...workflows.maps.map(({ path, text }) => ({ path: `workflows/${path}`, text })),
  ];
  const told = [...maps.maps, ...workflows.maps].map(({ name, type }) => printable(`${name}   ${type}`));
  await showTaken({ files, told, notes: [...maps.notes, ...workflows.notes] }, options, runner);
}
