import type { RecordStore } from '../../core/record-store.ts';
import type { CommitResult } from '../../core/unit-of-work.ts';
import type { DedupKeys } from './dedup-keys.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import type { NumberSequence } from './number-sequence.ts';
import type { RecordQueries } from './record-queries.ts';
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
  readonly search: RecordQueries;
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
    query: guarded((module, query) => parts.search.query(module, query)),
    find: guarded((module, query) => parts.search.find(module, query)),
    count: guarded((module, query) => parts.search.count(module, query)),
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
