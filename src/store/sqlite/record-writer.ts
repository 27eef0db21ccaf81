import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import type { NumberSequence } from './number-sequence.ts';
import type { RecordHistory } from './record-history.ts';
import type { RecordImages } from './record-images.ts';
import type { RecordTable } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';
import { invalidUnit } from './sqlite-failure.ts';

/** What came of one write: the record as it is now (undefined for a deletion), or that it was no longer as decided on. */
export type WriteResult =
  | { readonly kind: 'written'; readonly image: RecordImage | undefined }
  | { readonly kind: 'conflict' };

/** Applies record changes inside a unit of the group commit. */
export class RecordWriter {
  readonly #tables: RecordTables;
  readonly #numbers: NumberSequence;
  readonly #history: RecordHistory;
  readonly #images: RecordImages;

  constructor(parts: {
    readonly tables: RecordTables;
    readonly numbers: NumberSequence;
    readonly history: RecordHistory;
    readonly images: RecordImages;
  }) {
    this.#tables = parts.tables;
    this.#numbers = parts.numbers;
    this.#history = parts.history;
    this.#images = parts.images;
  }

  /** Changes one record if it still has the version decided on. Throws STORE_UNIT_INVALID for what no table can hold. */
  write(write: RecordWrite, at: number): WriteResult {
    const table = this.#tables.forWriting(write.module);
    const number = numberFor(table, write);
    const before = write.kind === 'create' ? undefined : this.#read(table, write.id);
    if ((before?.version ?? 0) !== write.basedOn) return { kind: 'conflict' };
    this.#images.forget(write.id);
    const stamp = { number, version: write.basedOn + 1, at, by: write.actor.user, createdAt: write.createdAt ?? at };
    if (write.kind === 'delete') table.delete(number);
    else if (before !== undefined) table.update(stamp, write.values);
    else {
      if (!table.insert(stamp, write.values)) return { kind: 'conflict' };
      this.#numbers.observe(number);
    }
    this.#history.add(write, before, at);
    return { kind: 'written', image: write.kind === 'delete' ? undefined : imageAfter(table, write, { before, at }) };
  }

  #read(table: RecordTable, id: RecordId): RecordImage | undefined {
    return this.#images.get(table.module, id) ?? table.read(id);
  }
}

function numberFor(table: RecordTable, write: RecordWrite): number {
  const number = recordNumber(write.id);
  if (number === undefined || recordPrefix(write.id) !== table.module.prefix) {
    throw invalidUnit(`${write.id} is no id of module ${write.module}.`);
  }
  if ((write.kind === 'create') !== (write.basedOn === 0)) {
    throw invalidUnit(`A creation, and nothing else, is based on version 0; this is: ${write.kind} ${write.id}.`);
  }
  const unknown = table.unknownField(Object.keys(write.values));
  if (unknown !== undefined) throw invalidUnit(`Module ${write.module} has no field ${unknown}.`);
  return number;
}

function imageAfter(
  table: RecordTable,
  write: RecordWrite,
  params: { readonly before: RecordImage | undefined; readonly at: number },
): RecordImage {
  const { before, at } = params;
  return {
    id: write.id,
    module: write.module,
    version: write.basedOn + 1,
    values: Object.fromEntries(table.module.fields.map(({ name }) => [name, write.values[name] ?? null])),
    createdAt: before?.createdAt ?? write.createdAt ?? at,
    modifiedAt: at,
    createdBy: before?.createdBy ?? write.actor.user,
    modifiedBy: write.actor.user,
  };
}
