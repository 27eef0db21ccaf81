import type { ModuleDefinition } from '../../core/module.ts';
import type { Query, QueryCondition } from '../../core/query.ts';
import { isIndexed } from '../storage-class.ts';

/** The part of a condition that an index answers. */
export interface Narrowing {
  readonly condition: QueryCondition;
  /** True when it is all that the query asks, in no order but by number: reading on finds nothing but answers. */
  readonly isWhole: boolean;
}

const MOST_VALUES = 50;

/**
 * The equality on an indexed field that every record of a query has to meet; undefined when there is none, or when few
 * rows do not mean little work.
 */
export function narrowingOf(module: ModuleDefinition, query: Query): Narrowing | undefined {
  const { where } = query;
  if (where === undefined || mayTakeLong(where)) return undefined;
  if (isNarrow(module, where)) {
    return { condition: where, isWhole: query.order.length === 0 && query.joins === undefined };
  }
  const part = where.kind === 'and' ? where.parts.find((each) => isNarrow(module, each)) : undefined;
  return part && { condition: part, isWhole: false };
}

function isNarrow(module: ModuleDefinition, condition: QueryCondition): boolean {
  if (condition.kind === 'compare') {
    return condition.operator === '=' && condition.value !== null && hasIndex(module, condition.field);
  }
  return condition.kind === 'in' && condition.values.length <= MOST_VALUES && hasIndex(module, condition.field);
}

function hasIndex(module: ModuleDefinition, name: string): boolean {
  if (name === 'id') return true;
  return module.fields.some((field) => field.name === name && isIndexed(field, module.title));
}

/** How many links a record has, no index tells; and a pattern may take a second on a single long text. */
function mayTakeLong(condition: QueryCondition): boolean {
  if (condition.kind === 'related' || condition.kind === 'like') return true;
  if (condition.kind === 'not') return mayTakeLong(condition.part);
  return (condition.kind === 'and' || condition.kind === 'or') && condition.parts.some(mayTakeLong);
}
