import type { DecisionRow, DecisionTable } from '../../document/rule/rule.ts';
import { environmentOnValues } from '../../expression/legacy/given-values.ts';
import type { LegacyValue } from '../../expression/legacy/value.ts';
import { type CompileContext, report } from '../compile-context.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { compileDecisionSearch } from './decision-search.ts';
import { applyHitPolicy } from './hit-policy.ts';
import { checkRuleName, evaluateNamedRule } from './named-rule.ts';
import { outputOf, type RowEvaluation, type RowView } from './row-output.ts';
import { compileRuleExpression } from './rule-expression.ts';

/** Undefined after a problem of one of its rows was reported. */
export function compileDecisionTable(context: CompileContext, document: DecisionTable): CompiledRule | undefined {
  warnOfSequences(context, document);
  const rows = document.rows.map((row) => compileRow(context, document.file, row));
  const usable = rows.filter((row) => row !== undefined);
  if (usable.length < rows.length) return undefined;
  return {
    name: document.name,
    document,
    records: undefined,
    async evaluate(given) {
      const view: RowView = { given, environment: await environmentOnValues(given) };
      const values = new Map<string, LegacyValue>();
      for (const row of usable) for (const [sequence, value] of await row(view)) values.set(sequence, value);
      return applyHitPolicy(values, document);
    },
  };
}

function compileRow(context: CompileContext, file: string, row: DecisionRow): RowEvaluation | undefined {
  const { test, sequence, output } = row;
  if (test.kind === 'search') return compileDecisionSearch(context, file, { search: test, sequence, output });
  if (test.kind === 'rule') {
    const { name } = test;
    checkRuleName(context, { file, name, severity: 'warning' });
    return async ({ given }) => [
      [sequence, await outputOf(output, await evaluateNamedRule(name.value, given), given)] as const,
    ];
  }
  const expression = compileRuleExpression(context, file, test.text);
  if (expression === undefined) return undefined;
  return async ({ given, environment }) => [
    [sequence, await outputOf(output, await expression(environment, given.values), given)] as const,
  ];
}

function warnOfSequences(context: CompileContext, { rows, file, nameAt }: DecisionTable): void {
  const twice = rows.find(({ sequence }, index) => rows.findIndex((one) => one.sequence === sequence) < index);
  if (twice === undefined) return;
  report(context, {
    code: 'COREBOS_SEQUENCE_REPEATED',
    message: `two rules have the sequence "${twice.sequence}": the value of the later one takes the place of the earlier`,
    hint: 'number the rules',
    severity: 'warning',
    file,
    range: nameAt.range,
  });
}
