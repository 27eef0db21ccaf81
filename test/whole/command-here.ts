import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { openAdministration } from '../../src/cli/open-administration.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { assertRefused, type CommandOptions, type Ended, mapwright as mapwrightApart } from './command-line.ts';

/** With this set, all commands run in processes of their own. */
const ALL_APART = process.env['MAPWRIGHT_TEST_COMMANDS'] === 'apart';
/** What an install reads from its process, whatever shell a command has. */
const OF_THE_PROCESS = ['MAPWRIGHT_KEY', 'MAPWRIGHT_DISPATCH', 'REDIS_URL'] as const;
/** They go on until a signal comes. */
const SERVERS: readonly (string | undefined)[] = ['serve', 'worker', 'demo'];

/**
 * Runs a command in this process, with everything behind it but a terminal: for tests of what commands do, of which there
 * are many. What is the process's own is tested with `mapwright` of command-line.ts: signals, pipes, that it ends.
 */
export async function mapwright(words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const isApart = ALL_APART || options.program !== undefined || SERVERS.includes(words[0]);
  if (isApart || OF_THE_PROCESS.some((name) => options.env?.[name] !== undefined))
    return mapwrightApart(words, options);
  const output: string[] = [];
  const errors: string[] = [];
  const shell: Shell = {
    print: (text) => void output.push(text),
    printError: (text) => void errors.push(text),
    colours: false,
    logsToPerson: false,
    input: {
      interactive: false,
      readAll: () => Promise.resolve(Buffer.from(options.input ?? '')),
      ask: async () => '',
      askHidden: () => assert.fail('nobody is there to ask'),
    },
    environment: { ...process.env, MAPWRIGHT_DIR: '', ...options.env },
    workingFolder: options.cwd ?? process.cwd(),
    temporaryFolder: tmpdir(),
    clock: { now: () => Date.now() },
    operator: 'test',
    openAdministration: (params) => openAdministration({ operator: 'test', ...params }),
    // Nobody presses Ctrl-C.
    untilSignal: () => new Promise(() => undefined),
  };
  const exitCode = await runCommandLine({ arguments: words, version: '0.0.0', shell });
  return { exitCode, output: textOf(output), errors: textOf(errors) };
}

/** As `refused` of command-line.ts. */
export async function refused(code: string, words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return assertRefused(code, await mapwright(words, options));
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
