import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { fillStarterFolder } from '../starter-folder.ts';
import type { StarterOutcome } from '../starter-folder.ts';
import { commandName, STARTER_EXAMPLES, starterSteps } from '../starter-steps.ts';
import type { StarterExample, StarterStep } from '../starter-steps.ts';
import { PAGE_WIDTH } from '../table.ts';
import { foldHanging, indent } from '../views/exchange.ts';

interface InitOptions extends GlobalOptions {
  readonly example: StarterExample;
  readonly force?: boolean;
}

/** `mapwright init`: a folder to author in, with documents that run at once. */
export function registerInit(program: Command, runner: CommandRunner): void {
  const command = program
    .command('init')
    .description('make a folder to author in: documents that run at once, tests, editor settings')
    .argument('[folder]', 'made when there is none', '.')
    .addOption(new Option('--example <name>', 'what to begin with').choices(STARTER_EXAMPLES).default('hello'))
    .option('--force', 'also into a folder that holds other things; no file is ever overwritten')
    .action((folder: string, _options: unknown, self: Command) => init(folder, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright init my-maps                          a customer is sent to a practice service on this machine',
    'mapwright init sync --example product-sync      two installs in step',
    'mapwright init --force                          what is missing, into the folder you are in',
  ]);
}

async function init(written: string, options: InitOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const { starterFiles } = await import('../starter-files.ts');
  const { example } = options;
  const command = commandName(shell.environment);
  const outcome = await fillStarterFolder({
    folder: resolve(shell.workingFolder, written),
    files: await starterFiles(example, command),
    force: options.force ?? false,
  });
  const isElsewhere = resolve(shell.workingFolder, written) !== resolve(shell.workingFolder);
  const enter = isElsewhere ? [{ command: `cd ${shellWord(written)}`, says: '' }] : [];
  const steps: readonly StarterStep[] = [...enter, ...starterSteps(example, command)];
  runner.show(options, { folder: written, example, ...outcome, next: steps }, () => [
    ...renderOutcome(written, outcome),
    '',
    'Next, one after another; what stays wants a terminal of its own (in the same folder):',
    '',
    ...renderSteps(steps),
    '',
    'README.md tells the rest.',
  ]);
}

/** A name as one word of a command line. */
function shellWord(name: string): string {
  return /^[\w./+-]+$/u.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

function renderOutcome(folder: string, { made, same, kept }: StarterOutcome): string[] {
  const names = (paths: readonly string[]): string[] => indent(foldHanging(paths.join('  '), PAGE_WIDTH - 2));
  return [
    ...(made.length === 0 ? [`nothing was missing in ${folder}`] : [`made in ${folder}`, ...names(made)]),
    ...(same.length > 0 && made.length > 0 ? ['there already', ...names(same)] : []),
    ...(kept.length > 0 ? ['kept as they are, though the example has other texts', ...names(kept)] : []),
  ];
}

function renderSteps(steps: readonly StarterStep[]): string[] {
  const width = Math.max(...steps.map(({ command, says }) => (says === '' ? 0 : command.length)));
  return steps.map(({ command, says, stays }) =>
    `  ${command.padEnd(width)}   ${says}${stays === true ? ' (stays)' : ''}`.trimEnd(),
  );
}
