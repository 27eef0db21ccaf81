import type { Located } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { LegacyValue } from '../../expression/legacy/value.ts';
import { type CompileContext, report } from '../compile-context.ts';

/** Asks a rule by its name. Rejects with RULE_UNKNOWN. */
export async function evaluateNamedRule(
  name: string,
  { services, values }: Pick<GivenValues, 'services' | 'values'>,
): Promise<LegacyValue> {
  const value = await services.maps.evaluateRule(name, values);
  if (value !== undefined) return value;
  throw new MapwrightError('RULE_UNKNOWN', `there is no rule "${name}"`, {
    hint: 'add the condition expression, condition query or decision table of that name; ids of another system are not known here',
  });
}

/** Reports RULE_UNKNOWN for a name that no rule among the documents has, letter case aside. */
export function checkRuleName(
  context: CompileContext,
  params: { readonly file: string; readonly name: Located<string>; readonly severity: 'error' | 'warning' },
): void {
  const { file, name, severity } = params;
  const wanted = name.value.trim().toLowerCase();
  const names = [...context.ruleNames];
  const found = names.find((known) => known.toLowerCase() === wanted);
  if (found !== undefined) {
    context.uses?.note({ kind: 'rule', name: found, file, offset: name.range.start.offset });
    return;
  }
  const near = didYouMean(name.value, names);
  report(context, {
    code: 'RULE_UNKNOWN',
    message: `there is no rule "${name.value.slice(0, 60)}"`,
    hint: near ?? 'a rule is a condition expression, condition query or decision table, named after its file',
    severity,
    file,
    range: name.range,
  });
}
