import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { makeTrial } from '../made-trial.ts';

interface RunOptions extends GlobalOptions {
  readonly record?: string;
  readonly context?: string;
  readonly documents?: readonly string[];
  readonly dryRun?: boolean;
}

/** `mapwright run`: `try` as scripts need it. Whoever gives it means the call, so nobody is asked; nothing is overridden. */
export function registerRun(program: Command, runner: CommandRunner): void {
  const command = program
    .command('run')
    .description('try one map once, as it is, and without being asked: for scripts; no record changes')
    .argument('<map>', "a map's name, or an .xml file that holds one")
    .option('--record <id-or-file>', 'a stored record by its id, or a JSON file of field values')
    .option('--context <file>', 'the context, as a JSON object')
    .option('--documents <path...>', 'documents that stand before those in force')
    .option('--dry-run', 'build and show the request, send nothing')
    .action((map: string, _options: unknown, self: Command) => run(map, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright run peer-challenge                                       a map in force',
    'mapwright run maps/product-create.xml --record r.json --dry-run    a file, not applied yet',
    'mapwright run product-create --record 14x1 --dry-run               what it would send for a stored record',
    'mapwright run product-create --record r.json --context c.json --documents maps/',
  ]);
}

async function run(map: string, { context, dryRun, ...options }: RunOptions, runner: CommandRunner): Promise<void> {
  const view = { maxBodyLines: Number.POSITIVE_INFINITY, tellsOutputs: false, mayWrite: false };
  const given = context === undefined ? {} : { context: [context] };
  await makeTrial(map, { ...options, ...given, send: dryRun !== true, yes: true, view }, runner);
}
