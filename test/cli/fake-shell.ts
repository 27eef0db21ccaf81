import { runCommandLine } from '../../src/cli/program.ts';
import type { Shell, ShellInput } from '../../src/cli/shell.ts';
import type { Administration } from '../../src/runtime/administration.ts';
import { NOW } from './fake-answers.ts';

/** What a command line did. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

export interface CommandParams {
  readonly administration: Administration;
  readonly input?: Partial<ShellInput> & { readonly piped?: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly colours?: boolean;
  readonly workingFolder?: string;
  readonly temporaryFolder?: string;
  /** Notes the folders that were opened, and whether they might be made. */
  readonly opened?: { readonly folder: string; readonly create: boolean }[];
}

/** A shell that notes what is written to it, with an install behind it that is given. */
export function fakeShell(params: CommandParams): {
  readonly shell: Shell;
  readonly output: readonly string[];
  readonly errors: readonly string[];
} {
  const output: string[] = [];
  const errors: string[] = [];
  const shell: Shell = {
    print: (text) => void output.push(text),
    printError: (text) => void errors.push(text),
    colours: params.colours ?? false,
    logsToPerson: true,
    input: {
      interactive: false,
      readAll: () => Promise.resolve(Buffer.from(params.input?.piped ?? '')),
      ask: () => Promise.reject(new Error('nobody is there to ask')),
      askHidden: () => Promise.reject(new Error('nobody is there to ask')),
      ...params.input,
    },
    environment: params.environment ?? {},
    workingFolder: params.workingFolder ?? '/nowhere',
    temporaryFolder: params.temporaryFolder ?? '/nowhere',
    clock: { now: () => NOW },
    operator: 'anna',
    openAdministration: (open) => {
      params.opened?.push(open);
      return Promise.resolve({ administration: params.administration, close: () => Promise.resolve() });
    },
    untilSignal: () => Promise.resolve('SIGTERM'),
  };
  return { shell, output, errors };
}

/** Runs one command line in this process, against a given Administration. */
export async function runCommand(commandLine: readonly string[], params: CommandParams): Promise<CommandResult> {
  const { shell, output, errors } = fakeShell(params);
  const exitCode = await runCommandLine({ arguments: commandLine, version: '1.2.3', shell });
  return { exitCode, output: output.join('\n'), errors: errors.join('\n') };
}
