import type { SourceText } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LegacyEnvironment } from '../../expression/legacy/environment.ts';
import { compileLegacy } from '../../expression/legacy/legacy.ts';
import { fillExpression, hasValuePlaceholders } from '../../expression/legacy/value-placeholder.ts';
import type { LegacyValue } from '../../expression/legacy/value.ts';
import { type CompileContext, accept } from '../compile-context.ts';
import { orThrow } from './compile-problem.ts';

/** An expression of a rule, in which `$[name]` stands for a value. */
export type RuleExpression = (environment: LegacyEnvironment, values: JsonObject) => Promise<LegacyValue>;

/** Undefined after a problem was reported. One with `$[name]` inside is an expression only once there are values. */
export function compileRuleExpression(
  context: CompileContext,
  file: string,
  text: SourceText,
): RuleExpression | undefined {
  if (hasValuePlaceholders(text.value)) {
    return async (environment, values) =>
      orThrow(compileLegacy(fillExpression(text.value, values))).evaluate(environment);
  }
  const expression = accept(context, file, text, context.texts.legacy(text.value));
  return expression && ((environment) => expression.evaluate(environment));
}
