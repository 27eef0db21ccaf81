import type { Command } from 'commander';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { databaseName, requireDatabase } from '../install-database.ts';

/** `mapwright migrate`: what `serve` does to the database at its start, by itself. */
export function registerMigrate(program: Command, runner: CommandRunner): void {
  const command = program
    .command('migrate')
    .description(
      'make the tables in a PostgreSQL database, or bring them up to date; serve does so too, if its user may',
    )
    .action((_options: unknown, self: Command) => run(self.optsWithGlobals(), runner));
  addExamples(command, [
    'DATABASE_URL=postgres://owner:secret@db/mapwright mapwright migrate     as a user who may change tables',
  ]);
}

async function run(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const url = requireDatabase(options, runner.shell);
  const { migrateStore } = await import('../../store/postgres/schema-version.ts');
  const { from, to } = await migrateStore({ url, now: runner.shell.clock.now() });
  const facts = { database: databaseName(url), from, to };
  runner.show(options, facts, () => [
    from === to
      ? `${facts.database} is up to date (level ${to})`
      : `${facts.database}: ${from === 0 ? 'tables made' : `brought from level ${from} to ${to}`}`,
  ]);
}
