import type { Command } from 'commander';
import type { Json } from '../../core/json.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type DescriptionOptions, nameGiven, withDescriptionOptions } from '../description-options.ts';
import { parseJson, readJsonFile } from '../json-file.ts';
import { readInput } from '../description-source.ts';
import type { Shell } from '../shell.ts';
import { showDescription } from '../taken-description.ts';

interface PostmanOptions extends DescriptionOptions {
  readonly folder?: readonly string[];
  readonly environment?: string;
}

/** `mapwright import-postman`: maps, services and credentials out of a Postman collection. */
export function registerImportPostman(program: Command, runner: CommandRunner): void {
  const command = withDescriptionOptions(
    program
      .command('import-postman')
      .description('make maps, services and credentials of a Postman collection (v2.1); secrets in it are left out')
      .argument('<file>', 'the collection, as Postman exports it; - for standard input'),
  )
    .option('--folder <names...>', 'only requests in these folders')
    .option('--environment <file>', 'an exported environment: what its variables are, for settings to begin with')
    .action((file: string, _options: unknown, self: Command) => run(file, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-postman shop.postman_collection.json --dry-run       what would become of it',
    'mapwright import-postman shop.postman_collection.json --folder Orders one map for each request there',
    'mapwright import-postman shop.json --environment test.json --apply    into the install',
  ]);
}

async function run(file: string, options: PostmanOptions, runner: CommandRunner): Promise<void> {
  const { importPostman } = await import('../../import/postman/import-postman.ts');
  const { shell } = runner;
  const api = importPostman(parseJson((await readInput(file, options, runner)).replace(/^\ufeff/u, ''), file), {
    file,
    name: nameGiven(options),
    folders: options.folder ?? [],
    environment: await environmentOf(options, shell),
  });
  await showDescription(api, options, runner);
}

async function environmentOf({ environment }: PostmanOptions, shell: Shell): Promise<Json | undefined> {
  return environment === undefined ? undefined : readJsonFile(environment, shell.workingFolder);
}
