import type { ConditionQuery, SearchQuery } from '../../document/rule/rule.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacyRow } from '../../expression/legacy/services.ts';
import type { CompileContext } from '../compile-context.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { compileRecordSearch } from './record-search.ts';
import { ruleScope } from './rule-scope.ts';
import { compileRuleValue, rulePlace } from './rule-value.ts';

/** A native rule that finds records. Undefined after a problem was reported. */
export function compileSearchQuery(
  context: CompileContext,
  document: ConditionQuery,
  query: SearchQuery,
): CompiledRule | undefined {
  const place = rulePlace(context, document);
  const search = compileRecordSearch(place, query.search);
  const otherwise = query.otherwise && compileRuleValue(place, query.otherwise);
  if (search === undefined || (query.otherwise !== undefined && otherwise === undefined)) return undefined;
  const params = {
    references: [...search.references, ...(otherwise?.source.references ?? [])],
    module: place.module,
  };
  const find = async (given: GivenValues): Promise<readonly LegacyRow[]> =>
    search.find(given, await ruleScope(given, params));
  return {
    name: document.name,
    document,
    async evaluate(given) {
      const scope = await ruleScope(given, params);
      const rows = await search.find(given, scope);
      if (query.give === 'count') return rows.length;
      const values = rows.map((row) => search.valueOf(row, given));
      if (values.length === 0 && otherwise !== undefined) return (await otherwise.evaluate(scope)) ?? null;
      return query.give === 'all' ? values : (values[0] ?? null);
    },
    records: async (given) => (await find(given)).map(({ id }) => id),
    search: async (given) => search.asked(given, await ruleScope(given, params)),
  };
}
