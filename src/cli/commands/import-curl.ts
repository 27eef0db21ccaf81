import type { Command } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { type DescriptionOptions, nameGiven, withDescriptionOptions } from '../description-options.ts';
import { readInput } from '../description-source.ts';
import { showDescription } from '../taken-description.ts';

/** `mapwright import-curl`: a map, its service and its credential out of a command of curl. */
export function registerImportCurl(program: Command, runner: CommandRunner): void {
  const command = withDescriptionOptions(
    program
      .command('import-curl')
      .description('make a map, its service and its credential of a curl command; secrets in it are left out')
      .argument('<command>', 'the whole command in quotes, a file with commands, or - for standard input'),
  ).action((source: string, _options: unknown, self: Command) => run(source, self.optsWithGlobals(), runner));
  addExamples(command, [
    `mapwright import-curl 'curl -u anna:x https://api.example.com/orders -d total=5' --dry-run`,
    'mapwright import-curl commands.txt --name warehouse      one map for each command in the file',
    'mapwright import-curl -                                  paste it, then Ctrl+D',
  ]);
}

async function run(source: string, options: DescriptionOptions, runner: CommandRunner): Promise<void> {
  const { importCurl } = await import('../../import/curl/import-curl.ts');
  const text = isCommand(source) ? source : await readInput(source, options, runner);
  await showDescription(importCurl(text, { name: nameGiven(options) }), options, runner);
}

/** A file's name has no blank behind `curl`. */
function isCommand(source: string): boolean {
  return /^\s*(?:\$\s+)?(?:\S*[/\\])?curl(?:\.exe)?\s/iu.test(source);
}
