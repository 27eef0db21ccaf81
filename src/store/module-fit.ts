import { MapwrightError } from '../core/error.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import type { ModulePreview } from '../core/record-store.ts';
import { columnName } from './record-names.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { isIndexed, storageClassOf } from './storage-class.ts';

/** What the database has for a module. */
export interface ExistingTable {
  /** The SQL types of the columns by their names (`f_...`); none when there is no table. */
  readonly columns: ReadonlyMap<string, string>;
  /** A table whose name differs from that of the module's by letter case alone. */
  readonly rival: string | undefined;
}

/**
 * Makes certain that the module fits the table there is, once the columns that are missing have been added.
 * Throws STORE_FIELD_TYPE_CHANGED, or STORE_NAME_CLASH when names differ by letter case alone.
 */
export function requireFit(dialect: SqlDialect, module: ModuleDefinition, { columns, rival }: ExistingTable): void {
  if (rival !== undefined) {
    throw clash(`There is, or once was, a module ${rival.slice(2)}; ${module.name} is too near.`);
  }
  for (const field of module.fields) requireSameType(dialect, { module, field, columns });
  requireDistinctFields(module, columns);
}

/** What preparing the module's table would add, or why it would be refused. */
export function previewFit(
  dialect: SqlDialect,
  module: ModuleDefinition,
  existing: ExistingTable & { readonly hasIndex: (field: FieldDefinition) => boolean },
): ModulePreview {
  const nothing = { module: module.name, isNew: false, columns: [], indexes: [], refusal: undefined };
  try {
    requireFit(dialect, module, existing);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const { code, message, hint } = thrown;
    return { ...nothing, refusal: { code, message, hint } };
  }
  if (existing.columns.size === 0) return { ...nothing, isNew: true };
  return {
    ...nothing,
    columns: missingFields(module, existing.columns).map(({ name }) => name),
    indexes: indexedFields(module).flatMap((field) => (existing.hasIndex(field) ? [] : [field.name])),
  };
}

/** The fields that the table has no column for. */
export function missingFields(
  module: ModuleDefinition,
  columns: ReadonlyMap<string, string>,
): readonly FieldDefinition[] {
  return module.fields.filter((field) => !columns.has(columnName(field.name)));
}

/** The fields that have an index. */
export function indexedFields(module: ModuleDefinition): readonly FieldDefinition[] {
  return module.fields.filter((field) => isIndexed(field, module.title));
}

function requireSameType(
  dialect: SqlDialect,
  params: {
    readonly module: ModuleDefinition;
    readonly field: FieldDefinition;
    readonly columns: ReadonlyMap<string, string>;
  },
): void {
  const { module, field, columns } = params;
  const type = columns.get(columnName(field.name));
  const wanted = dialect.types[storageClassOf(field)];
  if (type === undefined || type === wanted) return;
  throw new MapwrightError(
    'STORE_FIELD_TYPE_CHANGED',
    `Field ${field.name} of module ${module.name} is stored as ${type}; type ${field.type} would need ${wanted}.`,
    { hint: 'Give the field its old type back, or add a field with a new name and copy the values over.' },
  );
}

/** SQLite takes `Name` and `name` for one column, and what is stored on one database has to fit on the other. */
function requireDistinctFields(module: ModuleDefinition, columns: ReadonlyMap<string, string>): void {
  const fields = [...columns.keys()].flatMap((column) => (column.startsWith('f_') ? [column.slice(2)] : []));
  const seen = new Map(fields.map((field) => [field.toLowerCase(), field]));
  for (const { name } of module.fields) {
    const other = seen.get(name.toLowerCase()) ?? name;
    if (other !== name) throw clash(`Module ${module.name} has, or once had, a field ${other}; ${name} is too near.`);
    seen.set(name.toLowerCase(), name);
  }
}

function clash(message: string): MapwrightError {
  return new MapwrightError('STORE_NAME_CLASH', message, {
    hint: 'The database does not tell names apart by letter case: choose another name.',
  });
}
