import type { Json } from '../../core/json.ts';
import { MapwrightError } from '../../core/error.ts';
import type { QueryCondition } from '../../core/query.ts';
import type { RecordValue } from '../../core/record.ts';
import type { SearchCondition, SearchOperator } from '../../document/rule/record-search.ts';
import { emptiness } from '../../expression/legacy/condition/query-value.ts';
import type { LegacyField, LegacyModule, LegacyRow } from '../../expression/legacy/services.ts';
import { valueCompares } from '../compiled-guard.ts';
import type { CompiledParameter } from '../compiled-parameter.ts';
import type { Scope } from '../compiled-source.ts';
import { columnValue } from './found-value.ts';

/** A condition of a search with its values compiled. */
export type CompiledCondition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly CompiledCondition[] }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly is: SearchOperator;
      readonly value: CompiledParameter | undefined;
      readonly holdsWhenEmpty: boolean;
    };

/** A condition with the values that it is asked with; `true` for one that has nothing to compare with and holds then. */
export type AskedCondition =
  | true
  | { readonly kind: 'all' | 'any'; readonly parts: readonly AskedCondition[] }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly is: SearchOperator;
      readonly wanted: readonly string[];
    };

/** The condition with its values compiled by `compile`; undefined where one of them cannot be. */
export function compileCondition(
  condition: SearchCondition,
  compile: (
    value: NonNullable<Extract<SearchCondition, { kind: 'compare' }>['value']>,
  ) => CompiledParameter | undefined,
): CompiledCondition | undefined {
  if (condition.kind !== 'compare') {
    const parts = condition.parts.map((part) => compileCondition(part, compile));
    const usable = parts.filter((part) => part !== undefined);
    return usable.length === parts.length ? { kind: condition.kind, parts: usable } : undefined;
  }
  const { field, is, value, holdsWhenEmpty } = condition;
  const compiled = value && compile(value);
  if (value !== undefined && compiled === undefined) return undefined;
  return { kind: 'compare', field: field.value, is, value: compiled, holdsWhenEmpty };
}

/** Evaluates what is compared with. Rejects with what evaluating rejects with, and with EXPRESSION_FAILED for a list. */
export async function askCondition(condition: CompiledCondition, scope: Scope): Promise<AskedCondition> {
  if (condition.kind !== 'compare') {
    const parts: AskedCondition[] = [];
    for (const part of condition.parts) parts.push(await askCondition(part, scope));
    return { kind: condition.kind, parts };
  }
  const { field, is, value, holdsWhenEmpty } = condition;
  const given = (await value?.evaluate(scope)) ?? '';
  if (holdsWhenEmpty && (given === '' || (Array.isArray(given) && given.length === 0))) return true;
  return { kind: 'compare', field, is, wanted: is === 'one-of' ? choicesOf(given, field) : [textOf(given, field)] };
}

function choicesOf(given: Json, field: string): string[] {
  if (Array.isArray(given)) return given.map((one: Json) => textOf(one, field));
  return textOf(given, field).split(/\s+/u);
}

function textOf(given: Json, field: string): string {
  if (typeof given !== 'object' || given === null) return String(given ?? '');
  throw new MapwrightError('EXPRESSION_FAILED', `a list is given where ${field} is compared with one value`, {
    hint: 'compare with a list by is="one-of", or give one of its items',
  });
}

/** True when the record meets the condition. */
export function conditionHolds(condition: AskedCondition, row: LegacyRow, module: LegacyModule): boolean {
  if (condition === true) return true;
  if (condition.kind !== 'compare') {
    const holds = (part: AskedCondition): boolean => conditionHolds(part, row, module);
    return condition.kind === 'all' ? condition.parts.every(holds) : condition.parts.some(holds);
  }
  const { field, is, wanted } = condition;
  const value = (columnValue(row, field, module) ?? null) as RecordValue;
  if (is === 'one-of') return wanted.some((one) => valueCompares('equal', value, one));
  return valueCompares(is, value, wanted[0] ?? '');
}

/** What the database looks for: every record that meets the condition, and maybe others. Undefined: all records. */
export function conditionQuery(condition: AskedCondition, module: LegacyModule): QueryCondition | undefined {
  if (condition === true) return undefined;
  if (condition.kind === 'compare') return comparisonQuery(condition, module);
  const parts = condition.parts.map((part) => conditionQuery(part, module));
  const said = parts.filter((part) => part !== undefined);
  if (condition.kind === 'any' && said.length < parts.length) return undefined;
  return said.length === 0 && condition.kind === 'all'
    ? undefined
    : { kind: condition.kind === 'all' ? 'and' : 'or', parts: said };
}

type Comparison = Extract<AskedCondition, { readonly kind: 'compare' }>;

function comparisonQuery({ field: name, is, wanted }: Comparison, module: LegacyModule): QueryCondition | undefined {
  const [first = ''] = wanted;
  if (name === 'id') return is === 'equal' && first !== '' ? same(name, first) : undefined;
  const field = module.fields.get(name);
  if (field === undefined) return undefined;
  switch (is) {
    case 'empty':
      return emptiness(field, 'blank');
    case 'not-empty':
      // A box that was never touched is off, and so not empty.
      return field.type === 'boolean' ? undefined : { kind: 'not', part: emptiness(field, 'blank') };
    case 'equal':
      return equalQuery(field, first);
    case 'one-of':
      return amongQuery(field, wanted);
    case 'less':
      return orderQuery(field, '<', first);
    case 'at-most':
      return orderQuery(field, '<=', first);
    case 'greater':
      return orderQuery(field, '>', first);
    case 'at-least':
      return orderQuery(field, '>=', first);
    default:
      return undefined;
  }
}

const same = (field: string, value: RecordValue): QueryCondition => ({ kind: 'compare', field, operator: '=', value });
const NUMBERS: ReadonlySet<string> = new Set(['integer', 'number', 'currency']);

function equalQuery(field: LegacyField, wanted: string): QueryCondition {
  if (wanted === '') return emptiness(field, 'blank');
  const number = Number(wanted);
  if (NUMBERS.has(field.type)) {
    return wanted.trim() !== '' && Number.isFinite(number) ? same(field.name, number) : { kind: 'or', parts: [] };
  }
  if (field.type !== 'boolean') return same(field.name, wanted);
  if (wanted === 'true') return same(field.name, true);
  return wanted === 'false'
    ? { kind: 'or', parts: [same(field.name, false), { kind: 'null', field: field.name }] }
    : { kind: 'or', parts: [] };
}

/** Lists are long: what is compared in the same way is one list for the database, too. */
function amongQuery(field: LegacyField, wanted: readonly string[]): QueryCondition {
  const parts = [...new Set(wanted)].map((one) => equalQuery(field, one));
  const values = parts.flatMap((part) => (part.kind === 'compare' ? [part.value] : []));
  const others = parts.filter((part) => part.kind !== 'compare' && !isNever(part));
  return { kind: 'or', parts: [{ kind: 'in', field: field.name, values }, ...others] };
}

function isNever(part: QueryCondition): boolean {
  return part.kind === 'or' && part.parts.length === 0;
}

/** Only where the database orders as conditions do: numbers by numbers, and days by days. */
function orderQuery(
  { name, type }: LegacyField,
  operator: '<' | '<=' | '>' | '>=',
  wanted: string,
): QueryCondition | undefined {
  const number = Number(wanted);
  if (NUMBERS.has(type) && wanted.trim() !== '' && Number.isFinite(number)) {
    return { kind: 'compare', field: name, operator, value: number };
  }
  const isDay = type === 'date' && /^\d{4}-\d\d-\d\d$/u.test(wanted);
  return isDay ? { kind: 'compare', field: name, operator, value: wanted } : undefined;
}
