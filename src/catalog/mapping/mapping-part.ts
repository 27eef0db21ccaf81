import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { LegacyPart } from '../../document/map.ts';
import type { LegacyEnvironment } from '../../expression/legacy/environment.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import { memberOf } from '../../expression/output-path.ts';
import { type CompileContext, accept } from '../compile-context.ts';
import { checkRuleName, evaluateNamedRule } from '../rule/named-rule.ts';

/** What the parts of a mapping are evaluated on. */
export interface MappingView {
  readonly given: GivenValues;
  readonly environment: LegacyEnvironment;
  /** What plain names give. */
  readonly names: JsonObject;
}

/** One part of a field's value. */
export interface MappingPart {
  readonly postProcess: string | undefined;
  evaluate(view: MappingView): Promise<Json>;
}

/** A path into nested data, with the sign that the original's editor puts before it: `customer.id`, `$customer.id`. */
const DATA_PATH = /^[$\u{C7}]?(\w+(?:\.[\w-]+)+)$/u;

/** Undefined after a problem of its text was reported. */
export function compileMappingPart(context: CompileContext, file: string, part: LegacyPart): MappingPart | undefined {
  const evaluate = compileByKind(context, file, part);
  return evaluate && { postProcess: part.postProcess, evaluate };
}

function compileByKind(
  context: CompileContext,
  file: string,
  { source, text, rule }: LegacyPart,
): MappingPart['evaluate'] | undefined {
  switch (source) {
    case 'const':
      return async () => text.value;
    case 'name':
      return async ({ names }) => valueAt(names, text.value) ?? '';
    case 'expression': {
      const expression = accept(context, file, text, context.texts.legacy(text.value));
      return expression && (({ environment }) => expression.evaluate(environment));
    }
    case 'field':
      return compileField(context, file, text);
    case 'template':
      return compileTemplate(context, file, text);
    case 'rule':
      return compileRulePart(context, file, { text, rule });
  }
}

function compileField(
  context: CompileContext,
  file: string,
  text: LegacyPart['text'],
): MappingPart['evaluate'] | undefined {
  const field = text.value.trim();
  const [, path] = DATA_PATH.exec(field) ?? [];
  if (path !== undefined) return async ({ names }) => valueAt(names, path) ?? '';
  const isMarked = field.startsWith('$') || field.startsWith('\u{C7}');
  return compileTemplate(context, file, { ...text, value: isMarked ? field : `$${field}` });
}

/** Of a stored record its fields as its owner sees them; of a row its values. */
function compileTemplate(
  context: CompileContext,
  file: string,
  text: LegacyPart['text'],
): MappingPart['evaluate'] | undefined {
  const template = accept(context, file, text, context.texts.legacyTemplate(text.value));
  if (template === undefined) return undefined;
  return ({ environment, names }) =>
    environment.mode === 'record' ? template.render(environment) : template.render(environment, { data: names });
}

/** With `<Rule>`, the name says which of the values the rule sees where there is no record. */
function compileRulePart(
  context: CompileContext,
  file: string,
  { text, rule }: { readonly text: LegacyPart['text']; readonly rule: LegacyPart['text'] | undefined },
): MappingPart['evaluate'] {
  const name = rule ?? text;
  checkRuleName(context, { file, name, severity: 'warning' });
  return ({ given: { services }, environment, names }) => {
    const part = rule === undefined || environment.mode === 'record' ? undefined : valueAt(names, text.value.trim());
    const values = part !== undefined && isJsonObject(part) ? part : names;
    return evaluateNamedRule(name.value.trim(), { services, values });
  };
}

/** The value of a name, or along a path with dots through objects and lists. */
function valueAt(names: JsonObject, path: string): Json | undefined {
  const direct = memberOf(names, path);
  if (direct !== undefined) return direct;
  let value: Json | undefined = names;
  for (const name of path.split('.')) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}
