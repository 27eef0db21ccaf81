import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDatabase, newDatabase, statement } from '../../test/store/postgres-cluster.ts';
import { cpuTimeMs } from '../../tools/stage/cpu-time.ts';

/** A PostgreSQL server of this process. */
export interface DatabaseServer {
  /** The address of a database of an install without anything in it. */
  newInstall(): Promise<string>;
  /** The address of a database with nothing in it. */
  newDatabase(): Promise<string>;
  /** Processor time of all its processes, in milliseconds; NaN where the system does not tell. */
  cpuMs(): number;
  /** What was done in a database since it was made. */
  workOf(url: string): Promise<DatabaseWork>;
}

/** Counted by PostgreSQL, up to a second late. */
export interface DatabaseWork {
  readonly transactions: number;
  /** Connections of others. */
  readonly connections: number;
  /** Of the whole server. */
  readonly walBytes: number;
}

/** Starts it, unless it runs; it ends with this process. */
export async function databaseServer(): Promise<DatabaseServer> {
  const url = await newDatabase();
  const [row] = await statement(url, `SELECT current_setting('data_directory') AS folder`);
  const main = Number(readFileSync(join(String(row?.['folder']), 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { newInstall: newDatabase, newDatabase: emptyDatabase, cpuMs: () => familyCpuMs(main), workOf };
}

async function workOf(url: string): Promise<DatabaseWork> {
  const [row] = await statement(
    url,
    `SELECT xact_commit + xact_rollback AS transactions, numbackends - 1 AS connections,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal
     FROM pg_stat_database WHERE datname = current_database()`,
  );
  return {
    transactions: Number(row?.['transactions']),
    connections: Number(row?.['connections']),
    walBytes: Number(row?.['wal']),
  };
}

/** Puts runs that have ended into the tables, as years of work would. */
export async function fillWithRuns(url: string, count: number): Promise<void> {
  await statement(
    url,
    `INSERT INTO runs (workflow, revision, module, record_id, lane, pass_when_waiting, undecided, depth, initiator, status,
       epoch, handled, progress, accepted_at, started_at, ended_at, cancel_told)
     SELECT 'four-steps', 1, 'Items', '15x' || n, '15x' || n, 0, 0, 0, '19x1',
       CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'completed' END, 1, 0, '{"task":"task-4","done":4}', n, n, n, 0
     FROM generate_series(1, ${Math.trunc(count)}) AS n`,
  );
  await statement(url, `INSERT INTO run_triggers (run, trigger) SELECT id, '{"event":"create"}' FROM runs`);
  await statement(
    url,
    `INSERT INTO steps (run, number, task, purpose, round, status, started_at, ended_at, attempt)
     SELECT id, number, 'task-' || number, 'main', 1, 'done', 1, 1, 1 FROM runs, generate_series(1, 4) AS number`,
  );
  await statement(url, 'VACUUM ANALYZE');
}

/** Each connection is a process of its own; what the ended ones used, their parent counts. */
function familyCpuMs(main: number): number {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number);
  const children = pids.filter((pid) => parentOf(pid) === main);
  return [main, ...children].reduce((sum, pid) => sum + (cpuTimeMs(pid) || 0), endedChildrenMs(main));
}

function parentOf(pid: number): number {
  return Number(statFields(pid)[1]);
}

function endedChildrenMs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function statFields(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}
