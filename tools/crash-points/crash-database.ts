import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { PostgresServer } from '../stage/postgres-server.ts';

/** A row as the driver gives it; the caller says which columns it reads. */
export type Row = Readonly<Record<string, unknown>>;

/** An install's database, read while no process of the install runs. */
export interface Ledger {
  rows(sql: string): Promise<readonly Row[]>;
  /** Names of all tables, those of modules among them. */
  tables(): Promise<readonly string[]>;
  /** What is wrong with the file itself; nothing where the server sees to that. */
  damage(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Where an install is kept. */
export interface InstallPlace {
  readonly folder: string;
  /** `postgres://...`; undefined: SQLite in the folder. */
  readonly database: string | undefined;
}

/** Where installs are kept for as long as it is open, on one of the databases there are. */
export interface CrashDatabase {
  readonly name: 'sqlite' | 'postgres';
  /** A place where there is no install yet. */
  make(folder: string): Promise<InstallPlace>;
  /** A copy of an install that no process runs. */
  copy(from: InstallPlace, folder: string): Promise<InstallPlace>;
  remove(place: InstallPlace): Promise<void>;
  open(place: InstallPlace): Promise<Ledger>;
  close(): Promise<void>;
}

/** Installs in their folders. */
export function sqliteInstalls(): CrashDatabase {
  return {
    name: 'sqlite',
    make: async (folder) => ({ folder, database: undefined }),
    async copy(from, folder) {
      await cp(from.folder, folder, { recursive: true });
      return { folder, database: undefined };
    },
    remove: ({ folder }) => rm(folder, { recursive: true, force: true }),
    open: async ({ folder }) => openFile(folder),
    close: async () => undefined,
  };
}

function openFile(folder: string): Ledger {
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  return {
    rows: async (sql) => db.prepare<[], Row>(sql).all(),
    tables: async () => db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all(),
    async damage() {
      const found = String(db.pragma('integrity_check', { simple: true }));
      const orphans = db.pragma('foreign_key_check') as readonly unknown[];
      return [
        ...(found === 'ok' ? [] : [found]),
        ...orphans.map((orphan) => `points at nothing: ${JSON.stringify(orphan)}`),
      ];
    },
    close: async () => void db.close(),
  };
}

/** Installs in databases of a PostgreSQL server of its own. */
export async function postgresInstalls(): Promise<CrashDatabase> {
  const server = await PostgresServer.open();
  let count = 0;
  const create = async (folder: string, template: string): Promise<InstallPlace> => {
    const name = `crash_${++count}`;
    await say(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    const url = new URL(server.url);
    url.pathname = name;
    return { folder, database: url.href };
  };
  return {
    name: 'postgres',
    make: (folder) => create(folder, 'template1'),
    async copy(from, folder) {
      await cp(from.folder, folder, { recursive: true });
      return create(folder, nameOf(from));
    },
    async remove(place) {
      await say(server.url, `DROP DATABASE ${nameOf(place)} WITH (FORCE)`);
      await rm(place.folder, { recursive: true, force: true });
    },
    open: (place) => openDatabase(place),
    close: () => server.close(),
  };
}

async function openDatabase({ database }: InstallPlace): Promise<Ledger> {
  const client = await connected(database);
  const rows = async (sql: string): Promise<readonly Row[]> => (await client.query<Row>(sql)).rows;
  return {
    rows,
    tables: async () =>
      (await rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).map(({ tablename }) =>
        String(tablename),
      ),
    damage: async () => [],
    close: () => client.end(),
  };
}

async function say(url: string, sql: string): Promise<void> {
  const client = await connected(url);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function connected(url: string | undefined): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function nameOf({ database = '' }: InstallPlace): string {
  return new URL(database).pathname.slice(1);
}
