import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import type { UnitOfWork, UnmatchedRecords } from '../../core/unit-of-work.ts';
import { requireWritable } from '../record-rows.ts';
import type { Session } from './database.ts';
import type { NumberSequence } from './number-sequence.ts';
import { decideChanges } from './record-changes.ts';
import type { FoundRecords, UnitChanges } from './record-changes.ts';
import { linkedPairs } from './record-links.ts';
import { findNewcomers, hasOneOf } from './record-newcomers.ts';
import type { RecordTables } from './record-tables.ts';
import { writeChanges } from './record-writes.ts';
import { together } from './together.ts';

/** What units with records need to be written. */
export interface RecordBatchParts {
  readonly tables: RecordTables;
  readonly numbers: Pick<NumberSequence, 'observe'>;
}

/** The records of a batch, locked, read and decided on. */
export interface LockedRecords {
  /** Id of the record (or link's end) that is in the way, per unit. */
  readonly conflicts: readonly (RecordId | undefined)[];
  /**
   * Writes the units at these indexes; gives the images of each, in the order of its writes. Rejects with
   * `TransactionCollision` when a record came meanwhile under the number of one that is created.
   */
  write(session: Session, indexes: readonly number[]): Promise<readonly (readonly (RecordImage | undefined)[])[]>;
}

/** Changes of records and links, those of many units in a few statements. */
export class RecordBatch {
  readonly #parts: RecordBatchParts;

  constructor(parts: RecordBatchParts) {
    this.#parts = parts;
  }

  /**
   * What the unit touches: no two units with one of the `exclusive` in common may be in one batch, and `locks` are to be held
   * across nodes before `lock`. Throws STORE_UNIT_INVALID for what no table can hold.
   */
  plan(unit: UnitOfWork): { readonly exclusive: readonly string[]; readonly locks: readonly string[] } {
    const { tables } = this.#parts;
    for (const write of unit.records) requireWritable(tables.forWriting(write.module).module, write);
    const relations = unit.relations ?? [];
    const unmatched = unit.unmatched ?? [];
    for (const { kind, source, target } of relations) {
      if (kind === 'relate') for (const { module } of [source, target]) tables.forWriting(module);
    }
    for (const { module } of unmatched) tables.forWriting(module);
    const ends = relations.flatMap(({ source, target }) => [source.id, target.id]);
    return {
      exclusive: [...new Set([...unit.records.map(({ id }) => id), ...ends])].map((id) => `record:${id}`),
      // One for all keys of a module: two that name different fields can mean the same record.
      locks: [...new Set(unmatched.map(({ module }) => `unmatched:${module}`))],
    };
  }

  /** Locks the records of all units in one order (module, number), reads what they touch, and decides unit after unit. */
  async lock(session: Session, units: readonly UnitOfWork[]): Promise<LockedRecords> {
    const { tables } = this.#parts;
    const searches = units.flatMap(({ unmatched = [] }, unit) => unmatched.map((search) => ({ unit, search })));
    const [images, linked, newcomers] = await together([
      lockImages(session, tables, units),
      linkedPairs(session, units.flatMap(pairsOf)),
      findNewcomers(
        session,
        tables,
        searches.map(({ search }) => search),
      ),
    ]);
    const found = { images, linked };
    const arrived = new Map(
      searches.flatMap(({ unit }, index) => {
        const id = newcomers[index];
        return id === undefined ? [] : [[unit, id] as const];
      }),
    );
    return this.#decide(units, found, arrived);
  }

  #decide(units: readonly UnitOfWork[], found: FoundRecords, arrived: ReadonlyMap<number, RecordId>): LockedRecords {
    const { tables } = this.#parts;
    const conflicts: (RecordId | undefined)[] = [];
    const changes: (UnitChanges | undefined)[] = [];
    for (const [index, unit] of units.entries()) {
      const newcomer = arrived.get(index) ?? writtenBefore(unit.unmatched, changes);
      const decided = newcomer === undefined ? decideChanges(unit, found, tables) : { conflict: newcomer };
      conflicts.push('conflict' in decided ? decided.conflict : undefined);
      changes.push('conflict' in decided ? undefined : decided);
    }
    return {
      conflicts,
      write: async (session, indexes) => {
        const chosen = indexes.flatMap((index) => changes[index] ?? []);
        await writeChanges(session, chosen, this.#parts);
        return indexes.map((index) => changes[index]?.images ?? []);
      },
    };
  }
}

/** The record of an earlier unit of the batch that has the values of one of the keys. */
function writtenBefore(
  unmatched: readonly UnmatchedRecords[] = [],
  earlier: readonly (UnitChanges | undefined)[],
): RecordId | undefined {
  for (const { module, keys } of unmatched) {
    for (const changes of earlier) {
      for (const { module: other, after } of changes?.records.values() ?? []) {
        if (other === module && hasOneOf(after, keys)) return after?.id;
      }
    }
  }
  return undefined;
}

async function lockImages(
  session: Session,
  tables: RecordTables,
  units: readonly UnitOfWork[],
): Promise<ReadonlyMap<RecordId, RecordImage>> {
  const wanted = new Map<string, Set<number>>();
  for (const { module, id } of units.flatMap(touchedBy)) {
    const number = recordNumber(id);
    if (number === undefined || recordPrefix(id) !== tables.prepared(module)?.module.prefix) continue;
    wanted.set(module, (wanted.get(module) ?? new Set()).add(number));
  }
  const modules = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const locked = await Promise.all(
    modules.map(([module, numbers]) => tables.forWriting(module).lock(session, [...numbers])),
  );
  return new Map(locked.flat().map((image) => [image.id, image]));
}

function touchedBy({
  records,
  relations = [],
}: UnitOfWork): readonly { readonly module: string; readonly id: RecordId }[] {
  return [...records, ...relations.flatMap(({ source, target }) => [source, target])];
}

function pairsOf({ relations = [] }: UnitOfWork): readonly { readonly source: RecordId; readonly target: RecordId }[] {
  return relations.map(({ source, target }) => ({ source: source.id, target: target.id }));
}
