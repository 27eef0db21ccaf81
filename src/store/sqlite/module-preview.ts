import { MapwrightError } from '../../core/error.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { ModulePreview } from '../../core/record-store.ts';
import type { SqliteDatabase } from './database.ts';
import { indexedFields, missingFields, requireFittingTable } from './module-tables.ts';
import { indexOf, quoted } from './record-names.ts';

/** What preparing the module's table would add, or why it would be refused. */
export function previewModuleTable(db: SqliteDatabase, module: ModuleDefinition): ModulePreview {
  const nothing = { module: module.name, isNew: false, columns: [], indexes: [], refusal: undefined };
  try {
    const columns = requireFittingTable(db, module);
    if (columns.size === 0) return { ...nothing, isNew: true };
    const indexes = new Set(
      db
        .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'index'")
        .all()
        .map(({ name }) => quoted(name)),
    );
    return {
      ...nothing,
      columns: missingFields(module, columns).map(({ name }) => name),
      indexes: indexedFields(module).flatMap((field) => (indexes.has(indexOf(module, field)) ? [] : [field.name])),
    };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const { code, message, hint } = thrown;
    return { ...nothing, refusal: { code, message, hint } };
  }
}
