import { MapwrightError } from '../../core/error.ts';
import type { Located } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import { recordNumber } from '../../core/record.ts';
import { shownName } from '../../expression/compiled.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacyRow, LegacySearch } from '../../expression/legacy/services.ts';
import { fieldProblem } from '../check-names.ts';
import { type CompileContext, report } from '../compile-context.ts';

/** The names under which a row gives the number of its record. */
const ID_NAMES: ReadonlySet<string> = new Set(['id', 'record_id', 'crmid']);

/** A value of a found record as the original's database has it: references as plain numbers. Undefined: no such field. */
export function columnOf(row: LegacyRow, field: string, { services }: GivenValues): string | undefined {
  if (ID_NAMES.has(field)) return String(recordNumber(row.id) ?? '');
  const value = Object.hasOwn(row.fields, field) ? row.fields[field] : undefined;
  const type = services.records.module(row.module)?.fields.get(field)?.type;
  if (value === undefined || (type !== 'reference' && type !== 'owner')) return value;
  return String(recordNumber(value) ?? value);
}

/** The named values of a found record; names that it does not have are left out. */
export function columnsOf(row: LegacyRow, fields: readonly string[], given: GivenValues): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = columnOf(row, field, given);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** The records that meet all conditions. Rejects with MODULE_UNKNOWN, and with EXPRESSION_TOO_LARGE when they are too many. */
export function findRecords({ services }: GivenValues, search: LegacySearch): Promise<readonly LegacyRow[]> {
  if (services.records.module(search.module) !== undefined) return services.records.find(search);
  throw new MapwrightError('MODULE_UNKNOWN', `there is no module "${shownName(search.module)}" to search in`, {
    hint: 'add a document for the module, or correct the name',
  });
}

/** Warns of a module, and of fields of it, that this install does not have: the rule can be kept and not be asked. */
export function checkSearchNames(
  context: CompileContext,
  file: string,
  { module: name, fields }: { readonly module: Located<string>; readonly fields: readonly Located<string>[] },
): void {
  const module = context.modules.get(name.value);
  if (module === undefined) {
    const message = `there is no module "${shownName(name.value)}": the rule cannot be asked`;
    report(context, { code: 'MODULE_UNKNOWN', message, file, range: name.range, severity: 'warning' });
    return;
  }
  context.uses?.note({ kind: 'module', name: name.value, file, offset: name.range.start.offset });
  for (const { value, range } of fields) {
    const problem = ID_NAMES.has(value) ? undefined : fieldProblem(context, module, [value]);
    if (problem !== undefined) report(context, { ...problem, file, range, severity: 'warning' });
  }
}
