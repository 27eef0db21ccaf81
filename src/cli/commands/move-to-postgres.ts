import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { MovedTable } from '../../runtime/move-install.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { databaseName, requireDatabase } from '../install-database.ts';
import { installFolder } from '../install-folder.ts';
import { renderTable } from '../table.ts';

/** What was moved, for people and tools. */
interface MoveFacts {
  readonly folder: string;
  readonly database: string;
  /** True: it had been moved before, and there was nothing left to do. */
  readonly wasThere: boolean;
  readonly tables: readonly MovedTable[];
}

/** `mapwright move-to-postgres`: takes an install along, history and all. */
export function registerMoveToPostgres(program: Command, runner: CommandRunner): void {
  const command = program
    .command('move-to-postgres')
    .description('copy an install from its folder into an empty PostgreSQL database, and work there from then on')
    .action((_options: unknown, self: Command) => run(self.optsWithGlobals(), runner));
  addExamples(command, [
    'DATABASE_URL=postgres://me:secret@db/mapwright mapwright move-to-postgres --dir /srv/mapwright',
    'DATABASE_URL=postgres://me:secret@db/mapwright mapwright serve --dir /srv/mapwright      then',
  ]);
}

async function run(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const { shell } = runner;
  const database = requireDatabase(options, shell);
  const folder = await installFolder(options, shell);
  await requireInstallIn(folder);
  const { moveInstall } = await import('../../runtime/move-install.ts');
  const tables = await moveInstall({
    folder,
    database,
    place: databaseName(database),
    env: shell.environment,
    now: shell.clock.now(),
    onTable: ({ name, rows }) => {
      if (rows > 0) shell.printError(`copied and read back: ${name}, ${rows} rows`);
    },
  });
  const facts: MoveFacts = {
    folder,
    database: databaseName(database),
    wasThere: tables === undefined,
    tables: tables ?? [],
  };
  runner.show(options, facts, renderMove);
}

async function requireInstallIn(folder: string): Promise<void> {
  try {
    await access(join(folder, 'mapwright.db'));
  } catch {
    throw new MapwrightError('CLI_NO_INSTALL', `there is no install in ${folder}`, {
      hint: 'name the folder of the install to move with --dir',
    });
  }
}

function renderMove({ folder, database, wasThere, tables }: MoveFacts): string[] {
  const rows = tables.filter((table) => table.rows > 0).map(({ name, rows }) => [name, String(rows)]);
  return [
    ...(wasThere ? [`the install of ${folder} is in ${database} already`] : []),
    ...(rows.length === 0 ? [] : renderTable([{ title: 'table' }, { title: 'rows', align: 'right' }], rows)),
    ...(wasThere ? [] : [`moved from ${folder} to ${database}; every row was read back and is the same`]),
    '',
    'Next   keep DATABASE_URL set: every command works on the database then',
    `       keep ${join(folder, 'mapwright.key')} (or MAPWRIGHT_KEY): secrets stay encrypted under it, on every node`,
    `       ${join(folder, 'mapwright.db')} is as it was, and is not opened any more: delete it when you like`,
  ];
}
