import type { Json, JsonObject } from '../core/json.ts';
import type { LegacyPart, ParameterSource } from '../document/map.ts';
import type { Reference } from '../expression/compiled.ts';
import { memberOf } from '../expression/output-path.ts';
import { applyPostProcess } from '../expression/legacy/post-process.ts';
import { toLegacyText } from '../expression/legacy/value.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';
import type { SourcePlace } from './compile-source.ts';

interface CompiledPart {
  readonly describe: string;
  readonly references: readonly Reference[];
  readonly postProcess: string | undefined;
  evaluate(scope: Scope): Promise<Json>;
}

/**
 * The coreBOS dialect's way of making one value of several parts: texts joined by the delimiter, trailing delimiters
 * removed; an expression that gives an array replaces the text so far or is merged into the array so far.
 */
export function compileParts(
  context: CompileContext,
  place: SourcePlace,
  source: Extract<ParameterSource, { kind: 'parts' }>,
): CompiledSource | undefined {
  const parts = source.parts.map((part) => compilePart(context, place, part));
  const usable = parts.filter((part) => part !== undefined);
  if (usable.length < parts.length) return undefined;
  return {
    describe: usable.map((part) => part.describe).join(' + '),
    references: usable.flatMap((part) => part.references),
    evaluate: (scope) => joinParts(usable, source.delimiter, scope),
  };
}

function compilePart(context: CompileContext, place: SourcePlace, part: LegacyPart): CompiledPart | undefined {
  const name = part.text.value;
  switch (part.source) {
    case 'const':
      return { describe: 'const', references: [], postProcess: part.postProcess, evaluate: async () => name };
    case 'name':
      return {
        describe: `field or context ${name}`,
        references: [
          { root: 'record', path: [name], offset: 0, length: name.length },
          { root: 'context', path: [name], offset: 0, length: name.length },
        ],
        postProcess: part.postProcess,
        evaluate: async (scope) => memberOf(scope.legacy().names, name) ?? '',
      };
    case 'expression':
      return compileExpressionPart(context, place, part);
    case 'field':
    case 'template':
    case 'rule':
      report(context, {
        code: 'SOURCE_UNAVAILABLE',
        message: `OrgfieldID ${part.source.toUpperCase()} is not available in this version`,
        hint: 'use EXPRESSION, CONST or a plain field name',
        file: place.file,
        range: part.text.range,
      });
      return undefined;
  }
}

function compileExpressionPart(
  context: CompileContext,
  place: SourcePlace,
  part: LegacyPart,
): CompiledPart | undefined {
  const expression = accept(context, place.file, part.text, context.texts.legacy(part.text.value));
  if (expression === undefined) return undefined;
  return {
    describe: 'expression',
    references: expression.references,
    postProcess: part.postProcess,
    evaluate: async (scope) => expression.evaluate(scope.legacy().environment),
  };
}

async function joinParts(parts: readonly CompiledPart[], delimiter: string, scope: Scope): Promise<Json> {
  let value: Json = '';
  for (const part of parts) {
    value = append(value, await part.evaluate(scope), delimiter);
    if (part.postProcess !== undefined) value = applyPostProcess(part.postProcess, value);
  }
  return typeof value === 'string' ? removeTrailing(value, delimiter, parts.length) : value;
}

function append(soFar: Json, next: Json, delimiter: string): Json {
  if (typeof next === 'object' && next !== null) return mergeArrays(soFar, next);
  if (typeof soFar === 'object' && soFar !== null) return soFar;
  return toLegacyText(soFar) + toLegacyText(next) + delimiter;
}

function mergeArrays(soFar: Json, next: readonly Json[] | JsonObject): Json {
  if (typeof soFar !== 'object' || soFar === null) return next;
  if (Array.isArray(soFar) && Array.isArray(next)) return [...soFar, ...next];
  return { ...soFar, ...next };
}

/** Removes at most as many delimiters as were appended: a delimiter is a text here, not a set of characters. */
function removeTrailing(text: string, delimiter: string, appended: number): string {
  if (delimiter === '') return text;
  let rest = text;
  for (let count = 0; count < appended && rest.endsWith(delimiter); count++) rest = rest.slice(0, -delimiter.length);
  return rest;
}
