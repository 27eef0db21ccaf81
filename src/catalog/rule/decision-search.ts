import type { DecisionCondition, DecisionSearch, RuleOutput } from '../../document/rule/rule.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import type { LegacyRow } from '../../expression/legacy/services.ts';
import { compareLoosely, type LegacyValue, toLegacyText } from '../../expression/legacy/value.ts';
import { memberOf } from '../../expression/output-path.ts';
import type { CompileContext } from '../compile-context.ts';
import { checkSearchNames, columnOf, columnsOf, findRecords } from './found-record.ts';
import { checkListOperation, listCondition } from './list-operation.ts';
import { outputOf, type RowEvaluation, type RowView } from './row-output.ts';
import { compileRuleExpression, type RuleExpression } from './rule-expression.ts';

/** In a record: the field does not matter. In the context: the search is not made. */
const IGNORE = '__IGNORE__';

interface CompiledSearch {
  readonly document: DecisionSearch;
  readonly searches: readonly (DecisionCondition & { readonly prepare: RuleExpression | undefined })[];
}

/** A row whose values come from the records of a module, numbered in their order. Undefined after a problem was reported. */
export function compileDecisionSearch(
  context: CompileContext,
  file: string,
  row: { readonly search: DecisionSearch; readonly sequence: string; readonly output: RuleOutput | undefined },
): RowEvaluation | undefined {
  const { search, sequence, output } = row;
  const before = context.problems.errorCount;
  const all = [...search.conditions, ...search.searches];
  const fields = [...all.map(({ field }) => field), ...search.fields];
  checkSearchNames(context, file, { module: search.module, fields });
  for (const condition of all) checkListOperation(context, file, condition);
  const searches = search.searches.map((condition) => ({
    ...condition,
    prepare: condition.preprocess && compileRuleExpression(context, file, condition.preprocess),
  }));
  if (context.problems.errorCount > before) return undefined;
  const compiled: CompiledSearch = { document: search, searches };
  return async (view) => {
    const conditions = await conditionsOf(compiled, view);
    const rows = inOrder(await findRecords(view.given, { module: search.module.value, conditions }), search);
    const values = await Promise.all(rows.map((one) => valueOf(one, { search, output, view })));
    return values
      .filter((value) => value !== undefined)
      .map((value, index) => [`${sequence}_${String(index + 1).padStart(4, '0')}`, value] as const);
  };
}

async function conditionsOf({ document, searches }: CompiledSearch, view: RowView): Promise<LegacyCondition[]> {
  const { values } = view.given;
  const conditions = document.conditions.flatMap(({ field, operation, input }, group) => {
    const value = toLegacyText(memberOf(values, input) ?? input);
    return listCondition({ field: field.value, operation: operation.value, value, group });
  });
  for (const [index, { input, prepare, field, operation }] of searches.entries()) {
    const given = memberOf(values, input);
    if (given === undefined || given === null || given === IGNORE) continue;
    const value = toLegacyText(prepare === undefined ? given : await prepare(view.environment, values));
    const group = document.conditions.length + index;
    const open = openValue(document.module.value, field.value, view);
    conditions.push(...listCondition({ field: field.value, operation: operation.value, value, group, open }));
  }
  return conditions;
}

/** How a record leaves a field open: a reference by being empty, anything else by a word. */
function openValue(module: string, field: string, { given }: RowView): Pick<LegacyCondition, 'operation' | 'value'> {
  const type = given.services.records.module(module)?.fields.get(field)?.type;
  return type === 'reference' ? { operation: 'is empty', value: '' } : { operation: 'is', value: IGNORE };
}

/** By one field, or as they were found. `amount DESC` turns the order around. */
function inOrder(rows: readonly LegacyRow[], { orderBy }: DecisionSearch): readonly LegacyRow[] {
  const [field, direction = ''] = orderBy?.value.split(/\s+/u) ?? [];
  if (field === undefined) return rows;
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return rows.toSorted(
    (a, b) => sign * (compareLoosely(memberOf(a.fields, field) ?? '', memberOf(b.fields, field) ?? '') || 0),
  );
}

/** Undefined for a record that does not have the field. */
async function valueOf(
  row: LegacyRow,
  params: { readonly search: DecisionSearch; readonly output: RuleOutput | undefined; readonly view: RowView },
): Promise<LegacyValue | undefined> {
  const { search, output, view } = params;
  const names = search.fields.map(({ value }) => value);
  if (output === 'Row') return columnsOf(row, names, view.given);
  const [name = ''] = names;
  const value = columnOf(row, name, view.given);
  if (value === undefined) return undefined;
  // The number of a record found here needs no guess at its module.
  return outputOf(output, name === 'id' && output === 'crmObject' ? row.id : value, view.given);
}
