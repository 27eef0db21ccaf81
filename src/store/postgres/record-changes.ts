import type { RecordId, RecordImage } from '../../core/record.ts';
import type { RelationWrite } from '../../core/relation.ts';
import type { RecordWrite, UnitOfWork } from '../../core/unit-of-work.ts';
import { historyRowOf } from '../history-row.ts';
import type { HistoryRow } from '../history-row.ts';
import { imageAfter } from '../record-rows.ts';
import { pairName } from './record-links.ts';
import type { RecordLink } from './record-links.ts';
import type { RecordTables } from './record-tables.ts';

/** What was found of the things that units touch, and is locked. */
export interface FoundRecords {
  readonly images: ReadonlyMap<RecordId, RecordImage>;
  /** The names of the pairs that have a link. */
  readonly linked: ReadonlySet<string>;
}

/** A record before and after a unit. */
export interface RecordChange {
  readonly module: string;
  readonly before: RecordImage | undefined;
  readonly after: RecordImage | undefined;
}

/** All that a unit makes of records and links, as it is to be written. */
export interface UnitChanges {
  /** The records as they are after each of the unit's writes; undefined for a deletion. */
  readonly images: readonly (RecordImage | undefined)[];
  readonly records: ReadonlyMap<RecordId, RecordChange>;
  readonly history: readonly HistoryRow[];
  readonly added: readonly RecordLink[];
  readonly removed: readonly RelationWrite[];
}

/** Decides a unit, one write after another: what it makes of what was found, or the record that is in the way. */
export function decideChanges(
  unit: UnitOfWork,
  found: FoundRecords,
  tables: RecordTables,
): UnitChanges | { readonly conflict: RecordId } {
  const records = new Map<RecordId, RecordChange>();
  const current = (id: RecordId) => (records.has(id) ? records.get(id)?.after : found.images.get(id));
  const images: (RecordImage | undefined)[] = [];
  const history: HistoryRow[] = [];
  for (const write of unit.records) {
    const before = current(write.id);
    if ((before?.version ?? 0) !== write.basedOn) return { conflict: write.id };
    const after = imageOf(write, before, { tables, at: unit.at });
    records.set(write.id, { module: write.module, before: found.images.get(write.id), after });
    images.push(after);
    history.push(historyRowOf(write, before, unit.at));
  }
  const links = decideLinks(unit, current, found.linked);
  return 'conflict' in links ? links : { images, records, history, ...links };
}

function imageOf(
  write: RecordWrite,
  before: RecordImage | undefined,
  { tables, at }: { readonly tables: RecordTables; readonly at: number },
): RecordImage | undefined {
  if (write.kind === 'delete') return undefined;
  return imageAfter(tables.forWriting(write.module).module, write, { before, at });
}

function decideLinks(
  unit: UnitOfWork,
  current: (id: RecordId) => RecordImage | undefined,
  linked: ReadonlySet<string>,
): Pick<UnitChanges, 'added' | 'removed'> | { readonly conflict: RecordId } {
  const gone = new Set(unit.records.flatMap(({ id }) => (current(id) === undefined ? [id] : [])));
  const added = new Map<string, RecordLink>();
  const removed = new Map<string, RelationWrite>();
  for (const write of unit.relations ?? []) {
    const { kind, source, target, actor } = write;
    const pair = pairName(source.id, target.id);
    const wasThere = linked.has(pair) && !gone.has(source.id) && !gone.has(target.id);
    const isThere = added.has(pair) || (wasThere && !removed.has(pair));
    if (isThere === (kind === 'relate')) return { conflict: target.id };
    if (kind === 'unrelate') {
      if (!added.delete(pair)) removed.set(pair, write);
      continue;
    }
    const missing = [source, target].find(({ id }) => current(id) === undefined);
    if (missing !== undefined) return { conflict: missing.id };
    added.set(pair, { source: source.id, target: target.id, at: unit.at, by: actor.user });
  }
  return { added: [...added.values()], removed: [...removed.values()] };
}
