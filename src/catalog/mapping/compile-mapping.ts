import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { MappingDocument } from '../../document/mapping/mapping.ts';
import type { FieldSetting } from '../../document/task.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import { type CompileContext, report, resolve } from '../compile-context.ts';
import type { CompiledSource, Scope } from '../compiled-source.ts';
import { type CompiledFieldSetting, compileFieldSettings, type SettingPlace } from '../task/field-setting.ts';
import { fieldValue } from '../task/field-value.ts';
import { checkMappingNames, checkTarget } from './check-mapping.ts';
import { mappingScope, readsLegacy } from './mapping-scope.ts';

/** A mapping ready to be applied. */
export interface CompiledMapping {
  readonly name: string;
  readonly document: MappingDocument;
  /** The fields it fills; of a name with dots the first part. */
  readonly targets: readonly string[];
  /** What a step that applies it reads beforehand. */
  readonly sources: readonly CompiledSource[];
  /**
   * The target fields made of the given values. Rejects with PARAMETER_SOURCE_MISSING, PARAMETER_TYPE, PARAMETER_EMPTY,
   * EXPRESSION_*, RULE_UNKNOWN and what lookups reject with.
   * @param step what native sources see in a step of a run; left out, they see the given values
   */
  apply(given: GivenValues, step?: Scope): Promise<JsonObject>;
}

/** The mapping with its texts compiled; undefined after problems were reported. */
export function compileMapping(context: CompileContext, document: MappingDocument): CompiledMapping | undefined {
  const before = context.problems.errorCount;
  const isNative = document.dialect === 'native';
  const { file, from: fromName, to: toName } = document;
  const moduleOf = (name: typeof fromName) =>
    isNative && name !== undefined
      ? resolve(context, { file, name, among: context.modules, code: 'MODULE_UNKNOWN', what: 'module' })
      : undefined;
  const [from, to] = [moduleOf(fromName), moduleOf(toName)];
  const place: SettingPlace = { context, file, module: from, partsOf: 'mapping' };
  const settings = isNative ? document.fields : document.fields.filter((field) => isOfMapping(context, file, field));
  const fields = compileFieldSettings(place, to, settings);
  if (isNative) {
    checkTarget(context, document);
    checkMappingNames(context, document, fields);
  }
  if (context.problems.errorCount > before || fields.length < document.fields.length) return undefined;
  const paths = fields.map((field) => ({ field, path: isNative ? [field.field] : field.field.split('.') }));
  const sources = fields.map(({ source }) => source);
  const references = isNative ? sources.flatMap((source) => source.references) : [];
  const needs = { references, readsLegacy: readsLegacy(document.fields), from };
  return {
    name: document.name,
    document,
    targets: [...new Set(paths.flatMap(({ path }) => path[0] ?? []))],
    sources: isNative ? sources : [],
    apply: async (given, step) => madeOf(paths, await mappingScope(needs, given, step)),
  };
}

/** Reports a source that only webservice maps of coreBOS have. */
function isOfMapping(context: CompileContext, file: string, { field, source, range }: FieldSetting): boolean {
  if (source.kind === 'value' || source.kind === 'parts') return true;
  report(context, {
    code: 'SOURCE_UNAVAILABLE',
    message: `the field "${field.value}" has a source that mappings do not have`,
    hint: 'use Orgfields',
    file,
    range,
  });
  return false;
}

interface PlacedField {
  readonly field: CompiledFieldSetting;
  readonly path: readonly string[];
}

async function madeOf(fields: readonly PlacedField[], scope: Scope): Promise<JsonObject> {
  let made: JsonObject = {};
  for (const { field, path } of fields) {
    const value = await fieldValue(field, scope);
    if (value !== undefined) made = nested(made, path, value);
  }
  return made;
}

/** The object with the value at the end of the path; what stands in the way and is no object is replaced. */
function nested(container: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...container, [name]: value };
  const inner = Object.hasOwn(container, name) ? container[name] : undefined;
  return { ...container, [name]: nested(isJsonObject(inner) ? inner : {}, rest, value) };
}
