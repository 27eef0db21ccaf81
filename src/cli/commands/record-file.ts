import type { Command } from 'commander';
import { fileIn } from '../../core/file-store.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { receiveFile } from '../received-file.ts';
import { UsageError } from '../usage-error.ts';

/** `mapwright record file get`: a file that a record holds, written to this machine. */
export function registerRecordFile(record: Command, runner: CommandRunner): void {
  record
    .command('file')
    .description('the files that a record holds')
    .command('get')
    .description('write a file of a record to this machine')
    .argument('<id>', 'such as 30x1')
    .argument('<field>', 'a field of type file')
    .argument('[target]', 'a file or a folder; the working folder when left out', '.')
    .option('--replace', 'write over a file that is there')
    .action((id: string, field: string, target: string, given: { replace?: true }, self: Command) =>
      getFile(self.optsWithGlobals(), runner, { id, field, target, replace: given.replace === true }),
    );
}

async function getFile(
  options: GlobalOptions,
  runner: CommandRunner,
  given: { readonly id: string; readonly field: string; readonly target: string; readonly replace: boolean },
): Promise<void> {
  const { id, field, ...to } = given;
  const got = await runner.withInstall(options, { create: false }, async (administration) => {
    const { values } = await administration.record({ id });
    const file = fileIn(values[field] ?? null);
    if (file === undefined) {
      throw new UsageError(`the field ${field} of ${id} holds no file`, `see its fields: mapwright record show ${id}`);
    }
    const path = await receiveFile(administration, file, { folder: runner.shell.workingFolder, ...to });
    return { file, path };
  });
  runner.show(options, got, ({ file, path }) => [
    `${path}   ${file.type}   ${file.size} bytes`,
    `sha256 ${file.sha256}`,
  ]);
}
