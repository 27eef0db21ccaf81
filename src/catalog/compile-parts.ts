import type { Json, JsonObject } from '../core/json.ts';
import type { LegacyPart, ParameterSource } from '../document/map.ts';
import type { Reference } from '../expression/compiled.ts';
import { memberOf } from '../expression/output-path.ts';
import { decodeEntities } from '../expression/legacy/entities.ts';
import { throwawayContext } from '../expression/legacy/environment.ts';
import { applyPostProcess } from '../expression/legacy/post-process.ts';
import { type CompileContext, accept } from './compile-context.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';
import type { SourcePlace } from './compile-source.ts';
import { compileTemplatePart } from './compile-template-part.ts';
import { appendPart, withoutLastDelimiters } from './joined-parts.ts';
import { checkRuleName, evaluateNamedRule } from './rule/named-rule.ts';

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
  const name = part.text.value.trim();
  switch (part.source) {
    case 'const': {
      const constant = part.text.value;
      return { describe: 'const', references: [], postProcess: part.postProcess, evaluate: async () => constant };
    }
    case 'name':
      return {
        describe: `field or context ${name}`,
        references: [
          { root: 'record', path: [name], offset: 0, length: name.length },
          { root: 'context', path: [name], offset: 0, length: name.length },
        ],
        postProcess: part.postProcess,
        evaluate: async (scope) => readPlainName((await scope.legacy()).names, part.text.value),
      };
    case 'expression':
      return compileExpressionPart(context, place, part);
    case 'rule':
      return compileRulePart(context, place, part);
    case 'field':
    case 'template': {
      const template = compileTemplatePart(context, place, part);
      return template && { ...template, postProcess: part.postProcess };
    }
  }
}

/** The value of a field or context name, blanks around it put up with, its HTML entities decoded as the original does. */
function readPlainName(names: JsonObject, written: string): Json {
  const value = memberOf(names, written) ?? memberOf(names, written.trim()) ?? '';
  return typeof value === 'string' ? decodeEntities(value) : value;
}

/** What a rule, named by the part, makes of the record's and the context's values. */
function compileRulePart(context: CompileContext, { file }: SourcePlace, part: LegacyPart): CompiledPart {
  const named = part.rule ?? part.text;
  const name = named.value.trim();
  checkRuleName(context, { file, name: named, severity: 'warning' });
  return {
    describe: `rule ${name}`,
    references: [
      { root: 'record', path: [], offset: 0, length: name.length },
      { root: 'context', path: [], offset: 0, length: name.length },
    ],
    postProcess: part.postProcess,
    async evaluate(scope) {
      const { environment, names } = await scope.legacy();
      return evaluateNamedRule(name, { services: environment.services, values: names });
    },
  };
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
    async evaluate(scope) {
      const { environment } = await scope.legacy();
      // What one expression sets in the context is gone after it: the next one does not see it either.
      return expression.evaluate({ ...environment, context: throwawayContext(environment.context.values()) });
    },
  };
}

async function joinParts(parts: readonly CompiledPart[], delimiter: string, scope: Scope): Promise<Json> {
  let value: Json = '';
  for (const part of parts) {
    value = appendPart(value, await part.evaluate(scope), delimiter);
    if (part.postProcess !== undefined) value = applyPostProcess(part.postProcess, value);
  }
  return typeof value === 'string' ? withoutLastDelimiters(value, delimiter, parts.length) : value;
}
