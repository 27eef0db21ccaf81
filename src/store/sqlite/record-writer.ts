import type { RecordId, RecordImage } from '../../core/record.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import type { FileUses } from './file-uses.ts';
import type { NumberSequence } from './number-sequence.ts';
import type { RecordHistory } from './record-history.ts';
import type { RecordImages } from './record-images.ts';
import type { RecordTable } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';
import { imageAfter, requireWritable } from '../record-rows.ts';

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
  readonly #uses: FileUses;

  constructor(parts: {
    readonly tables: RecordTables;
    readonly numbers: NumberSequence;
    readonly history: RecordHistory;
    readonly images: RecordImages;
    readonly uses: FileUses;
  }) {
    this.#tables = parts.tables;
    this.#numbers = parts.numbers;
    this.#history = parts.history;
    this.#images = parts.images;
    this.#uses = parts.uses;
  }

  /** Changes one record if it still has the version decided on. Throws STORE_UNIT_INVALID for what no table can hold. */
  write(write: RecordWrite, at: number): WriteResult {
    const table = this.#tables.forWriting(write.module);
    const number = requireWritable(table.module, write);
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
    const after = write.kind === 'delete' ? undefined : write.values;
    this.#uses.note(table.module, { holder: write.id, before: before?.values, after, at });
    return {
      kind: 'written',
      image: write.kind === 'delete' ? undefined : imageAfter(table.module, write, { before, at }),
    };
  }

  #read(table: RecordTable, id: RecordId): RecordImage | undefined {
    return this.#images.get(table.module, id) ?? table.read(id);
  }
}
