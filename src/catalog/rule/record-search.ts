import type { Located } from '../../core/diagnostic.ts';
import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import type { Json } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordGift, RecordSearch, SearchCondition } from '../../document/rule/record-search.ts';
import type { Reference } from '../../expression/compiled.ts';
import { compileConditionText } from '../../expression/legacy/condition/compile-conditions.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacyRow, LegacySearch } from '../../expression/legacy/services.ts';
import { fieldProblem } from '../check-names.ts';
import { accept, report, resolve } from '../compile-context.ts';
import type { Scope } from '../compiled-source.ts';
import { filledCondition } from './filled-condition.ts';
import { findRecords } from './found-record.ts';
import { giftOf } from './found-value.ts';
import { compileRuleValue, type RulePlace } from './rule-value.ts';
import { askCondition, compileCondition, conditionHolds, conditionQuery } from './search-condition.ts';

/** A native search, ready to be made. */
export interface CompiledSearch {
  /** What its values read. */
  readonly references: readonly Reference[];
  /**
   * The records, in their order. Rejects with what evaluating its values rejects with, and with EXPRESSION_TOO_LARGE when
   * too many have to be looked through.
   */
  find(given: GivenValues, scope: Scope): Promise<readonly LegacyRow[]>;
  /** What is looked for, in any order; undefined for a search that orders or limits what it finds. */
  asked(given: GivenValues, scope: Scope): Promise<LegacySearch | undefined>;
  /** What one of them gives. */
  valueOf(row: LegacyRow, given: GivenValues): Json;
}

/** Undefined after a problem was reported: MODULE_UNKNOWN, FIELD_UNKNOWN, and those of its values. */
export function compileRecordSearch(place: RulePlace, search: RecordSearch): CompiledSearch | undefined {
  const module = checkNames(place, search);
  const references: Reference[] = [];
  const condition = compileCondition(search.condition, (value) => {
    const compiled = compileRuleValue(place, value);
    references.push(...(compiled?.source.references ?? []));
    return compiled;
  });
  const legacy = compileLegacy(place, search);
  if (module === undefined || condition === undefined || legacy === undefined) return undefined;
  const { gives, limit } = search;
  const order = search.order.map(({ field, descending }) => ({ field: field.value, descending }));
  const made = async (given: GivenValues, scope: Scope): Promise<LegacySearch> => {
    const asked = await askCondition(condition, scope);
    const known = given.services.records.module(module.name);
    const sought = { module: module.name, conditions: legacy.map((one) => filledCondition(one, given.values)) };
    if (known === undefined) return sought;
    return { ...sought, where: conditionQuery(asked, known), holds: (row) => conditionHolds(asked, row, known) };
  };
  return {
    references,
    find: async (given, scope) => findRecords(given, { ...(await made(given, scope)), order, limit }),
    asked: async (given, scope) => (order.length > 0 || limit !== undefined ? undefined : made(given, scope)),
    valueOf(row, { services }) {
      const known = services.records.module(row.module);
      return known === undefined ? null : giftOf(row, gives, known);
    },
  };
}

/** Reports what the module, or a field of it, that the search names is not. */
function checkNames(place: RulePlace, search: RecordSearch): ModuleDefinition | undefined {
  const { context, file } = place;
  const among = new Map([...IDENTITY_MODULES, ...context.modules]);
  const params = { file, name: search.module, among, code: 'MODULE_UNKNOWN', what: 'module' };
  const module = resolve(context, params);
  for (const field of [
    ...fieldsOf(search.condition),
    ...givenFields(search.gives),
    ...search.order.map((one) => one.field),
  ]) {
    const problem = fieldProblem(context, module, [field.value]);
    if (problem !== undefined) report(context, { ...problem, file, range: field.range });
  }
  return module;
}

function fieldsOf(condition: SearchCondition): Located<string>[] {
  return condition.kind === 'compare' ? [condition.field] : condition.parts.flatMap(fieldsOf);
}

function givenFields(gives: RecordGift): readonly Located<string>[] {
  if (gives.kind === 'field') return [gives.field];
  return gives.kind === 'fields' ? gives.fields : [];
}

/** The conditions of coreBOS; none when there are none, undefined after a problem was reported. */
function compileLegacy({ context, file }: RulePlace, { legacy }: RecordSearch): readonly LegacyCondition[] | undefined {
  if (legacy === undefined) return [];
  if (accept(context, file, legacy, compileConditionText(legacy.value)) === undefined) return undefined;
  const read = parseLegacyConditions(legacy.value);
  return read.ok ? read.value.map(({ condition }) => condition) : undefined;
}
