import type { Clock } from '../core/clock.ts';
import type { OpenedAdministration, OpenParams } from './open-administration.ts';

/** What comes in on standard input. */
export interface ShellInput {
  /** True when a person types: there is nothing to read until asked for. */
  readonly interactive: boolean;
  readAll(): Promise<Buffer>;
  /** Asks for one line. Rejects with CLI_INTERRUPTED on Ctrl-C; empty at the end of the input. */
  ask(question: string): Promise<string>;
  /** Asks for one line that is not shown while it is typed. Rejects with CLI_INTERRUPTED on Ctrl-C. */
  askHidden(question: string): Promise<string>;
}

/** Everything a command touches besides its arguments; tests give their own. */
export interface Shell {
  /** Writes one line, or several, to standard output. */
  print(text: string): void;
  /** The same for standard error. */
  printError(text: string): void;
  /** True when colours may be written to standard output: a person looks, and has not asked for none. */
  readonly colours: boolean;
  /** True when a person reads standard error. */
  readonly logsToPerson: boolean;
  readonly input: ShellInput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  readonly workingFolder: string;
  readonly temporaryFolder: string;
  readonly clock: Clock;
  /** Who gives the command, for the audit: the name at the operating system. */
  readonly operator: string;
  openAdministration(params: OpenParams): Promise<OpenedAdministration>;
  /** Resolves with the signal (SIGINT, SIGTERM) that asks the process to end; a second one ends it at once. */
  untilSignal(): Promise<string>;
}
