import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';

// The names that a module's table, columns and indexes have before a dialect quotes them and makes them fit.

/** The column of a field. The prefix keeps fields apart from the record's own columns (`number`, `version` ...). */
export function columnName(field: string): string {
  return `f_${field}`;
}

/** The table of a module. */
export function tableName(module: ModuleDefinition): string {
  return `m_${module.name}`;
}

/** The index of a field of a module, or of its time of change. No name of a module or field has a colon. */
export function indexName(module: ModuleDefinition, field: FieldDefinition | undefined): string {
  return `m_${module.name}:${field?.name ?? ''}`;
}
