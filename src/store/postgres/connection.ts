import type { PoolClient, QueryResult } from 'pg';
import { MapwrightError } from '../../core/error.ts';
import type { Session, SqlParameter } from './database.ts';
import { isServerAnswer, storeFailure, uncommitted } from './postgres-failure.ts';
import type { StatementNames } from './statement-names.ts';

/** A statement that has no answer after this long never gets one: the network swallowed it. */
const ANSWER_TIMEOUT_MS = 60_000;

/** One connection, lent to one piece of work. Every method rejects with an error of this room. */
export class Connection implements Session {
  readonly #client: PoolClient;
  readonly #names: StatementNames;
  #isWhole = true;
  #isCommitting = false;
  #unhurried = false;

  constructor(client: PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  async all<Row>(sql: string, values?: readonly SqlParameter[]): Promise<Row[]> {
    const { rows } = await this.#query(sql, values);
    return rows;
  }

  async run(sql: string, values?: readonly SqlParameter[]): Promise<number> {
    const { rowCount } = await this.#query(sql, values);
    return rowCount ?? 0;
  }

  /** BEGIN .. COMMIT around the work; rolled back when it rejects. Its session is of no use afterwards. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = new TransactionSession(this);
    // Sent together with the first statement: it fails only with the connection, and so would that one.
    const begun = this.#query('BEGIN ISOLATION LEVEL READ COMMITTED');
    begun.catch(() => undefined);
    try {
      const result = await work(session);
      await begun;
      session.end();
      await this.#commit();
      return result;
    } catch (thrown) {
      session.end();
      // Without the connection there is nothing left to roll back.
      if (this.#isWhole && !this.#isCommitting) await this.#query('ROLLBACK').catch(() => undefined);
      throw thrown;
    }
  }

  /** From here on statements may take as long as they need. */
  giveTime(): void {
    this.#unhurried = true;
  }

  /** Gives the connection back; one that was ended by something else than the server's answer is not used again. */
  release(): void {
    this.#client.release(!this.#isWhole);
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true;
    const { command } = await this.#query('COMMIT').catch((thrown: unknown) => {
      throw this.#isWhole ? thrown : uncommitted(thrown);
    });
    // The server answers so, instead of with an error, when a statement failed and the work went on all the same.
    if (command === 'ROLLBACK') {
      throw new MapwrightError('STORE_UNAVAILABLE', 'The transaction had failed before it was committed.');
    }
  }

  async #query(text: string, values: readonly SqlParameter[] = []): Promise<QueryResult> {
    const name = this.#names.of(text);
    try {
      return await this.#client.query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
        ...(this.#unhurried ? {} : { query_timeout: ANSWER_TIMEOUT_MS }),
      });
    } catch (thrown) {
      if (!isServerAnswer(thrown)) this.#isWhole = false;
      throw storeFailure(thrown);
    }
  }
}

/** A session that ends with its transaction: what comes later would take effect outside of it. */
class TransactionSession implements Session {
  readonly #connection: Connection;
  #isOver = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async all<Row>(sql: string, values?: readonly SqlParameter[]): Promise<Row[]> {
    this.#requireOpen();
    return this.#connection.all<Row>(sql, values);
  }

  async run(sql: string, values?: readonly SqlParameter[]): Promise<number> {
    this.#requireOpen();
    return this.#connection.run(sql, values);
  }

  end(): void {
    this.#isOver = true;
  }

  #requireOpen(): void {
    if (this.#isOver) throw new MapwrightError('STORE_UNAVAILABLE', 'The transaction is over.');
  }
}
