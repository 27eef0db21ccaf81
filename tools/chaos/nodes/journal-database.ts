import { Pool } from 'pg';

/** An install's PostgreSQL database, read beside the nodes that work on it. Rejects while the server is away. */
export class JournalDatabase {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({ connectionString: url, max: 2 });
    // A connection that ends while nobody uses it is made anew.
    this.#pool.on('error', () => undefined);
  }

  async rows<T extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    return (await this.#pool.query<T>(sql, [...values])).rows;
  }

  /** The one number that a query gives. */
  async number(sql: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.rows<Record<string, unknown>>(sql, values);
    return Number(Object.values(row ?? {})[0]);
  }

  /** Under which id a process holds runs; undefined before it has joined. */
  async nodeOf(pid: number): Promise<string | undefined> {
    const [row] = await this.rows<{ id: string }>(
      `SELECT id FROM nodes WHERE name LIKE '%:' || $1::text ORDER BY started_at DESC LIMIT 1`,
      [pid],
    );
    return row?.id;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
