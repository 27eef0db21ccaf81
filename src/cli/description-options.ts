import type { Command } from 'commander';
import { UsageError } from './usage-error.ts';
import type { WritingOptions } from './import-files.ts';

/** What all commands that import a description take. */
export interface DescriptionOptions extends WritingOptions {
  readonly name?: string;
  /** False with `--no-tests`. */
  readonly tests: boolean;
  readonly apply?: boolean;
}

/** Adds the options of all commands that import a description. */
export function withDescriptionOptions(command: Command): Command {
  return command
    .option('--name <name>', 'what the names of the documents begin with')
    .option(
      '--out <folder>',
      'the folder of the documents: services/, credentials/, maps/ and tests/ there',
      'documents',
    )
    .option('--no-tests', 'write no map tests')
    .option('--dry-run', 'only tell what would be written')
    .option('--overwrite', 'replace files that are there and differ')
    .option('--apply', 'put the documents in force in the install instead of writing files');
}

/** The name given. Throws CLI_USAGE for one that no document can have. */
export function nameGiven({ name }: DescriptionOptions): string | undefined {
  if (name === undefined || /^[A-Za-z][A-Za-z0-9._-]*$/u.test(name)) return name;
  throw new UsageError(`"${name}" is no name`, 'a letter, then letters, digits, ".", "_" or "-"');
}

/** The address given. Throws CLI_USAGE for one that is not whole. */
export function serverGiven({ server }: { readonly server?: string | undefined }): string | undefined {
  if (server === undefined || /^https?:\/\/[^\s{}]+$/iu.test(server)) return server;
  throw new UsageError(`"${server}" is no address of a server`, 'give it whole: https://api.example.com/v1');
}
