import type { SourceText } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Parameter, ParameterSource } from '../document/map.ts';
import type { Reference } from '../expression/compiled.ts';
import { noEscape } from '../expression/escape.ts';
import type { JsonataExpression } from '../expression/jsonata.ts';
import { hasValuePlaceholders } from '../expression/legacy/value-placeholder.ts';
import { compilePath, memberOf } from '../expression/output-path.ts';
import { checkReferences, noteNames } from './check-names.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import { compileFileSource, compilePart } from './compile-file.ts';
import { compileParts } from './compile-parts.ts';
import { compileRelated } from './compile-related.ts';
import { compileLegacyHeader } from './legacy-text.ts';
import { compileMappingParts } from './mapping/mapping-parts.ts';
import { compileLegacyTemplateSource } from './legacy-template-source.ts';
import { compileFilledSource, compileRuleSource } from './rule-source.ts';
import { type CompiledParameter, compiledParameter } from './compiled-parameter.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';
import { membersBeside } from './spread-members.ts';

/** Where a source stands: what its names are looked up in. */
export interface SourcePlace {
  readonly file: string;
  readonly module: ModuleDefinition | undefined;
  /**
   * Whose values the parts that stay in the coreBOS language make: those of its webservice maps, whose scalars are texts
   * (when left out), or those of its mappings, where a single part keeps its type and never is null.
   */
  readonly partsOf?: 'mapping';
  /** True where values are handed over by name: `$[name]` in texts of coreBOS stands for one of them. */
  readonly asked?: boolean;
  /** True of the parameters of a call, which may be files. */
  readonly takesFiles?: boolean;
}

/** The source as a function of the scope; undefined after its problems were reported. */
export function compileSource(
  context: CompileContext,
  place: SourcePlace,
  source: ParameterSource,
): CompiledSource | undefined {
  switch (source.kind) {
    case 'value':
      return { describe: 'value', references: [], evaluate: () => Promise.resolve(source.text) };
    case 'field':
    case 'context':
    case 'input':
    case 'setting':
    case 'secret':
      return compileName(context, place, source.kind, source.name);
    case 'template':
      return compileTemplateSource(context, place, source.text);
    case 'jsonata':
      return compileJsonataSource(context, place, source.text);
    case 'legacy':
      return neverNull(place, compileLegacySource(context, place, source.text));
    case 'legacy-template':
      return compileLegacyTemplateSource(context, place, source.text);
    case 'path':
      return compilePathSource(context, place, source.text);
    case 'nested':
      return nestedSource(compileParameters(context, place, source.parameters));
    case 'parts':
      return place.partsOf === 'mapping'
        ? compileMappingParts(context, place, source)
        : compileParts(context, place, source);
    case 'related':
      return compileRelated(source);
    case 'legacy-text':
      return compileHeader(context, place, source.text);
    case 'rule':
      return neverNull(place, compileRuleSource(context, { file: place.file, name: source.name, missingIs: 'error' }));
    case 'file':
      if (place.takesFiles === true) return compileFileSource(context, place, source.name);
      report(context, {
        code: 'SOURCE_UNAVAILABLE',
        message: 'a file cannot be a source here',
        hint: 'files are parameters of calls; use field, context, setting, secret, template or jsonata',
        file: place.file,
        range: source.name.range,
      });
      return undefined;
  }
}

function neverNull({ partsOf }: SourcePlace, source: CompiledSource | undefined): CompiledSource | undefined {
  if (source === undefined || partsOf === undefined) return source;
  return { ...source, evaluate: async (scope) => (await source.evaluate(scope)) ?? '' };
}

function compileHeader(context: CompileContext, { file }: SourcePlace, text: SourceText): CompiledSource {
  const header = compileLegacyHeader(text);
  noteNames(context, { file, text, references: header.references });
  return header;
}

type NamedKind = 'field' | 'context' | 'input' | 'setting' | 'secret';

function compileName(context: CompileContext, place: SourcePlace, kind: NamedKind, name: SourceText): CompiledSource {
  const root = kind === 'field' ? 'record' : kind;
  const path = kind === 'secret' || kind === 'setting' ? [name.value] : name.value.split('.');
  const references: Reference[] = [{ root, path, offset: 0, length: name.value.length }];
  checkReferences(context, { file: place.file, text: name, references, module: place.module, missingFieldIs: 'error' });
  return {
    describe: `${kind} ${name.value}`,
    references,
    evaluate: (scope) => Promise.resolve(readName(scope, kind, name.value, path)),
  };
}

function readName(scope: Scope, kind: NamedKind, name: string, path: readonly string[]): Json | undefined {
  switch (kind) {
    case 'field':
      return memberOf(path.length > 1 ? scope.related : scope.values.record, name);
    case 'context':
      return walk(scope.values.context, path);
    case 'input':
      return walk(scope.values.input, path);
    case 'setting':
      return memberOf(scope.values.setting, name);
    case 'secret':
      return readSecret(scope, name);
  }
}

function readSecret(scope: Scope, name: string): string {
  const secret = scope.secret(name);
  if (secret !== undefined) return secret;
  throw new MapwrightError('SECRET_MISSING', `there is no secret "${name}"`, {
    hint: `store it: mapwright secret set ${name}`,
  });
}

function walk(root: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const name of path) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}

function compileTemplateSource(
  context: CompileContext,
  place: SourcePlace,
  text: SourceText,
): CompiledSource | undefined {
  const template = accept(context, place.file, text, context.texts.template(text.value, 'text'));
  if (template === undefined) return undefined;
  const { references } = template;
  checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'error' });
  return { describe: 'template', references, evaluate: (scope) => template.evaluate(scope, noEscape) };
}

function compileJsonataSource(
  context: CompileContext,
  place: SourcePlace,
  text: SourceText,
): CompiledSource | undefined {
  const expression = accept(context, place.file, text, context.texts.jsonata(text.value));
  if (expression === undefined) return undefined;
  const { references } = expression;
  checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'warning' });
  return {
    describe: 'jsonata',
    references,
    // An expression that selects nothing is an empty value, not a missing name.
    evaluate: async (scope) => {
      const value = (await expression.evaluate(scope.values, scope.ambience)) ?? null;
      scope.derived?.(references, value);
      return value;
    },
  };
}

function compileLegacySource(
  context: CompileContext,
  place: SourcePlace,
  text: SourceText,
): CompiledSource | undefined {
  if (place.asked === true && hasValuePlaceholders(text.value)) return compileFilledSource(text);
  const expression = accept(context, place.file, text, context.texts.legacy(text.value));
  if (expression === undefined) return undefined;
  return {
    describe: 'legacy expression',
    references: expression.references,
    setsContext: text.value.includes('setToContext'),
    evaluate: async (scope) => expression.evaluate((await scope.legacy()).environment),
  };
}

function compilePathSource(context: CompileContext, place: SourcePlace, text: SourceText): CompiledSource | undefined {
  const path = accept(context, place.file, text, compilePath(text.value));
  if (path === undefined) return undefined;
  return {
    describe: `member ${text.value} of the item`,
    references: [],
    async evaluate({ values: { item } }) {
      const read = item === undefined ? undefined : path.read(item);
      return read?.found === true ? read.value : undefined;
    },
  };
}

function nestedSource(parameters: readonly CompiledParameter[]): CompiledSource {
  const own = new Set(parameters.flatMap(({ document }) => (document.isSpread === true ? [] : [memberName(document)])));
  return {
    describe: 'nested parameters',
    references: parameters.flatMap((parameter) => parameter.source.references),
    async evaluate(scope) {
      const members: [string, Json][] = [];
      for (const parameter of parameters) {
        const value = await parameter.evaluate(scope);
        if (value === undefined) continue;
        if (parameter.document.isSpread === true) members.push(...membersBeside(parameter.name, value, own));
        else members.push([memberName(parameter.document), value]);
      }
      return objectOf(members);
    },
  };
}

/** The member that a parameter makes of an object; those of places inside an XML element are told by their first character. */
export function memberName({ name, in: place }: Pick<Parameter, 'name' | 'in'>): string {
  if (place === 'text') return '#text';
  return place === 'attribute' ? `@${name}` : name;
}

/** An object of members; one that comes several times is a list. */
export function objectOf(members: readonly (readonly [name: string, value: Json])[]): JsonObject {
  const found = new Map<string, Json[]>();
  for (const [name, value] of members) {
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  );
}

/** Parameters ready to be evaluated; those with problems are left out after their problems were reported. */
export function compileParameters(
  context: CompileContext,
  place: SourcePlace,
  parameters: readonly Parameter[],
): CompiledParameter[] {
  return parameters.flatMap((parameter) => compileParameter(context, place, parameter) ?? []);
}

function compileParameter(
  context: CompileContext,
  place: SourcePlace,
  parameter: Parameter,
): CompiledParameter | undefined {
  const source = compileSource(context, place, parameter.source);
  const each = parameter.each === undefined ? undefined : compileEach(context, place, parameter.each);
  if (source === undefined || (parameter.each !== undefined && each === undefined)) return undefined;
  // What its list reads the parameter reads: a retry keeps to it, and what comes from a sensitive value stays hidden.
  const part = compilePart(context, place, parameter);
  const named = [part.filename, part.contentType].flatMap((text) => text?.references ?? []);
  const references = [...source.references, ...(each?.references ?? []), ...named];
  return compiledParameter(parameter, { ...source, references }, { each, part });
}

function compileEach(context: CompileContext, place: SourcePlace, text: SourceText): JsonataExpression | undefined {
  const each = accept(context, place.file, text, context.texts.jsonata(text.value));
  const references = each?.references ?? [];
  checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'warning' });
  return each;
}
