import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import { GROUPS_PREFIX, USERS_PREFIX } from '../../core/module.ts';
import type { QueryCondition } from '../../core/query.ts';
import { recordPrefix } from '../../core/record.ts';
import type { LegacySearch } from '../../expression/legacy/services.ts';

/** Fields that every record has besides those of its module. */
const COMMON: readonly string[] = ['id', 'createdtime', 'modifiedtime'];

/**
 * The part of a search that the database does: exact values and what the records are related to; undefined when no record
 * can be found, as a field is named that the module does not have.
 */
export function rowQuery(
  { equal = {}, relatedTo }: LegacySearch,
  module: ModuleDefinition,
  modules: readonly ModuleDefinition[],
): QueryCondition | undefined {
  const parts: QueryCondition[] = [];
  for (const [name, value] of Object.entries(equal)) {
    const field = module.fields.find((one) => one.name === name);
    if (field === undefined && !COMMON.includes(name)) return undefined;
    parts.push(field === undefined ? commonHas(module, name, value) : fieldHas(field, value, modules));
  }
  if (relatedTo !== undefined) parts.push(relatedWith(relatedTo, module, modules));
  return { kind: 'and', parts };
}

function commonHas({ prefix }: ModuleDefinition, field: string, value: string): QueryCondition {
  const id = field === 'id' && /^\d+$/u.test(value) ? `${prefix}x${value}` : value;
  return { kind: 'compare', field, operator: '=', value: id };
}

function fieldHas(field: FieldDefinition, value: string, modules: readonly ModuleDefinition[]): QueryCondition {
  const { name, type } = field;
  const empty: QueryCondition = { kind: 'null', field: name };
  if (value === '') return empty;
  const compare = (to: string | boolean): QueryCondition => ({
    kind: 'compare',
    field: name,
    operator: '=',
    value: to,
  });
  switch (type) {
    case 'reference':
    case 'owner':
      return /^\d+$/u.test(value) ? { kind: 'in', field: name, values: idsOf(field, value, modules) } : compare(value);
    case 'boolean':
      // A checkbox that was never touched is off.
      return isOn(value) ? compare(true) : { kind: 'or', parts: [empty, compare(false)] };
    case 'datetime':
      return compare(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u.test(value) ? `${value.replace(' ', 'T')}Z` : value);
    default:
      return compare(value);
  }
}

function isOn(value: string): boolean {
  return ['1', 'true', 'on', 'yes'].includes(value.toLowerCase());
}

/** The ids that a bare record number may stand for in this field. */
function idsOf(field: FieldDefinition, number: string, modules: readonly ModuleDefinition[]): string[] {
  const targets = modules.filter(({ name }) => field.references?.includes(name) === true);
  const owners = field.type === 'owner' ? [USERS_PREFIX, GROUPS_PREFIX] : [];
  return [...owners, ...targets.map(({ prefix }) => prefix)].map((prefix) => `${prefix}x${number}`);
}

/** Linked with the record, or with a reference to it. */
function relatedWith(id: string, module: ModuleDefinition, modules: readonly ModuleDefinition[]): QueryCondition {
  const prefix = recordPrefix(id);
  const target = modules.find((one) => one.prefix === prefix)?.name ?? '';
  const references = module.fields.filter((field) => field.references?.includes(target) === true);
  const parts = references.map(({ name }): QueryCondition => {
    return { kind: 'compare', field: name, operator: '=', value: id };
  });
  return { kind: 'or', parts: [{ kind: 'related', to: [id] }, ...parts] };
}
