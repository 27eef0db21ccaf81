import { join } from 'node:path';
import Database from 'better-sqlite3';
import { statement } from './postgres-cluster.ts';

/** A text in a database, and where it stands. */
export interface StoredText {
  /** `secrets.sealed` */
  readonly column: string;
  readonly text: string;
}

/** A sealed value, wherever it stands in a text; the id of its key in the first group. */
const SEALED = /v1\.([0-9a-f]{8})\.[A-Za-z0-9_-]{38,}/gu;

/** Every text that the install in a folder keeps. */
export function sqliteTexts(folder: string): StoredText[] {
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  try {
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.flatMap(({ name }) =>
      db
        .prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`)
        .all()
        .flatMap((row) => textsOf(name, row)),
    );
  } finally {
    db.close();
  }
}

/** The same of an install in PostgreSQL. */
export async function postgresTexts(url: string): Promise<StoredText[]> {
  const tables = await statement(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const found: StoredText[] = [];
  for (const { name } of tables) {
    for (const row of await statement(url, `SELECT * FROM "${String(name)}"`))
      found.push(...textsOf(String(name), row));
  }
  return found;
}

/** How many sealed values stand in each column, by the id of their key: `secrets.sealed ab12cd34`. */
export function countSealed(texts: readonly StoredText[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { column, text } of texts) {
    for (const [, key = ''] of text.matchAll(SEALED)) {
      counts[`${column} ${key}`] = (counts[`${column} ${key}`] ?? 0) + 1;
    }
  }
  return counts;
}

function textsOf(table: string, row: Readonly<Record<string, unknown>>): StoredText[] {
  return Object.entries(row).flatMap(([column, text]) =>
    typeof text === 'string' ? [{ column: `${table}.${column}`, text }] : [],
  );
}
