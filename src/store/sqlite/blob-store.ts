import { createHash } from 'node:crypto';
import type { SqliteDatabase } from './database.ts';

/** Long texts, each stored once. Writes belong inside a unit of the group commit. */
export class BlobStore {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  /** The text stored under the hash; throws when the database has lost it. */
  readonly read = (hash: string): string => {
    const row = this.#sql.select.get(hash);
    if (row === undefined) throw new Error(`the text with hash ${hash} is missing`);
    return row.text;
  };

  /** Stores texts under their hashes. */
  writeAll(texts: ReadonlyMap<string, string>): void {
    for (const [hash, text] of texts) this.#sql.insert.run(hash, text);
  }

  /** Stores one text and gives its hash. */
  write(text: string): string {
    const hash = createHash('sha256').update(text).digest('hex');
    this.#sql.insert.run(hash, text);
    return hash;
  }
}

function prepare(db: SqliteDatabase) {
  return {
    select: db.prepare<[string], { text: string }>('SELECT text FROM blobs WHERE hash = ?'),
    insert: db.prepare<[string, string]>('INSERT INTO blobs (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING'),
  };
}
