import type { ModuleDefinition } from '../../core/module.ts';
import type { Found, Query } from '../../core/query.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
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
): Pick<RecordStore, 'read' | 'query' | 'find' | 'count' | 'linked' | 'history' | 'findDedup'> {
  return {
    read: guarded((module, id) => parts.tables.forReading(module)?.read(id)),
    linked: guarded((one, other) => parts.relations.linked(one, other)),
    history: guarded((id) => parts.history.of(id)),
    findDedup: guarded(({ scope, key, now }) => parts.dedup.find(scope, key, now)),
    query: guarded((module, query) => queryRecords(parts, module, query)),
    find: guarded((module, query) => findRecords(parts, module, query)),
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
    findDedup: guarded(async ({ scope, key, now }) => {
      const found = parts.dedup.find(scope, key, now);
      // Whoever is told that its request was done before takes that for a promise.
      if (found !== undefined) await parts.commits.confirmed();
      return found;
    }),
    commit: (unit) =>
      parts.commits.write<CommitResult>(() => {
        const result = parts.units.apply(unit);
        return 'committed' in result ? result.committed : new Undo(result);
      }),
  };
}

async function queryRecords(
  parts: RecordReaderParts,
  module: ModuleDefinition,
  query: Query,
): Promise<readonly RecordImage[]> {
  const table = parts.tables.forReading(module);
  if (table === undefined) return [];
  const where = renderCondition(module, query.where);
  const rows = await parts.queries.query({
    sql: `${table.selectAll} WHERE ${where.sql} ${renderOrder(module, query.order)} LIMIT ? OFFSET ?`,
    values: [...where.values, query.limit, query.offset],
  });
  return rows.map((row) => table.imageOf(row));
}

/** A record asked for by its id is read at once; anything else is left to the reader thread, which may take its time. */
async function findRecords(
  parts: RecordReaderParts,
  module: ModuleDefinition,
  query: Query,
): Promise<Found<RecordImage>> {
  const table = parts.tables.forReading(module);
  if (table === undefined) return { found: [], total: 0 };
  const { limit, offset } = query;
  const id = idWanted(query.where);
  if (id !== undefined) {
    const image = table.read(id);
    const found = image === undefined ? [] : [image];
    return { found: found.slice(offset, offset + limit), total: found.length };
  }
  const where = renderCondition(module, query.where);
  const { rows, total } = await parts.queries.queryPage({
    sql: `${table.selectAll} WHERE ${where.sql} ${renderOrder(module, query.order)}`,
    countSql: `SELECT count(*) FROM ${table.name} WHERE ${where.sql}`,
    values: where.values,
    limit,
    offset,
  });
  return { found: rows.map((row) => table.imageOf(row)), total };
}

/** Set when a condition says `id = '14x1'` and nothing else. */
function idWanted(where: Query['where']): RecordId | undefined {
  if (where?.kind !== 'compare' || where.field !== 'id' || where.operator !== '=') return undefined;
  return typeof where.value === 'string' ? where.value : undefined;
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
