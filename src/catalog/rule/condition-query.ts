import type { ConditionQuery, LegacyQuery } from '../../document/rule/rule.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import { compileConditionText } from '../../expression/legacy/condition/compile-conditions.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacyRow, LegacySearch } from '../../expression/legacy/services.ts';
import type { LegacyValue } from '../../expression/legacy/value.ts';
import { type CompileContext, accept } from '../compile-context.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { filledCondition } from './filled-condition.ts';
import { compileSearchQuery } from './search-query.ts';
import { checkSearchNames, columnOf, columnsOf, findRecords } from './found-record.ts';
import { compileSqlSelect } from './sql-select.ts';

/** Where a query looks, and what for. */
export interface RecordQuery {
  readonly module: string;
  /** The fields of which a row of the answer consists. */
  readonly fields: readonly string[];
  /** What records must meet; `equal` by field are exact values, which the database looks for. */
  search(given: GivenValues): Pick<LegacySearch, 'conditions' | 'equal'>;
}

/** Undefined after a problem was reported. */
export function compileConditionQuery(context: CompileContext, document: ConditionQuery): CompiledRule | undefined {
  if (document.query.kind === 'search') return compileSearchQuery(context, document, document.query);
  const query =
    document.query.kind === 'sql'
      ? compileSqlSelect(context, document.file, document.query.text)
      : compileConditions(context, document.file, document.query);
  if (query === undefined) return undefined;
  const find = (given: GivenValues): Promise<readonly LegacyRow[]> =>
    findRecords(given, { module: query.module, ...query.search(given) });
  const returns = document.query.returns.value;
  return {
    name: document.name,
    document,
    evaluate: async (given) => answerOf(await find(given), { returns, fields: query.fields, given }),
    records: async (given) => (await find(given)).map(({ id }) => id),
    search: async (given) => ({ module: query.module, ...query.search(given) }),
  };
}

function compileConditions(
  context: CompileContext,
  file: string,
  query: Extract<LegacyQuery, { kind: 'conditions' }>,
): RecordQuery | undefined {
  const { module, fields, conditions: text } = query;
  checkSearchNames(context, file, { module, fields });
  const compiled = accept(context, file, text, compileConditionText(text.value));
  const read = parseLegacyConditions(text.value);
  if (compiled === undefined || !read.ok) return undefined;
  const conditions = read.value.map(({ condition }) => condition);
  return {
    module: module.value,
    fields: fields.length === 0 ? ['id'] : fields.map(({ value }) => value),
    search: ({ values }) => ({ conditions: conditions.map((one) => filledCondition(one, values)) }),
  };
}

/** How many, all rows, or a field of the first; false when there is nothing to give, as in the original. */
function answerOf(
  rows: readonly LegacyRow[],
  params: { readonly returns: string; readonly fields: readonly string[]; readonly given: GivenValues },
): LegacyValue {
  const { returns, fields, given } = params;
  const what = returns.toLowerCase();
  if (what === 'count') return rows.length;
  if (what === 'recordset') return rows.map((row) => columnsOf(row, fields, given));
  const [first] = rows;
  return (first && columnOf(first, returns, given)) ?? false;
}
