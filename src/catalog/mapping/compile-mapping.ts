import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { MappingDocument } from '../../document/mapping/mapping.ts';
import type { Parameter } from '../../document/map.ts';
import { environmentOnValues, type GivenValues } from '../../expression/legacy/given-values.ts';
import { plainNames } from '../../expression/legacy/plain-names.ts';
import { type CompileContext, report } from '../compile-context.ts';
import { joinMappingParts } from './join-parts.ts';
import { compileMappingPart, type MappingPart, type MappingView } from './mapping-part.ts';

/** A mapping ready to be applied. */
export interface CompiledMapping {
  readonly name: string;
  readonly document: MappingDocument;
  /** The fields it fills; of a name with dots the first part. */
  readonly targets: readonly string[];
  /** The target fields made of the given values. Rejects with EXPRESSION_*, RULE_UNKNOWN and what lookups reject with. */
  apply(given: GivenValues): Promise<JsonObject>;
}

interface CompiledField {
  readonly path: readonly string[];
  evaluate(view: MappingView): Promise<Json>;
}

/** The mapping with its texts compiled; undefined after problems were reported. */
export function compileMapping(context: CompileContext, document: MappingDocument): CompiledMapping | undefined {
  const fields = document.fields.map((field) => compileField(context, document, field));
  const usable = fields.filter((field) => field !== undefined);
  if (usable.length < fields.length) return undefined;
  return {
    name: document.name,
    document,
    targets: [...new Set(usable.flatMap(({ path }) => path[0] ?? []))],
    async apply(given) {
      const view = await viewOf(given);
      let result: JsonObject = {};
      for (const { path, evaluate } of usable) result = nested(result, path, await evaluate(view));
      return result;
    },
  };
}

function compileField(
  context: CompileContext,
  document: MappingDocument,
  { name, source, range }: Parameter,
): CompiledField | undefined {
  const path = name.split('.');
  if (source.kind === 'value') return { path, evaluate: async () => source.text };
  if (source.kind !== 'parts') {
    report(context, {
      code: 'SOURCE_UNAVAILABLE',
      message: `the field "${name}" has a source that mappings do not have`,
      hint: 'use Orgfields',
      file: document.file,
      range,
    });
    return undefined;
  }
  const parts = source.parts.map((part) => compileMappingPart(context, document.file, part));
  const usable = parts.filter((part): part is MappingPart => part !== undefined);
  if (usable.length < parts.length) return undefined;
  return { path, evaluate: (view) => joinMappingParts(usable, source.delimiter, view) };
}

async function viewOf(given: GivenValues): Promise<MappingView> {
  const environment = await environmentOnValues(given);
  const names = plainNames(environment);
  const owner = names['assigned_user_id'] ?? '';
  return { given, environment, names: owner === '' ? { ...names, assigned_user_id: given.user.id } : names };
}

/** The object with the value at the end of the path; what stands in the way and is no object is replaced. */
function nested(container: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...container, [name]: value };
  const inner = Object.hasOwn(container, name) ? container[name] : undefined;
  return { ...container, [name]: nested(isJsonObject(inner) ? inner : {}, rest, value) };
}
