import type { RuleDocument } from '../../document/rule/rule.ts';
import type { CompileContext } from '../compile-context.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { compileConditionExpression } from './condition-expression.ts';
import { compileConditionQuery } from './condition-query.ts';
import { compileDecisionTable } from './decision-table.ts';
import { compileRowTable } from './row-table.ts';

/** The rule with its texts compiled; undefined after its problems were reported. */
export function compileRule(context: CompileContext, document: RuleDocument): CompiledRule | undefined {
  const before = context.problems.errorCount;
  const rule = compileByForm(context, document);
  return context.problems.errorCount > before ? undefined : rule;
}

function compileByForm(context: CompileContext, document: RuleDocument): CompiledRule | undefined {
  switch (document.form) {
    case 'condition-expression':
      return compileConditionExpression(context, document);
    case 'condition-query':
      return compileConditionQuery(context, document);
    case 'decision-table':
      return document.dialect === 'native'
        ? compileRowTable(context, document)
        : compileDecisionTable(context, document);
  }
}
