import type { Parameter } from '../../document/map.ts';
import type { ConditionExpression } from '../../document/rule/rule.ts';
import type { LegacyEnvironment } from '../../expression/legacy/environment.ts';
import { environmentOnValues } from '../../expression/legacy/given-values.ts';
import { compileLegacy } from '../../expression/legacy/legacy.ts';
import { escapeInString, fillText } from '../../expression/legacy/value-placeholder.ts';
import { type LegacyValue, toLegacyText } from '../../expression/legacy/value.ts';
import { type CompileContext, accept, report } from '../compile-context.ts';
import { orThrow } from './compile-problem.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { ruleScope } from './rule-scope.ts';
import { compileRuleValue, rulePlace } from './rule-value.ts';
import { compileRuleExpression, type RuleExpression } from './rule-expression.ts';

/** Undefined after a problem of its text was reported. */
export function compileConditionExpression(
  context: CompileContext,
  document: ConditionExpression,
): CompiledRule | undefined {
  const { source } = document;
  if (source.kind === 'value') return compileValueRule(context, document, source.value);
  const evaluate = compileForm(context, source, document.file);
  if (evaluate === undefined) return undefined;
  return {
    name: document.name,
    document,
    records: undefined,
    evaluate: async (given) => evaluate(await environmentOnValues(given), given.values),
  };
}

type LegacySource = Exclude<ConditionExpression['source'], { kind: 'value' }>;

function compileForm(context: CompileContext, source: LegacySource, file: string): RuleExpression | undefined {
  if (source.kind === 'expression') return compileRuleExpression(context, file, source.text);
  if (source.kind === 'function') return compileCall(context, file, source);
  const template = accept(context, file, source.text, context.texts.legacyTemplate(source.text.value));
  // Values are put in last: a `$` in one of them is no placeholder.
  return template && (async (environment, values) => fillText(await template.render(environment), values));
}

/** The value of a native source; null when there is none. */
function compileValueRule(
  context: CompileContext,
  document: ConditionExpression,
  value: Parameter,
): CompiledRule | undefined {
  const place = rulePlace(context, document);
  const compiled = compileRuleValue(place, value);
  if (compiled === undefined) return undefined;
  const { references } = compiled.source;
  return {
    name: document.name,
    document,
    records: undefined,
    evaluate: async (given) =>
      (await compiled.evaluate(await ruleScope(given, { references, module: place.module }))) ?? null,
  };
}

type FunctionSource = Extract<ConditionExpression['source'], { kind: 'function' }>;

/** One function of the language with texts as arguments. Functions of PHP are not among them. */
function compileCall(context: CompileContext, file: string, source: FunctionSource): RuleExpression | undefined {
  const { name, parameters } = source;
  const called = compileLegacy(callText(name.value, []));
  if (!called.ok) {
    const { code, message } = called.problem;
    const hint = 'only functions of the expression language can be called; write an <expression>';
    report(context, { code, message, hint, file, range: name.range });
    return undefined;
  }
  return async (environment) => {
    const texts: string[] = [];
    for (const parameter of parameters) texts.push(toLegacyText(await argument(environment, parameter)));
    return orThrow(compileLegacy(callText(name.value, texts))).evaluate(environment);
  };
}

/** The value of the field or context key of this name, the current user's number, or the text itself. */
function argument(environment: LegacyEnvironment, parameter: string): LegacyValue {
  const { record, recordId, user, module } = environment;
  if (Object.hasOwn(record, parameter)) return record[parameter] ?? parameter;
  if (parameter === 'record_id' && recordId !== undefined) return recordId.slice(recordId.indexOf('x') + 1);
  if (parameter === 'record_module' && module !== undefined) return module;
  return parameter === 'currentuserID' ? user.id.slice(user.id.indexOf('x') + 1) : parameter;
}

function callText(name: string, texts: readonly string[]): string {
  const written = texts.map((text) => `'${escapeInString(text)}'`);
  return `${name}(${written.join(',')})`;
}
