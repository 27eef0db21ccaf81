import { join } from 'node:path';
import Database from 'better-sqlite3';

/** An install's database, read beside the process that owns it, or after that has gone. */
export class JournalFile {
  readonly #db: Database.Database;

  constructor(folder: string) {
    this.#db = new Database(join(folder, 'mapwright.db'), { readonly: true, timeout: 10_000 });
  }

  /** Rows of a query; the caller says what they look like. */
  rows<T>(sql: string): readonly T[] {
    return this.#db.prepare<[], T>(sql).all();
  }

  /** The one number that a query gives. */
  number(sql: string): number {
    return Number(this.#db.prepare(sql).pluck().get());
  }

  /** Runs that have not ended. */
  unfinished(): number {
    return this.number('SELECT count(*) FROM runs WHERE ended_at IS NULL');
  }

  /** Why runs wait for a person. */
  parked(): readonly string[] {
    const rows = this.rows<{ reason: string }>(
      `SELECT DISTINCT wait_reason AS reason FROM runs WHERE wait_for = 'person' AND ended_at IS NULL LIMIT 5`,
    );
    return rows.map(({ reason }) => reason);
  }

  /** `ok`, or what SQLite finds wrong with the file. */
  integrity(): string {
    return String(this.#db.pragma('integrity_check', { simple: true }));
  }

  /** Rows that point at rows which are not there: `table row`. */
  orphans(): readonly string[] {
    const rows = this.#db.pragma('foreign_key_check') as readonly { readonly table: string; readonly rowid: number }[];
    return rows.map(({ table, rowid }) => `${table} ${rowid}`);
  }

  close(): void {
    this.#db.close();
  }
}

const POLL_MS = 50;

/**
 * Waits until every run of the install has ended. Rejects when none of them has ended for `stallMs`, and at once when one
 * waits for a person.
 */
export async function untilFinished(folder: string, stallMs: number): Promise<void> {
  const journal = new JournalFile(folder);
  let fewest = Number.POSITIVE_INFINITY;
  let stalledAt = 0;
  try {
    for (;;) {
      const unfinished = journal.unfinished();
      if (unfinished === 0) return;
      const parked = journal.parked();
      if (parked.length > 0) throw new Error(`runs wait for a person: ${parked.join('; ')}`);
      if (unfinished < fewest) stalledAt = Date.now() + stallMs;
      fewest = Math.min(fewest, unfinished);
      if (Date.now() > stalledAt) throw new Error(`${unfinished} runs are left, and none has ended for ${stallMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    journal.close();
  }
}
