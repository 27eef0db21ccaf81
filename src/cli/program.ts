import { Command, CommanderError } from 'commander';
import { adviceAsCalled, asCalled } from './called-as.ts';
import { COMMAND_GROUPS } from './command-groups.ts';
import { CommandRunner } from './command-runner.ts';
import { DEFAULT_FOLDER } from './install-folder.ts';
import { problemOf, renderProblem } from './problem.ts';
import { PAGE_WIDTH } from './table.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/** What the process ends with. */
const EXIT = { fine: 0, failed: 1, usage: 2 } as const;

/**
 * Runs one command line (without `node` and the script) and gives the exit code: 0 fine, 1 failed or errors found,
 * 2 wrong usage. Never rejects: what goes wrong is printed, with a stack only under MAPWRIGHT_DEBUG=1.
 */
export async function runCommandLine(params: {
  readonly arguments: readonly string[];
  readonly version: string;
  readonly shell: Shell;
}): Promise<number> {
  const runner = new CommandRunner(params.shell);
  const program = buildProgram(runner, params.version);
  try {
    await program.parseAsync([...params.arguments], { from: 'user' });
    return runner.failed ? EXIT.failed : EXIT.fine;
  } catch (thrown) {
    return report(thrown, { ...params, program, command: runner.command });
  }
}

/** All commands, on a runner; nothing is done before a command line is parsed. */
export function buildProgram(runner: CommandRunner, version: string): Command {
  const program = new Command('mapwright')
    .description('Runs business maps: calls other systems when a record changes, and shows everything that happened.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    .option('--dir <folder>', `the install's folder (default: MAPWRIGHT_DIR, else ${DEFAULT_FOLDER})`)
    .option('--at <A|B>', 'an install left by demo --keep, instead of --dir')
    .option('--json', 'print facts as one JSON document')
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => runner.shell.print(asCalled(text.trimEnd(), runner.command)),
      writeErr: (text) => runner.shell.printError(asCalled(text.trimEnd(), runner.command)),
      // Printed once, by report(), in the form that all errors have.
      outputError: () => undefined,
      getOutHelpWidth: () => PAGE_WIDTH,
      getErrHelpWidth: () => PAGE_WIDTH,
    });
  for (const [title, registrations] of COMMAND_GROUPS) {
    program.commandsGroup(title);
    for (const register of registrations) register(program, runner);
  }
  return program
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', '\nhelp of one command: mapwright COMMAND --help');
}

interface ReportParams {
  readonly arguments: readonly string[];
  readonly shell: Shell;
  readonly program: Command;
  /** How Mapwright is called here. */
  readonly command: string;
}

function report(thrown: unknown, params: ReportParams): number {
  const { shell } = params;
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.fine;
  // Help that was printed because a subcommand is missing: the text says it all.
  if (thrown instanceof CommanderError && thrown.code === 'commander.help') return EXIT.usage;
  const error = thrown instanceof CommanderError ? usageErrorOf(thrown, params) : thrown;
  const problem = problemOf(error);
  if (params.arguments.includes('--json')) shell.print(JSON.stringify(problem, null, 2));
  else shell.printError(adviceAsCalled(renderProblem(problem), params.command));
  if (shell.environment['MAPWRIGHT_DEBUG'] === '1' && error instanceof Error) shell.printError(stackOf(error));
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function usageErrorOf(error: CommanderError, params: ReportParams): UsageError {
  const [message = '', suggestion] = error.message
    .replace(/^error: /u, '')
    .replace(/^command-argument value/u, 'the value')
    .split('\n');
  const path = commandPath(params.program, params.arguments);
  const words = path.map((one) => one.name()).join(' ');
  const near = suggestion?.replace(/^\((.*)\)$/u, '$1');
  const children = path.length > 1 ? (path.at(-1)?.commands ?? []) : [];
  // The nearest word need not be the one that was meant: the few that a group has are told whole.
  if (error.code === 'commander.unknownCommand' && children.length > 0) {
    const there = `${words} has ${children.map((one) => one.name()).join(', ')}`;
    return new UsageError(message, near === undefined ? there : `${near} ${there}`);
  }
  return new UsageError(message, near ?? `see ${words} --help`);
}

/** The program and the commands that the words lead to, as far as they are commands. */
function commandPath(program: Command, words: readonly string[]): readonly Command[] {
  const path = [program];
  for (const word of words) {
    const next = path.at(-1)?.commands.find((one) => one.name() === word);
    if (next !== undefined) path.push(next);
  }
  return path;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
