import type { SourceText } from '../core/diagnostic.ts';
import { compileLegacy } from '../expression/legacy/legacy.ts';
import { fillExpression } from '../expression/legacy/value-placeholder.ts';
import { orThrow } from './rule/compile-problem.ts';
import { checkRuleName, evaluateNamedRule } from './rule/named-rule.ts';
import type { CompileContext } from './compile-context.ts';
import type { CompiledSource } from './compiled-source.ts';

/**
 * The answer of a rule on the record and the context, for `rule="..."` and for OrgfieldID RULE. A rule may read anything that
 * they hold. Reports RULE_UNKNOWN, as a warning where the maps of another system may name what was not brought along.
 */
export function compileRuleSource(
  context: CompileContext,
  params: { readonly file: string; readonly name: SourceText; readonly missingIs: 'error' | 'warning' },
): CompiledSource {
  const { file, missingIs } = params;
  const name = params.name.value.trim();
  const at = { offset: 0, length: params.name.value.length };
  checkRuleName(context, { file, name: params.name, severity: missingIs });
  return {
    describe: `rule ${name}`,
    references: [
      { root: 'record', path: [], ...at },
      { root: 'context', path: [], ...at },
    ],
    async evaluate(scope) {
      const { environment, names } = await scope.legacy();
      return evaluateNamedRule(name, { services: environment.services, values: names });
    },
  };
}

/** An expression of coreBOS with `$[name]` inside: it is an expression only once there are values. */
export function compileFilledSource({ value }: SourceText): CompiledSource {
  const at = { offset: 0, length: value.length };
  return {
    describe: 'legacy expression',
    references: [
      { root: 'record', path: [], ...at },
      { root: 'context', path: [], ...at },
    ],
    async evaluate(scope) {
      const { environment, names } = await scope.legacy();
      return orThrow(compileLegacy(fillExpression(value, names))).evaluate(environment);
    },
  };
}
