import type { ModuleDefinition } from '../../core/module.ts';
import type { Query } from '../../core/query.ts';
import type { RecordStore } from '../../core/record-store.ts';
import type { CommitResult } from '../../core/unit-of-work.ts';
import type { DedupKeys } from './dedup-keys.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import type { NumberSequence } from './number-sequence.ts';
import { renderCondition, renderOrder } from './query-sql.ts';
import type { QueryThread } from './query-thread.ts';
import type { RecordHistory } from './record-history.ts';
import type { RecordNewcomers } from './record-newcomers.ts';
import type { RecordImages } from './record-images.ts';
import type { RecordTables } from './record-tables.ts';
import type { Relations } from './relations.ts';
import { guarded } from './sqlite-failure.ts';
import type { UnitWriter } from './unit-writer.ts';

/** What reading records needs. */
export interface RecordReaderParts {
  readonly tables: RecordTables;
  readonly relations: Relations;
  readonly history: RecordHistory;
  readonly dedup: DedupKeys;
  readonly queries: QueryThread;
}

/** The reading half of a record store. */
export function createRecordReader(
  parts: RecordReaderParts,
): Pick<RecordStore, 'read' | 'query' | 'count' | 'linked' | 'history' | 'findDedup'> {
  return {
    read: guarded((module, id) => parts.tables.forReading(module)?.read(id)),
    linked: guarded((one, other) => parts.relations.linked(one, other)),
    history: guarded((id) => parts.history.of(id)),
    findDedup: guarded(({ scope, key, now }) => parts.dedup.find(scope, key, now)),
    query: guarded((module, query) => queryRecords(parts, module, query)),
    count: guarded((module, query) => countRecords(parts, module, query)),
  };
}

/** A record store on SQLite. */
export function createRecordStore(
  parts: RecordReaderParts & {
    readonly commits: GroupCommit;
    readonly numbers: NumberSequence;
    readonly units: UnitWriter;
    readonly newcomers: RecordNewcomers;
    readonly images: RecordImages;
  },
): RecordStore {
  const { images, tables } = parts;
  return {
    ...createRecordReader(parts),
    read: guarded((module, id) => {
      const known = images.get(module, id);
      if (known !== undefined) return known;
      const image = tables.forReading(module)?.read(id);
      if (image !== undefined) images.keep(module, image);
      return image;
    }),
    prepareModules: async (modules) => {
      tables.use(await parts.commits.write(() => tables.prepare(modules)));
    },
    previewModules: guarded((modules) => tables.preview(modules)),
    latestChange: guarded(() => parts.newcomers.latestChange()),
    allocateNumber: () => parts.numbers.allocate(),
    commit: (unit) =>
      parts.commits.write<CommitResult>(() => {
        const result = parts.units.apply(unit);
        return 'committed' in result ? result.committed : new Undo(result);
      }),
  };
}

async function queryRecords(parts: RecordReaderParts, module: ModuleDefinition, query: Query) {
  const table = parts.tables.forReading(module);
  if (table === undefined) return [];
  const where = renderCondition(module, query.where);
  const rows = await parts.queries.query({
    sql: `${table.selectAll} WHERE ${where.sql} ${renderOrder(module, query.order)} LIMIT ? OFFSET ?`,
    values: [...where.values, query.limit, query.offset],
  });
  return rows.map((row) => table.imageOf(row));
}

async function countRecords(parts: RecordReaderParts, module: ModuleDefinition, query: Query): Promise<number> {
  const table = parts.tables.forReading(module);
  if (table === undefined) return 0;
  const where = renderCondition(module, query.where);
  const rows = await parts.queries.query({
    sql: `SELECT count(*) FROM ${table.name} WHERE ${where.sql}`,
    values: where.values,
  });
  return Number(rows[0]?.[0]);
}
