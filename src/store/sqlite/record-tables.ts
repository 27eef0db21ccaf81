import type { ModuleDefinition } from '../../core/module.ts';
import type { ModulePreview } from '../../core/record-store.ts';
import type { SqliteDatabase } from './database.ts';
import { columnTypes, prepareModuleTable, previewModuleTable } from './module-tables.ts';
import { RecordTable } from './record-table.ts';
import { invalidUnit } from '../invalid-unit.ts';

/** The tables of all modules, as prepared last. */
export class RecordTables {
  readonly #db: SqliteDatabase;
  readonly #tables = new Map<string, RecordTable>();
  /** By definition, for readers that prepare nothing. */
  readonly #readable = new WeakMap<ModuleDefinition, RecordTable>();

  constructor(db: SqliteDatabase) {
    this.#db = db;
  }

  /** Makes the tables fit. To be called inside a unit of the group commit. */
  prepare(modules: readonly ModuleDefinition[]): readonly RecordTable[] {
    for (const module of modules) prepareModuleTable(this.#db, module);
    return modules.map((module) => new RecordTable(this.#db, module));
  }

  /** What `prepare` would add or refuse. */
  preview(modules: readonly ModuleDefinition[]): readonly ModulePreview[] {
    return modules.map((module) => previewModuleTable(this.#db, module));
  }

  /** Takes these tables into use, once what prepared them is committed. */
  use(tables: readonly RecordTable[]): void {
    for (const table of tables) this.#tables.set(table.module.name, table);
  }

  /** The table to write to; throws STORE_UNIT_INVALID for a module that was not prepared. */
  forWriting(module: string): RecordTable {
    const table = this.#tables.get(module);
    if (table === undefined) throw invalidUnit(`There is no table for module ${module}.`);
    return table;
  }

  /** The table to read from; undefined while the database has none for the module. */
  forReading(module: ModuleDefinition): RecordTable | undefined {
    const prepared = this.#tables.get(module.name);
    if (prepared?.module === module) return prepared;
    const known = this.#readable.get(module);
    if (known !== undefined) return known;
    if (columnTypes(this.#db, module).size === 0) return undefined;
    const table = new RecordTable(this.#db, module);
    this.#readable.set(module, table);
    return table;
  }
}
