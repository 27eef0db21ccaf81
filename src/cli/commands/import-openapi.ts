import type { Command } from 'commander';
import type { OpenApiSource } from '../../import/openapi/import-openapi.ts';
import type { OperationChoice } from '../../import/openapi/operations.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type DescriptionOptions, nameGiven, serverGiven, withDescriptionOptions } from '../description-options.ts';
import { readOpenApiFiles } from '../openapi-files.ts';
import { renderTable } from '../table.ts';
import { showDescription } from '../taken-description.ts';
import { UsageError } from '../usage-error.ts';
import { count } from '../views/documents-report.ts';

interface OpenApiOptions extends DescriptionOptions {
  readonly operation?: readonly string[];
  readonly tag?: readonly string[];
  readonly path?: readonly string[];
  readonly list?: boolean;
  readonly server?: string;
  readonly variable?: readonly string[];
  readonly security?: string;
}

/** `mapwright import-openapi`: maps, a service and credentials out of an OpenAPI description. */
export function registerImportOpenApi(program: Command, runner: CommandRunner): void {
  const command = withDescriptionOptions(
    program
      .command('import-openapi')
      .description('make maps, a service and credentials of an OpenAPI description (3.0, 3.1; JSON, YAML)')
      .argument(
        '<file>',
        'the description: a file (what it refers to is read beside it), an address, or - for standard input',
      ),
  )
    .option('--list', 'show the operations and make nothing')
    .option('--operation <ids...>', 'only these: ids of operations, or "GET /pets"')
    .option('--tag <tags...>', 'only operations with one of these tags')
    .option('--path <paths...>', 'only paths that are or lie below these; * for one part: /orgs/*')
    .option('--server <address>', 'where calls go, in the place of the address that is described')
    .option('--variable <values...>', 'variables of the address, as region=eu; the others become settings')
    .option('--security <scheme>', 'how to log in where the description leaves a choice')
    .action((file: string, _options: unknown, self: Command) => run(file, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-openapi petstore.yaml --list                         which operations there are',
    'mapwright import-openapi petstore.yaml --tag pet --dry-run            what would become of some',
    'mapwright import-openapi petstore.yaml --operation getPetById addPet  maps and their tests as files',
    'mapwright import-openapi petstore.yaml --name shop --apply            all of them, into the install',
  ]);
}

async function run(file: string, options: OpenApiOptions, runner: CommandRunner): Promise<void> {
  const { importOpenApi } = await import('../../import/openapi/import-openapi.ts');
  const choice = { ids: options.operation ?? [], tags: options.tag ?? [], paths: options.path ?? [] };
  const [name, url] = [nameGiven(options), serverGiven(options)];
  const variables = new Map((options.variable ?? []).map(variableGiven));
  const source = await readOpenApiFiles(file, options, runner);
  if (options.list === true) return list(source, choice, { options, runner });
  const api = importOpenApi(source, { ...choice, name, url, variables, security: options.security });
  await showDescription(api, options, runner);
}

async function list(
  source: OpenApiSource,
  choice: OperationChoice,
  { options, runner }: { readonly options: OpenApiOptions; readonly runner: CommandRunner },
): Promise<void> {
  const { listOperations } = await import('../../import/openapi/import-openapi.ts');
  const operations = listOperations(source, choice).map(({ id, method, path, tags, summary, isDeprecated }) => ({
    id: id ?? null,
    method,
    path,
    tags,
    summary: summary ?? null,
    isDeprecated,
  }));
  const columns = [{ title: 'call' }, { title: 'id' }, { title: 'tags' }, { title: 'what it does', gives: true }];
  runner.show(options, operations, () => [
    ...renderTable(
      columns,
      operations.map((one) => [`${one.method} ${one.path}`, one.id ?? '', one.tags.join(', '), one.summary ?? '']),
    ),
    count(operations.length, 'operation'),
  ]);
}

/** Throws CLI_USAGE. */
function variableGiven(written: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/su.exec(written) ?? [];
  if (name !== undefined && value !== undefined && !/[{}\s]/u.test(value)) return [name, value];
  throw new UsageError(`"${written}" is no variable with its value`, 'write it as --variable region=eu');
}
