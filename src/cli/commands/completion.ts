import type { Command } from 'commander';
import { Argument } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { completionAt } from '../completion/candidates.ts';
import { commandPosition } from '../completion/command-position.ts';
import type { CompletedShell } from '../completion/completion-script.ts';
import { COMPLETED_SHELLS, completionScript } from '../completion/completion-script.ts';
import { namesIn } from '../completion/install-names.ts';
import { installDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import { oneLine } from '../text-layout.ts';

/** `mapwright completion`: commands, options and the install's own names at the Tab key. */
export function registerCompletion(program: Command, runner: CommandRunner): void {
  const command = program
    .command('completion')
    .description('print what makes a shell complete commands and names at the Tab key')
    .addArgument(new Argument('<shell>', 'which shell').choices(COMPLETED_SHELLS))
    .action((shell: CompletedShell) => runner.shell.print(completionScript(shell).trimEnd()));
  addExamples(command, [
    'source <(mapwright completion bash)             in ~/.bashrc',
    'source <(mapwright completion zsh)              in ~/.zshrc, after compinit',
    'mapwright completion fish | source              in ~/.config/fish/config.fish',
  ]);
  program
    .command('complete', { hidden: true })
    .description('what may be typed next: called by the script')
    .argument('[words...]')
    .action((words: string[]) => complete(program, words, runner));
}

/** Silent whatever goes wrong: a message in the middle of a line that is being typed helps nobody. */
async function complete(program: Command, words: readonly string[], runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  try {
    const completion = await completionAt(commandPosition(program, words), async (kind, given) => {
      const { dir, at } = given;
      const options = { ...(dir === undefined ? {} : { dir }), ...(at === undefined ? {} : { at }) };
      const place = { folder: await installFolder(options, shell), database: installDatabase(options, shell) };
      return namesIn(place, kind).catch(() => []);
    });
    const lines = completion.candidates.map(({ value, description }) =>
      description === '' ? oneLine(value) : `${oneLine(value)}\t${oneLine(description)}`,
    );
    if (completion.shellNames !== undefined) lines.push(`:${completion.shellNames}`);
    if (lines.length > 0) shell.print(lines.join('\n'));
  } catch {
    return;
  }
}
