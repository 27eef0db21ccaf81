import type { Json } from '../../core/json.ts';
import type { Guard } from '../../document/common.ts';
import type { NativeRow, RowTable } from '../../document/rule/rule.ts';
import type { RecordValues } from '../../core/record.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { CompileContext } from '../compile-context.ts';
import { compileGuard } from '../compile-guard.ts';
import type { CompiledGuard } from '../compiled-guard.ts';
import type { Scope } from '../compiled-source.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { DOES_NOT_PASS } from './hit-policy.ts';
import { compileRecordSearch } from './record-search.ts';
import { answerOfRows } from './row-hit.ts';
import { ruleScope } from './rule-scope.ts';
import { compileRuleValue, rulePlace, type RulePlace } from './rule-value.ts';

const GUARD_TIMEOUT_MS = 1_000;

/** One row: the values that it gives when it holds, of a search one for each record. */
interface CompiledRow {
  readonly guard: CompiledGuard;
  readonly references: readonly Reference[];
  values(given: GivenValues, scope: Scope): Promise<readonly (Json | undefined)[]>;
}

/** A native table. Undefined after a problem of one of its rows was reported. */
export function compileRowTable(context: CompileContext, document: RowTable): CompiledRule | undefined {
  const place = rulePlace(context, document);
  const rows = document.rows.map((row) => compileRow(place, row));
  const otherwise = document.otherwise && compileRuleValue(place, document.otherwise);
  const usable = rows.filter((row) => row !== undefined);
  if (usable.length < rows.length || (document.otherwise !== undefined && otherwise === undefined)) return undefined;
  const references = [...usable.flatMap((row) => row.references), ...(otherwise?.source.references ?? [])];
  return {
    name: document.name,
    document,
    records: undefined,
    async evaluate(given) {
      const scope = await ruleScope(given, { references, module: place.module });
      const values = await valuesOf(usable, { given, scope, isFirst: document.hitPolicy === 'F' });
      const answer = answerOfRows(values, document) ?? (await otherwise?.evaluate(scope));
      return answer ?? ofNothing(document);
    },
  };
}

function compileRow(place: RulePlace, { guard, gives }: NativeRow): CompiledRow | undefined {
  const compiled = compileGuard(place.context, place, guard);
  const read = readBy(place.context, guard);
  if ('source' in gives) {
    const value = compileRuleValue(place, gives);
    if (value === undefined) return undefined;
    const references = [...read, ...value.source.references];
    return { guard: compiled, references, values: async (_given, scope) => [await value.evaluate(scope)] };
  }
  const search = compileRecordSearch(place, gives);
  if (search === undefined) return undefined;
  return {
    guard: compiled,
    references: [...read, ...search.references],
    values: async (given, scope) => (await search.find(given, scope)).map((row) => search.valueOf(row, given)),
  };
}

function readBy({ texts }: CompileContext, { jsonata }: Guard): readonly Reference[] {
  const expression = jsonata && texts.jsonata(jsonata.value);
  return expression?.ok === true ? expression.value.references : [];
}

/** The values of the rows that hold. What is nothing, or the word of coreBOS for it, is none; rows after the first are not asked. */
async function valuesOf(
  rows: readonly CompiledRow[],
  params: { readonly given: GivenValues; readonly scope: Scope; readonly isFirst: boolean },
): Promise<readonly Json[]> {
  const { given, scope, isFirst } = params;
  const values: Json[] = [];
  for (const row of rows) {
    if (!(await rowHolds(row, scope))) continue;
    for (const value of await row.values(given, scope)) {
      if (value !== undefined && value !== null && value !== DOES_NOT_PASS) values.push(value);
    }
    if (isFirst && values.length > 0) return values;
  }
  return values;
}

async function rowHolds({ guard }: CompiledRow, scope: Scope): Promise<boolean> {
  if (guard.isAlwaysTrue) return true;
  const { values, ambience } = scope;
  const view = {
    record: values.record as RecordValues,
    previous: values.previous as RecordValues,
    changed: values.changed,
    environment: values,
    ambience,
    legacy: async () => ({ environment: (await scope.legacy()).environment, previous: undefined }),
  };
  return guard.holds(view, GUARD_TIMEOUT_MS);
}

/** No values come to an empty list, to 0 in all, and else to nothing. */
function ofNothing({ hitPolicy, aggregate }: RowTable): Json {
  if (hitPolicy === 'C') return [];
  return aggregate === 'sum' || aggregate === 'count' ? 0 : null;
}
