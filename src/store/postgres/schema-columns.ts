import { bigint, customType } from 'drizzle-orm/pg-core';

/** A text that compares byte by byte, as all texts of SQLite do: the collation of the database does not count. */
export const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** A whole number that JavaScript holds exactly; also a truth value, 0 or 1, and a time. */
export function whole(name: string) {
  return bigint(name, { mode: 'number' });
}

/** A number that counts up from 1 and is never given again; gaps are possible. */
export function counted(name: string) {
  return bigint(name, { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity();
}

/** Bytes. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** The transaction that wrote the row, unless something else is said. */
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
