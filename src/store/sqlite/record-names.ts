import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';

/** A text between quotes, those inside doubled: `"` for a name, `'` for a literal. */
export function quoted(text: string, quote: '"' | "'" = '"'): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}

/** The quoted column of a field. The prefix keeps fields apart from the record's own columns (`number`, `version` ...). */
export function columnOf(field: string): string {
  return quoted(`f_${field}`);
}

/** The unquoted table name of a module. */
export function tableName(module: ModuleDefinition): string {
  return `m_${module.name}`;
}

/** The quoted index of a field of a module, or of its time of change. No name of a module or field has a colon. */
export function indexOf(module: ModuleDefinition, field: FieldDefinition | undefined): string {
  return quoted(`m_${module.name}:${field?.name ?? ''}`);
}
