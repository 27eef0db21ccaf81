import type { Parameter } from '../../document/map.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';
import type { Reference } from '../../expression/compiled.ts';
import { type CompileContext, report, resolve } from '../compile-context.ts';
import { compileParameters, type SourcePlace } from '../compile-source.ts';
import type { CompiledParameter } from '../compiled-parameter.ts';

/** Where the sources of a native rule stand. */
export interface RulePlace extends SourcePlace {
  readonly context: CompileContext;
}

/** Reports a module that there is not. */
export function rulePlace(context: CompileContext, { file, module: name }: RuleDocument): RulePlace {
  const { modules: among } = context;
  const module = name && resolve(context, { file, name, among, code: 'MODULE_UNKNOWN', what: 'module' });
  // Whoever asks gives values of any name.
  return { context: { ...context, takesContext: true }, file, module, asked: true };
}

/** What a rule gives, compiled; undefined after its problems were reported. Reports RULE_SECRET. */
export function compileRuleValue(place: RulePlace, value: Parameter): CompiledParameter | undefined {
  const [compiled] = compileParameters(place.context, place, [value]);
  if (compiled !== undefined) checkReach(place, value, compiled.source.references);
  return compiled;
}

/** Reports what there is nowhere outside of a map, and what nobody may be told. */
function checkReach({ context, file }: RulePlace, { range }: Parameter, references: readonly Reference[]): void {
  if (references.some(({ root }) => root === 'secret')) {
    report(context, {
      code: 'RULE_SECRET',
      message: 'a rule gives no secrets: everybody who may ask it would be told',
      hint: 'name the secret where it is sent: in a parameter or header of a map',
      file,
      range,
    });
  }
  const outside = references.find(({ root }) => root === 'parameter' || root === 'step');
  if (outside === undefined) return;
  const name = [...(outside.root === 'step' ? ['step'] : []), ...outside.path].join('.');
  report(context, {
    code: 'PARAMETER_UNKNOWN',
    message: `a rule has no parameters and no step: there is no {${name}}`,
    hint: 'write {record.x}, {context.x}, {setting.x}, or {{ for a brace',
    file,
    range,
  });
}
