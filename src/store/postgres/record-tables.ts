import type { ModuleDefinition } from '../../core/module.ts';
import type { ModulePreview } from '../../core/record-store.ts';
import { invalidUnit } from '../invalid-unit.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { columnTypes, prepareModuleTable, previewModuleTable } from './module-tables.ts';

import { RecordTable } from './record-table.ts';
import { sqlState } from './sql-state.ts';

/** Adding a column waits for searches of the table, and everybody else waits behind it: no longer than this at once. */
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '3s'";
const TRIES = 15;
/** Saves had the lock for too long, or waited for another table that was prepared just before (deadlock). */
const IN_THE_WAY: readonly (string | undefined)[] = ['55P03', '40P01'];
/** Two nodes prepare one after another. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('modules', 0))";

/** The tables of all modules, as this process prepared or met them. */
export class RecordTables {
  readonly #db: PostgresDatabase;
  readonly #tables = new Map<string, RecordTable>();
  /** By definition, for readers that prepare nothing. */
  readonly #readable = new WeakMap<ModuleDefinition, RecordTable>();

  constructor(db: PostgresDatabase) {
    this.#db = db;
  }

  /** Makes the tables fit, all or none, and takes them into use. */
  async prepare(modules: readonly ModuleDefinition[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#db.transaction((session) => prepareAll(session, modules), { unhurried: true });
        break;
      } catch (thrown) {
        if (tries === TRIES || !IN_THE_WAY.includes(sqlState(thrown))) throw thrown;
      }
    }
    for (const module of modules) this.#tables.set(module.name, await this.#load(module));
  }

  /** What `prepare` would add or refuse. */
  async preview(modules: readonly ModuleDefinition[]): Promise<readonly ModulePreview[]> {
    const previews: ModulePreview[] = [];
    for (const module of modules) previews.push(await previewModuleTable(this.#db, module));
    return previews;
  }

  /** The table to write to; throws STORE_UNIT_INVALID for a module that was not prepared. */
  forWriting(module: string): RecordTable {
    const table = this.prepared(module);
    if (table === undefined) throw invalidUnit(`There is no table for module ${module}.`);
    return table;
  }

  /** The table of a module; undefined for one that was not prepared. */
  prepared(module: string): RecordTable | undefined {
    return this.#tables.get(module);
  }

  /** The table to read from; undefined while the database has none for the module. */
  async forReading(module: ModuleDefinition): Promise<RecordTable | undefined> {
    const prepared = this.#tables.get(module.name);
    if (prepared?.module === module) return prepared;
    const known = this.#readable.get(module);
    if (known !== undefined) return known;
    const table = await this.#load(module);
    // Another node may be about to add what is missing.
    if (table.isWhole) this.#readable.set(module, table);
    return table.isThere ? table : undefined;
  }

  async #load(module: ModuleDefinition): Promise<RecordTable> {
    return new RecordTable(module, await columnTypes(this.#db, module));
  }
}

async function prepareAll(session: Session, modules: readonly ModuleDefinition[]): Promise<void> {
  await session.run(LOCK);
  await session.run(LOCK_TIMEOUT);
  for (const module of modules) await prepareModuleTable(session, module);
}
