import type { SourceText } from '../core/diagnostic.ts';
import type { Guard } from '../document/common.ts';
import type { LegacyConditionList } from '../expression/legacy/condition/compile-conditions.ts';
import { checkReferences, fieldProblem } from './check-names.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import type { SourcePlace } from './compile-source.ts';
import { type CompiledGuard, compiledGuard } from './compiled-guard.ts';

/** The guard with its expressions compiled; unknown fields are reported. */
export function compileGuard(context: CompileContext, { file, module }: SourcePlace, guard: Guard): CompiledGuard {
  for (const { field } of guard.conditions) {
    const problem = fieldProblem(context, module, [field.value]);
    if (problem !== undefined) report(context, { ...problem, file, range: field.range });
  }
  const text = guard.jsonata;
  const expression = text && accept(context, file, text, context.texts.jsonata(text.value));
  if (text !== undefined && expression !== undefined) {
    checkReferences(context, { file, text, references: expression.references, module, missingFieldIs: 'warning' });
  }
  const legacy = guard.legacy.flatMap((list) => compileLegacyList(context, { file, module }, list) ?? []);
  return compiledGuard(guard, { expression, legacy });
}

/** Fields that are not there count as empty, as in the original; that is worth a warning. */
function compileLegacyList(
  context: CompileContext,
  { file, module }: SourcePlace,
  text: SourceText,
): LegacyConditionList | undefined {
  const list = accept(context, file, text, context.texts.legacyConditions(text.value));
  const references = list?.references ?? [];
  checkReferences(context, { file, text, references, module, missingFieldIs: 'warning' });
  return list;
}
