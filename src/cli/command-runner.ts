import type { Command } from 'commander';
import type { Administration } from '../runtime/administration.ts';
import { adviceAsCalled } from './called-as.ts';
import { commandName } from './starter-steps.ts';
import { renderFirstUser } from './views/first-user.ts';
import type { FirstUser } from './open-administration.ts';
import type { FolderOptions } from './install-folder.ts';
import { databaseName, installDatabase } from './install-database.ts';
import { remoteInstall } from './remote-install.ts';
import { installFolder } from './install-folder.ts';
import type { Shell } from './shell.ts';

/** The options that every command takes, wherever they stand on the line. */
export interface GlobalOptions extends FolderOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly token?: string;
}

/** What the commands of one command line share: the shell, and whether something was found to have failed. */
export class CommandRunner {
  readonly shell: Shell;
  #failed = false;

  constructor(shell: Shell) {
    this.shell = shell;
  }

  /** True when the command did its work and found errors: exit code 1 without an error of its own. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Says that what the command was asked about failed. */
  fail(): void {
    this.#failed = true;
  }

  /** Opens the install that the options name for the time of `work`, whatever becomes of it. */
  async withInstall<T>(
    options: GlobalOptions,
    access: { readonly create: boolean },
    work: (administration: Administration) => Promise<T>,
  ): Promise<T> {
    const folder = await installFolder(options, this.shell);
    const database = installDatabase(options, this.shell);
    const opened = await this.shell.openAdministration({
      folder,
      ...(database === undefined ? {} : { database }),
      ...remoteInstall(options, this.shell),
      create: access.create,
    });
    // To standard error, so that a JSON document on standard output stays one.
    if (opened.firstUser !== undefined)
      this.shell.printError(renderNewInstall({ folder, database }, opened.firstUser, this.command).join('\n'));
    try {
      return await work(opened.administration);
    } finally {
      await opened.close();
    }
  }

  /** How Mapwright is called here, for commands that are told to be given next. */
  get command(): string {
    return commandName(this.shell.environment);
  }

  /** Prints facts: as JSON when asked for, else the lines that `render` makes of them. */
  show<T>(options: GlobalOptions, facts: T, render: (facts: T) => readonly string[]): void {
    if (options.json === true) this.shell.print(JSON.stringify(facts, null, 2));
    else this.shell.print(adviceAsCalled(render(facts).join('\n'), this.command));
  }
}

function renderNewInstall(
  { folder, database }: { readonly folder: string; readonly database: string | undefined },
  firstUser: FirstUser,
  command: string,
): string[] {
  const place = database === undefined ? folder : databaseName(database);
  return [`a new install is made in ${place}`, ...renderFirstUser(firstUser, command), ''];
}

/** Adds examples below a command's help; for a group of commands they stand below the help of each. */
export function addExamples(command: Command, examples: readonly string[], scope: 'own' | 'group' = 'own'): Command {
  const text = ['', 'Examples:', ...examples.map((example) => `  ${example}`)].join('\n');
  if (scope === 'own') WITH_OWN_EXAMPLES.add(command);
  // Those of the group stand in for the commands that have none.
  return command.addHelpText(scope === 'own' ? 'after' : 'afterAll', (context) =>
    scope === 'group' && WITH_OWN_EXAMPLES.has(context.command) ? '' : text,
  );
}

const WITH_OWN_EXAMPLES = new WeakSet<Command>();
