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
  const program = await buildProgram(runner, { version: params.version, commandLine: params.arguments });
  try {
    await program.parseAsync([...params.arguments], { from: 'user' });
    return runner.failed ? EXIT.failed : EXIT.fine;
  } catch (thrown) {
    return report(thrown, { ...params, program, command: runner.command });
  }
}

/**
 * The commands on a runner; nothing is done before a command line is parsed. Given the command line that is going to be,
 * only the command that it calls is loaded; all of them where that is not plain from the words.
 */
export async function buildProgram(
  runner: CommandRunner,
  params: { readonly version: string; readonly commandLine?: readonly string[] },
): Promise<Command> {
  const program = new Command('mapwright')
    .description('Runs business maps: calls other systems when a record changes, and shows everything that happened.')
    .version(params.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    .option('--dir <folder>', `the install's folder (default: MAPWRIGHT_DIR, else ${DEFAULT_FOLDER})`)
    .option('--at <A|B>', 'an install left by demo --keep, instead of --dir')
    .option('--url <address>', 'an install on another machine (default: MAPWRIGHT_URL); instead of --dir')
    .option('--token <token>', 'its API token (better: MAPWRIGHT_TOKEN, which no process list shows)')
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
  const isCalled = calledCommands(params.commandLine ?? []);
  for (const [title, commands] of COMMAND_GROUPS) {
    program.commandsGroup(title);
    for (const [name, registration] of Object.entries(commands)) {
      if (isCalled(name)) (await registration())(program, runner);
    }
  }
  return program
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', '\nhelp of one command: mapwright COMMAND --help');
}

/** Which commands the words can be about. */
function calledCommands(words: readonly string[]): (name: string) => boolean {
  if (words.length === 1 && ['--version', '-V'].includes(words[0] ?? '')) return () => false;
  const called = firstCommandWord(words);
  const isThere = COMMAND_GROUPS.some(([, commands]) => called !== undefined && Object.hasOwn(commands, called));
  return (name) => !isThere || name === called;
}

/** The first word, when nothing but plain options of the program stands before it: `--help runs` is not about `runs`. */
function firstCommandWord(words: readonly string[]): string | undefined {
  let isValue = false;
  for (const word of words) {
    if (isValue) isValue = false;
    else if (['--dir', '--at', '--url', '--token'].includes(word)) isValue = true;
    else if (!word.startsWith('-')) return word;
    else if (word !== '--json' && !/^--(?:dir|at|url|token)=/u.test(word)) return undefined;
  }
  return undefined;
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
