import type { RecordStore } from '../../core/record-store.ts';
import type { CommitResult, UnitOfWork } from '../../core/unit-of-work.ts';
import type { PostgresDatabase } from './database.ts';
import { findDedup } from './dedup-keys.ts';
import type { NumberSequence } from './number-sequence.ts';
import { readHistory } from './record-history.ts';
import { linkedPairs } from './record-links.ts';
import { latestChange } from './record-newcomers.ts';
import { RecordQueries } from './record-queries.ts';
import { RecordReads } from './record-reads.ts';
import type { RecordTables } from './record-tables.ts';

/** What reading records needs. */
export interface RecordReaderParts {
  readonly db: PostgresDatabase;
  /** Connections for queries, whose statements are stopped after a time. */
  readonly searches: PostgresDatabase;
  readonly tables: RecordTables;
}

/** The reading half of a record store. */
export function createRecordReader({
  db,
  searches,
  tables,
}: RecordReaderParts): Pick<RecordStore, 'read' | 'query' | 'find' | 'count' | 'linked' | 'history' | 'findDedup'> {
  const reads = new RecordReads(db, tables);
  const queries = new RecordQueries(searches, tables);
  return {
    read: (module, id) => reads.read(module, id),
    linked: async (source, target) => (await linkedPairs(db, [{ source, target }])).size > 0,
    history: (id) => readHistory(db, id),
    findDedup: (asked) => findDedup(db, asked),
    query: (module, query) => queries.query(module, query),
    find: (module, query) => queries.find(module, query),
    count: (module, query) => queries.count(module, query),
  };
}

/** A record store on PostgreSQL, one of several over the same database. */
export function createRecordStore(
  parts: RecordReaderParts & {
    readonly numbers: Pick<NumberSequence, 'allocate'>;
    readonly commits: { commit(unit: UnitOfWork): Promise<CommitResult> };
  },
): RecordStore {
  const { db, tables, numbers, commits } = parts;
  return {
    ...createRecordReader(parts),
    prepareModules: (modules) => tables.prepare(modules),
    previewModules: (modules) => tables.preview(modules),
    allocateNumber: () => numbers.allocate(),
    latestChange: () => latestChange(db),
    commit: (unit) => commits.commit(unit),
  };
}
