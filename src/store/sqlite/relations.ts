import type { RecordId } from '../../core/record.ts';
import type { RelationWrite } from '../../core/relation.ts';
import type { SqliteDatabase } from './database.ts';
import type { RecordTables } from './record-tables.ts';

/** Links between records: one row each, whichever side it was made from. Writing belongs inside a unit of the group commit. */
export class Relations {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: SqliteDatabase) {
    this.#sql = prepare(db);
  }

  linked(one: RecordId, other: RecordId): boolean {
    return this.#sql.find.get({ one, other }) !== undefined;
  }

  /** The record that the write does not fit: gone, or linked already, or not linked; undefined when it was applied. */
  apply(write: RelationWrite, tables: RecordTables, at: number): RecordId | undefined {
    const { kind, source, target, actor } = write;
    const ends = { one: source.id, other: target.id };
    if (kind === 'unrelate') return this.#sql.remove.run(ends).changes === 0 ? target.id : undefined;
    if (this.linked(source.id, target.id)) return target.id;
    const gone = [source, target].find(({ module, id }) => tables.forWriting(module).read(id) === undefined);
    if (gone !== undefined) return gone.id;
    this.#sql.insert.run(source.id, target.id, at, actor.user);
    return undefined;
  }

  /** Takes away every link of a record. */
  forget(id: RecordId): void {
    this.#sql.forget.run({ id });
  }
}

function prepare(db: SqliteDatabase) {
  const ends = '(source = @one AND target = @other) OR (source = @other AND target = @one)';
  return {
    find: db.prepare<{ one: string; other: string }>(`SELECT 1 FROM relations WHERE ${ends}`),
    insert: db.prepare<[string, string, number, string]>(
      'INSERT INTO relations (source, target, at, by) VALUES (?, ?, ?, ?)',
    ),
    remove: db.prepare<{ one: string; other: string }>(`DELETE FROM relations WHERE ${ends}`),
    forget: db.prepare<{ id: string }>('DELETE FROM relations WHERE source = @id OR target = @id'),
  };
}
