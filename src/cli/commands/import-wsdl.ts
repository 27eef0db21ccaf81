import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { DescribedOperation } from '../../import/wsdl/described-operation.ts';
import { nameOfWords } from '../../import/description/naming.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type DescriptionOptions, nameGiven, serverGiven, withDescriptionOptions } from '../description-options.ts';
import { addressInFolder, folderConnector, isAddress, withConnector } from '../description-source.ts';
import { missingFile } from '../missing-file.ts';
import { showDescription } from '../taken-description.ts';
import { count } from '../views/documents-report.ts';

interface WsdlOptions extends DescriptionOptions {
  readonly operation?: readonly string[];
  readonly list?: boolean;
  readonly server?: string;
  readonly wsdl?: string;
}

/** `mapwright import-wsdl`: a map for each operation of a SOAP service. */
export function registerImportWsdl(program: Command, runner: CommandRunner): void {
  const command = withDescriptionOptions(
    program
      .command('import-wsdl')
      .description('make a service and a map for each operation of a SOAP service out of its WSDL (1.1)')
      .argument('<source>', 'the WSDL: its address, or a file with what it imports beside it'),
  )
    .option('--list', 'show the operations and make nothing')
    .option('--operation <names...>', 'only these operations')
    .option('--server <address>', 'where calls go, in the place of the address that is described')
    .option(
      '--wsdl <address>',
      'where the WSDL is read when calls are made (default: the address of the service with ?wsdl)',
    )
    .action((source: string, _options: unknown, self: Command) => run(source, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright import-wsdl https://soap.example.com/orders?wsdl --list        which operations there are',
    'mapwright import-wsdl orders.wsdl --operation PlaceOrder --dry-run      what would become of one',
    'mapwright import-wsdl orders.wsdl --server https://soap.example.com/v2  where the calls are to go',
  ]);
}

async function run(source: string, options: WsdlOptions, runner: CommandRunner): Promise<void> {
  const { importWsdl } = await import('../../import/wsdl/import-wsdl.ts');
  const [name, server] = [nameGiven(options) ?? nameOf(source), serverGiven(options)];
  const wsdl = serverGiven({ server: options.wsdl }) ?? (isAddress(source) ? source : undefined);
  const operations = await readOperations(source, options, runner);
  if (options.list === true) return list(operations, options, runner);
  await showDescription(
    importWsdl(operations, { name, operations: options.operation ?? [], server, wsdl }),
    options,
    runner,
  );
}

async function readOperations(
  source: string,
  options: WsdlOptions,
  runner: CommandRunner,
): Promise<readonly DescribedOperation[]> {
  const { describeWsdl } = await import('../../runtime/import/wsdl-description.ts');
  const { shell } = runner;
  const { clock } = shell;
  if (isAddress(source))
    return withConnector(options, runner, (connector) => describeWsdl(source, { connector, clock }));
  await access(resolve(shell.workingFolder, source)).catch(async (thrown: unknown) => {
    throw await missingFile({ file: source, workingFolder: shell.workingFolder, thrown });
  });
  return describeWsdl(addressInFolder(source), { connector: folderConnector(source, shell), clock });
}

function list(operations: readonly DescribedOperation[], options: WsdlOptions, runner: CommandRunner): void {
  const facts = operations.map(({ name, address, input, output }) => ({
    name,
    address,
    input: input.map((one) => one.name),
    output: output.map((one) => one.name),
  }));
  runner.show(options, facts, () => [
    ...facts.map(({ name, input, output }) => `${name}(${input.join(', ')}) -> ${output.join(', ') || 'nothing'}`),
    count(facts.length, 'operation'),
  ]);
}

/** `https://soap.example.com/Orders.asmx?wsdl` and `Orders.wsdl` give `orders`. */
function nameOf(source: string): string {
  const last = isAddress(source)
    ? (new URL(source).pathname.split('/').findLast((part) => part !== '') ?? '')
    : basename(source);
  return nameOfWords(last.replace(/\.[A-Za-z]+$/u, ''), 'soap');
}
