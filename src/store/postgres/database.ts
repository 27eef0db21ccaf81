import { Pool, types } from 'pg';
import { Connection } from './connection.ts';
import { requireDatabaseUrl } from './database-url.ts';
import { storeClosed, storeFailure } from './postgres-failure.ts';
import { StatementNames } from './statement-names.ts';

/** A parameter, or all values of a column for `unnest`. */
export type SqlParameter =
  | string
  | number
  | boolean
  | null
  | Buffer
  | readonly (string | number | boolean | null | Buffer)[];

/** Where statements run, in the order in which they were given. Every method rejects with STORE_UNAVAILABLE or STORE_UNIT_INVALID. */
export interface Session {
  /** Runs one statement, prepared under a name made from its text on each connection; rows as objects; int8 and numeric come as numbers. */
  all<Row>(sql: string, values?: readonly SqlParameter[]): Promise<Row[]>;
  /** As `all`; how many rows it changed. */
  run(sql: string, values?: readonly SqlParameter[]): Promise<number>;
}

export interface DatabaseParams {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Connections at most: 4 unless said. */
  readonly connections?: number;
  /** A statement that takes longer is stopped by the server. */
  readonly statementTimeoutMs?: number;
  /** Statements that are said to each new connection: how this pool's own are to be planned. */
  readonly settings?: string;
}

const CONNECTIONS = 4;
/** For a new connection, or a place in the pool. */
const CONNECT_TIMEOUT_MS = 15_000;
const IDLE_CONNECTION_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;

/** Object ids of types (`pg_type`): int8, numeric, and lists of these. */
const NUMBERS: ReadonlySet<number> = new Set([20, 1700]);
const NUMBER_LISTS: ReadonlySet<number> = new Set([1016, 1231]);

/**
 * Said to each connection. A commit that was answered is on the disk, whatever the server is set up for; a process that
 * stopped in the middle of a transaction does not keep its locks; texts and numbers come as they were stored. Everything is
 * in one schema: of several in the `search_path` the one with the install, so that tables of another are never taken for its own.
 */
const SESSION_SETTINGS = `SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local');
  SELECT set_config('search_path', quote_ident(name), false) FROM
    (SELECT coalesce((SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE pg_class.oid = to_regclass('schema_versions')),
      current_schema()) AS name) AS schema WHERE name IS NOT NULL;
  SET client_encoding = 'UTF8';
  SET default_transaction_isolation = 'read committed';
  SET extra_float_digits = 1;
  SET idle_in_transaction_session_timeout = 30000;
  SET client_min_messages = warning`;

/** A PostgreSQL database, over a pool of connections. The constructor throws STORE_URL_INVALID. */
export class PostgresDatabase implements Session {
  readonly #pool: Pool;
  readonly #names = new StatementNames();
  #closing: Promise<void> | undefined;

  constructor({ url, connections = CONNECTIONS, statementTimeoutMs = 0, settings = '' }: DatabaseParams) {
    const said = `${SESSION_SETTINGS}; SET statement_timeout = ${Math.trunc(statementTimeoutMs)}; ${settings}`;
    this.#pool = new Pool({
      connectionString: requireDatabaseUrl(url),
      max: connections,
      application_name: 'mapwright',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      keepAlive: true,
      // Statements that do not wait for each other are sent together.
      pipeline: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      types: { getTypeParser },
      onConnect: async (client) => void (await client.query(said)),
    });
    // Whatever breaks a connection shows in the statement that runs on it; the pool makes another one.
    this.#pool.on('error', ignore);
    this.#pool.on('connect', (client) => client.on('error', ignore));
  }

  all<Row>(sql: string, values?: readonly SqlParameter[]): Promise<Row[]> {
    return this.#onAnyConnection((connection) => connection.all<Row>(sql, values));
  }

  run(sql: string, values?: readonly SqlParameter[]): Promise<number> {
    return this.#onAnyConnection((connection) => connection.run(sql, values));
  }

  /**
   * BEGIN .. COMMIT (read committed) on one connection; rolled back when `work` rejects. Rejects with what `work` rejected
   * with, with `TransactionCollision` (a STORE_UNAVAILABLE) for a deadlock or a serialization failure, and with
   * STORE_UNAVAILABLE also when nobody can tell whether the commit took effect.
   * @param options.unhurried For changes of the schema: statements may take as long as they need.
   */
  transaction<T>(work: (session: Session) => Promise<T>, options: { readonly unhurried?: boolean } = {}): Promise<T> {
    return this.#onAnyConnection((connection) => {
      if (options.unhurried === true) connection.giveTime();
      return connection.transaction(work);
    });
  }

  /** Waits for what is under way. Safe to repeat. */
  close(): Promise<void> {
    return (this.#closing ??= this.#pool.end());
  }

  async #onAnyConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw storeClosed();
    const connection = await this.#connect();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  }

  async #connect(): Promise<Connection> {
    try {
      return new Connection(await this.#pool.connect(), this.#names);
    } catch (thrown) {
      throw storeFailure(thrown);
    }
  }
}

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (NUMBERS.has(oid)) return Number;
  if (NUMBER_LISTS.has(oid)) return numbersOf;
  return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text');
}

function numbersOf(list: string): (number | null)[] {
  return list
    .slice(1, -1)
    .split(',')
    .filter((item) => item !== '')
    .map((item) => (item === 'NULL' ? null : Number(item)));
}

function ignore(): void {
  // Told where the connection is used.
}
