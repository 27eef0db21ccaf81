import type { LegacyModule, LegacyRow } from '../services.ts';
import { isNumeric, isTruthy, type LegacyValue } from '../value.ts';
import { joinTexts } from '../value.ts';
import { ownRecord, textOf } from './argument.ts';
import type { FunctionFamily, FunctionScope } from './function.ts';
import { relatedRows } from './related-row.ts';
import { matchRowConditions } from './row-condition.ts';
import { numberOf, readArithmetic, secondsOf } from './sql-arithmetic.ts';

/** Functions that add up what related records hold; nothing to add up is 0. */
export const AGGREGATION_FUNCTIONS: FunctionFamily = {
  aggregation: (values, scope) => aggregate(values, scope),
  aggregation_fields_operation: ([operation, module, sql, conditions], scope) =>
    computed({ operation: textOf(operation), module, sql: textOf(sql), conditions }, scope),
  aggregate_time: async ([module, field, conditions], scope) => {
    const sql = `time_to_sec(${textOf(field)})`;
    return clockTime(Number(await computed({ operation: 'sum', module, sql, conditions }, scope)));
  },
};

type Aggregate = (values: readonly number[]) => number;

const sum: Aggregate = (values) => values.reduce((total, value) => total + value, 0);
const mean: Aggregate = (values) => sum(values) / values.length;
const variance: Aggregate = (values) => {
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2)) / values.length;
};

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  sum,
  avg: mean,
  count: (values) => values.length,
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  std: (values) => Math.sqrt(variance(values)),
  variance,
  time_to_sec: sum,
};

const SEPARATED = /^\s*(?<field>\w+)\s+separator\s+(?<quote>['"])(?<separator>.*)\k<quote>\s*(?<named>name)?\s*$/isu;

async function aggregate(
  [operation, moduleName, what, conditions]: readonly LegacyValue[],
  scope: FunctionScope,
): Promise<LegacyValue> {
  const kind = textOf(operation).toLowerCase();
  const module = scope.environment.services.records.module(textOf(moduleName));
  const { field = textOf(what).trim(), separator = ',', named } = SEPARATED.exec(textOf(what))?.groups ?? {};
  const isKnown = kind === 'group_concat' || Object.hasOwn(AGGREGATES, kind);
  if (module === undefined || !isKnown || !(module.fields.has(field) || field === 'id')) return 0;
  const rows = await aggregatedRows(module, conditions, scope);
  const texts = rows.map((row) => (field === 'id' ? row.id : (row.fields[field] ?? ''))).filter((text) => text !== '');
  if (texts.length === 0) return 0;
  if (kind === 'group_concat') {
    const shown = named === undefined ? texts : await Promise.all(texts.map((id) => nameOf(id, scope)));
    return joinTexts(scope.guard, shown, separator);
  }
  if (kind === 'min' || kind === 'max') return extreme(texts, kind);
  if (kind === 'count') return texts.length;
  const read = kind === 'time_to_sec' ? secondsOf : numberOf;
  return result(
    kind,
    texts.map(read).filter((value) => value !== null),
  );
}

async function nameOf(id: string, { environment }: FunctionScope): Promise<string> {
  return (await environment.services.records.displayName(id)) ?? id;
}

/** Numbers as such; dates and other texts letter by letter. */
function extreme(texts: readonly string[], kind: 'min' | 'max'): LegacyValue {
  if (texts.every(isNumeric)) return result(kind, texts.map(Number));
  const sorted = texts.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted.at(kind === 'min' ? 0 : -1) ?? 0;
}

/** Without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
function result(kind: string, values: readonly number[]): number {
  const compute = AGGREGATES[kind];
  if (compute === undefined || values.length === 0) return 0;
  const value = compute(values);
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

/** The related records; of the record's own module all records. */
async function aggregatedRows(
  module: LegacyModule,
  conditions: LegacyValue | undefined,
  scope: FunctionScope,
): Promise<readonly LegacyRow[]> {
  const of = ownRecord(scope);
  if (of === undefined) return [];
  if (of.module !== module.name) return relatedRows({ of, module, conditions }, scope);
  const { records } = scope.environment.services;
  const all = await scope.guard.waitFor(records.find({ module: module.name, conditions: [] }));
  return matchRowConditions(all, textOf(conditions), scope);
}

async function computed(
  params: {
    readonly operation: string;
    readonly module: LegacyValue | undefined;
    readonly sql: string;
    readonly conditions: LegacyValue | undefined;
  },
  scope: FunctionScope,
): Promise<number> {
  const kind = params.operation.toLowerCase();
  const module = scope.environment.services.records.module(textOf(params.module));
  if (module === undefined || !Object.hasOwn(AGGREGATES, kind) || !isTruthy(params.sql)) return 0;
  const compute = readArithmetic(params.sql, (name) => module.fields.has(name));
  const rows = await aggregatedRows(module, params.conditions, scope);
  return result(
    kind,
    rows.map((row) => compute(row.fields)).filter((value) => value !== null),
  );
}

/** `HHH:MM:SS` */
function clockTime(total: number): string {
  const seconds = Math.trunc(total);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${String(Math.floor(seconds / 3600)).padStart(3, '0')}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}
