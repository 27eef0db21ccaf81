import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { migrateStore } from '../../src/store/postgres/schema-version.ts';

const TEMPLATE = 'mapwright_template';

/**
 * A real PostgreSQL server: the one that a run of many files started for all of them, else one of this process, started when
 * it is first asked for, which ends with the process, however that ends.
 */
let cluster: Promise<Cluster> | undefined;

interface Cluster {
  readonly urlOf: (database: string) => string;
}

/** Databases that were given back: to empty one takes a tenth of the time of making one. */
const free: string[] = [];

/** The address of a database that holds the tables of an install and nothing in them; nobody else has it. */
export async function newDatabase(): Promise<string> {
  const known = free.pop();
  if (known !== undefined) return known;
  const { urlOf } = await (cluster ??= startCluster());
  const name = `install_${randomUUID().replaceAll('-', '')}`;
  await statement(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return urlOf(name);
}

/** The address of a new database with nothing in it. */
export async function emptyDatabase(): Promise<string> {
  const { urlOf } = await (cluster ??= startCluster());
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await statement(urlOf('postgres'), `CREATE DATABASE ${name}`);
  return urlOf(name);
}

/** Gives back a database that came from `newDatabase`, for the next that asks. Ends all connections to it. */
export async function giveBack(url: string): Promise<void> {
  await statement(url, EMPTY);
  free.push(url);
}

/** What the template does not have goes; foreign keys are not looked at meanwhile. */
const EMPTY = `DO $$ DECLARE thing record; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR thing IN SELECT relname AS name, relkind AS kind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'schema_versions' LOOP
    IF thing.kind = 'S' THEN EXECUTE format('ALTER SEQUENCE IF EXISTS %I RESTART', thing.name);
    ELSIF thing.name LIKE 'm#_%' ESCAPE '#' THEN EXECUTE format('DROP TABLE %I CASCADE', thing.name);
    ELSE EXECUTE format('DELETE FROM %I', thing.name);
    END IF;
  END LOOP;
END $$`;

/** Removes a database with all connections to it. */
export async function dropDatabase(url: string): Promise<void> {
  const { urlOf } = await (cluster ??= startCluster());
  await statement(urlOf('postgres'), `DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

/** Runs one statement on a connection of its own. */
export async function statement(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function startCluster(): Promise<Cluster> {
  const shared = process.env['MAPWRIGHT_TEST_POSTGRES'];
  const urlOf = clusterAt(Number(shared ?? (await startServer())));
  await makeTemplate(urlOf);
  return { urlOf };
}

function clusterAt(port: number): Cluster['urlOf'] {
  return (database) => `postgres://mapwright:secret@127.0.0.1:${port}/${database}`;
}

/** Of several processes one makes it; the others wait for that. */
async function makeTemplate(urlOf: Cluster['urlOf']): Promise<void> {
  const client = new Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount !== 0) return;
    // Under another name until it is whole: a process may end in the middle.
    const making = `making_${randomUUID().replaceAll('-', '')}`;
    await client.query(`CREATE DATABASE ${making}`);
    await migrateStore({ url: urlOf(making), now: 0 });
    await client.query(`ALTER DATABASE ${making} RENAME TO ${TEMPLATE}`);
  } finally {
    await client.end();
  }
}

/** Gives the port. */
async function startServer(): Promise<string> {
  const program = fileURLToPath(new URL('./postgres-server.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the PostgreSQL server ended with ${String(code)}`);
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  // From here on it must not keep this process alive; it sees the end of its input when this process ends.
  ended.catch(() => undefined);
  child.unref();
  for (const stream of [child.stdin, child.stdout]) letGo(stream);
  return String(line);
}

function letGo(stream: Readable | Writable): void {
  if (stream instanceof Socket) stream.unref();
}
