import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { LegacyPart, ParameterSource } from '../../document/map.ts';
import type { Reference } from '../../expression/compiled.ts';
import { applyPostProcess } from '../../expression/legacy/post-process.ts';
import { memberOf } from '../../expression/output-path.ts';
import { type CompileContext, accept } from '../compile-context.ts';
import type { SourcePlace } from '../compile-source.ts';
import type { CompiledSource, LegacyView } from '../compiled-source.ts';
import { appendPart, withoutLastDelimiters } from '../joined-parts.ts';
import { checkRuleName, evaluateNamedRule } from '../rule/named-rule.ts';

/** One part of a field's value. */
interface MappingPart {
  readonly describe: string;
  readonly references: readonly Reference[];
  readonly postProcess?: string | undefined;
  evaluate(view: LegacyView): Promise<Json>;
}

/**
 * The Orgfields of a mapping as one value. A single part keeps its type; several are texts with the delimiter between them;
 * lists take the place of what was there, or are merged. Delimiters at the end go, at most as many as were put there.
 */
export function compileMappingParts(
  context: CompileContext,
  { file }: SourcePlace,
  { parts, delimiter }: Extract<ParameterSource, { kind: 'parts' }>,
): CompiledSource | undefined {
  const compiled = parts.map((part) => compilePart(context, file, part));
  const usable = compiled.filter((part) => part !== undefined);
  if (usable.length < compiled.length) return undefined;
  return {
    describe: usable.map(({ describe }) => describe).join(' + '),
    references: usable.flatMap(({ references }) => references),
    evaluate: async (scope) => joinParts(usable, delimiter, await scope.legacy()),
  };
}

async function joinParts(parts: readonly MappingPart[], delimiter: string, view: LegacyView): Promise<Json> {
  let value: Json = '';
  for (const part of parts) {
    const next = await part.evaluate(view);
    value = parts.length === 1 ? (next ?? '') : appendPart(value, next, delimiter);
    if (part.postProcess !== undefined) value = applyPostProcess(part.postProcess, value);
  }
  return typeof value === 'string' && parts.length > 1 ? withoutLastDelimiters(value, delimiter, parts.length) : value;
}

/** A path into nested data, with the sign that the original's editor puts before it: `customer.id`, `$customer.id`. */
const DATA_PATH = /^[$\u{C7}]?(\w+(?:\.[\w-]+)+)$/u;

/** The path that a FIELD part names; undefined when it names a field. */
export function dataPathOf(field: string): string | undefined {
  return DATA_PATH.exec(field.trim())?.[1];
}

/** Undefined after a problem of its text was reported. */
function compilePart(context: CompileContext, file: string, part: LegacyPart): MappingPart | undefined {
  const compiled = compileByKind(context, file, part);
  return compiled && { ...compiled, postProcess: part.postProcess };
}

function compileByKind(context: CompileContext, file: string, part: LegacyPart): MappingPart | undefined {
  const { source, text } = part;
  switch (source) {
    case 'const':
      return { describe: 'const', references: [], evaluate: async () => text.value };
    case 'name':
      return namePart(text.value);
    case 'expression': {
      const expression = accept(context, file, text, context.texts.legacy(text.value));
      if (expression === undefined) return undefined;
      const { references } = expression;
      return { describe: 'expression', references, evaluate: ({ environment }) => expression.evaluate(environment) };
    }
    case 'field': {
      const path = dataPathOf(text.value);
      return path === undefined ? templatePart(context, file, fieldTemplate(text)) : namePart(path);
    }
    case 'template':
      return templatePart(context, file, text);
    case 'rule':
      return rulePart(context, file, part);
  }
}

function namePart(name: string): MappingPart {
  return {
    describe: `field or context ${name}`,
    references: bothRoots(name),
    evaluate: async ({ names }) => valueAt(names, name) ?? '',
  };
}

function bothRoots(name: string): Reference[] {
  const at = { path: [name], offset: 0, length: name.length };
  return [
    { root: 'record', ...at },
    { root: 'context', ...at },
  ];
}

/** FIELD names one field, with or without its sign. */
function fieldTemplate(text: LegacyPart['text']): LegacyPart['text'] {
  const field = text.value.trim();
  return { ...text, value: /^[$\u{C7}]/u.test(field) ? field : `$${field}` };
}

/** Of a stored record its fields as its owner sees them; of a row its values. */
function templatePart(context: CompileContext, file: string, text: LegacyPart['text']): MappingPart | undefined {
  const template = accept(context, file, text, context.texts.legacyTemplate(text.value));
  if (template === undefined) return undefined;
  return {
    describe: 'template',
    references: template.references,
    evaluate: ({ environment, names }) =>
      environment.mode === 'record' ? template.render(environment) : template.render(environment, { data: names }),
  };
}

/** With `<Rule>`, the name says which of the values the rule sees where there is no record. */
function rulePart(context: CompileContext, file: string, { text, rule }: LegacyPart): MappingPart {
  const name = rule ?? text;
  checkRuleName(context, { file, name, severity: 'warning' });
  return {
    describe: `rule ${name.value.trim()}`,
    references: bothRoots(name.value.trim()),
    evaluate({ environment, names }) {
      const isPart = rule !== undefined && environment.mode !== 'record';
      const part = isPart ? valueAt(names, text.value.trim()) : undefined;
      const values = part !== undefined && isJsonObject(part) ? part : names;
      return evaluateNamedRule(name.value.trim(), { services: environment.services, values });
    },
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
