import type { Ledger, Row } from './crash-database.ts';
import type { PeerCall } from './crash-peer.ts';

/** Everything an install holds: rows by the name of their table. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** One life and the next: what was seen of them, and what they left. */
export interface CrashEvidence {
  /** Names of the acts that got an answer, in all lives. */
  readonly answered: readonly string[];
  /** What the other side got before and after the crash. */
  readonly before: readonly PeerCall[];
  readonly after: readonly PeerCall[];
  readonly hasCrashed: boolean;
  /** What the database held when the process had died. */
  readonly atCrash: Tables;
  readonly atEnd: Tables;
  readonly damage: readonly string[];
  /** What a process told of as its own fault, and how it ended when nobody had asked for that. */
  readonly faults: readonly string[];
}

/** Reads all tables, the database's own aside. */
export async function readTables(ledger: Ledger): Promise<Tables> {
  const tables: Record<string, readonly Row[]> = {};
  for (const table of await ledger.tables()) {
    if (!/^(?:sqlite_|__)/u.test(table)) tables[table] = await ledger.rows(`SELECT * FROM "${table}"`);
  }
  return tables;
}

/** The rows of a table; none when there is no such table. */
export function rowsOf(tables: Tables, table: string): readonly Row[] {
  return tables[table] ?? [];
}
