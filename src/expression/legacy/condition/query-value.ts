import type { QueryCondition } from '../../../core/query.ts';
import type { RecordValue } from '../../../core/record.ts';
import type { LegacyField } from '../services.ts';

/** What the values of references are found by. */
export interface QueryScope {
  /** What ids of a module's records start with; undefined for a module that is not there. Users and Groups included. */
  prefixOf(module: string): string | undefined;
}

/** No record. */
export function never(): QueryCondition {
  return { kind: 'or', parts: [] };
}

export function or(parts: readonly QueryCondition[]): QueryCondition {
  return { kind: 'or', parts };
}

export function not(part: QueryCondition): QueryCondition {
  return { kind: 'not', part };
}

const same = (field: string, value: RecordValue): QueryCondition => ({ kind: 'compare', field, operator: '=', value });

/** `blank`: nothing in it. `falsy`: nothing, or what the language takes for nothing: zero, an unticked box. */
export function emptiness({ name, type }: LegacyField, as: 'blank' | 'falsy'): QueryCondition {
  const nothing: QueryCondition = { kind: 'null', field: name };
  const blank = or([nothing, same(name, '')]);
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      return as === 'blank' ? nothing : or([nothing, same(name, 0)]);
    case 'boolean':
      return as === 'blank' ? nothing : or([nothing, same(name, false)]);
    case 'text':
    case 'picklist':
    case 'multipicklist':
      return as === 'blank' ? blank : or([nothing, { kind: 'in', field: name, values: ['', '0'] }]);
    default:
      return nothing;
  }
}

/** The field having this value; undefined when the store cannot tell. */
export function queryValueOf(field: LegacyField, value: string, scope: QueryScope): QueryCondition | undefined {
  const { name, type } = field;
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      return Number.isFinite(Number(value)) ? same(name, Number(value)) : never();
    case 'boolean':
      return ticked(name, value);
    case 'reference':
    case 'owner':
      return referring(field, value, scope);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/u.test(value) ? same(name, value) : undefined;
    case 'datetime':
    case 'time':
    case 'multipicklist':
      return undefined;
    default:
      return same(name, value);
  }
}

function ticked(field: string, value: string): QueryCondition | undefined {
  if (value === '1') return same(field, true);
  // A box that was never touched is unticked.
  if (value === '0') return or([same(field, false), { kind: 'null', field }]);
  return undefined;
}

/** By the id on the wire, or by the number alone among the modules that the reference may lead to. */
function referring({ name, type, targets }: LegacyField, value: string, scope: QueryScope): QueryCondition | undefined {
  if (/^\d+x\d+$/u.test(value)) return same(name, value);
  if (!/^\d+$/u.test(value)) return never();
  const modules = type === 'owner' && targets.length === 0 ? ['Users', 'Groups'] : targets;
  const ids = modules.flatMap((module) => {
    const prefix = scope.prefixOf(module);
    return prefix === undefined ? [] : [`${prefix}x${value}`];
  });
  return ids.length === 0 ? undefined : { kind: 'in', field: name, values: ids };
}
