import type { Json, JsonObject } from '../../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import type { RecordImage, RecordValue } from '../../core/record.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { convertValue } from '../../catalog/convert-value.ts';
import type { GivenField, MapTestCase } from '../../catalog/compiled-map-test.ts';
import { mapSources } from '../scope.ts';

/** A value as its field keeps it, or what is wrong with it: a phrase that follows the field's name. */
export type FieldReading =
  | { readonly ok: true; readonly value: RecordValue }
  | { readonly ok: false; readonly problem: string };

/** Reads what is given for a field as the record host would. */
export type ReadField = (field: FieldDefinition, given: Json) => FieldReading;

/** A case's record, context and names, in the form that a trial takes. */
export interface CaseData {
  /** With `id`. Fields of the module that the case does not give are null. */
  readonly record: JsonObject;
  readonly image: RecordImage;
  readonly previous: JsonObject | undefined;
  readonly context: JsonObject;
  /** By dotted path. */
  readonly behindReferences: ReadonlyMap<string, RecordValue>;
}

/** The data of a case. Texts are converted by the types of the module's fields; what does not fit stays text. */
export function caseData(one: MapTestCase, module: ModuleDefinition | undefined, readField: ReadField): CaseData {
  const given = fieldValues(one.record, module, readField);
  const empty = Object.fromEntries((module?.fields ?? []).map(({ name }) => [name, null]));
  const { id = `${module?.prefix ?? '1'}x1`, ...fields } = given;
  const values = { ...empty, ...fields };
  const stamp = { createdAt: one.time.now, modifiedAt: one.time.now, createdBy: '19x1', modifiedBy: '19x1' };
  return {
    record: { ...values, id },
    image: { id: String(id), module: module?.name ?? '', version: 1, values, ...stamp },
    // Only what differed need be said.
    previous: one.previous && { ...values, ...fieldValues(one.previous, module, readField) },
    context: Object.fromEntries(
      one.context.map(({ name, value, type }) => [name.value, convertValue(value.value, type, name.value)]),
    ),
    behindReferences: new Map(
      one.record
        .filter(({ name }) => name.value.includes('.'))
        .map(({ name, value }) => [name.value, value?.value ?? null]),
    ),
  };
}

function fieldValues(
  given: readonly GivenField[],
  module: ModuleDefinition | undefined,
  readField: ReadField,
): Record<string, RecordValue> {
  const values: Record<string, RecordValue> = {};
  for (const { name, value } of given) {
    if (name.value.includes('.')) continue;
    const field = module?.fields.find((candidate) => candidate.name === name.value);
    const reading = field === undefined || value === undefined ? undefined : readField(field, value.value);
    values[name.value] = reading?.ok === true ? reading.value : (value?.value ?? null);
  }
  return values;
}

/** The module that the values of a map's record belong to; undefined when none is named or known. */
export function moduleOf(map: CompiledMap, catalog: Catalog): ModuleDefinition | undefined {
  return map.document.module && catalog.modules.get(map.document.module.value);
}

/**
 * The settings a case has: its own, and made-up ones for what the request reads besides, so that a case need only give
 * those that matter to it.
 */
export function caseSettings(one: MapTestCase, map: CompiledMap): Readonly<Record<string, string>> {
  return { ...madeUpSettings(map), ...Object.fromEntries(one.settings) };
}

/** A stand-in for each setting that the map's request reads. */
export function madeUpSettings(map: CompiledMap): Readonly<Record<string, string>> {
  const origin = (map.document.call.url ?? map.service?.document.url)?.value ?? '';
  return Object.fromEntries(namesOf(map, 'setting').map((name) => [name, madeUpSetting(name, origin)]));
}

/** A host has to look like one; any other setting says what it is. */
function madeUpSetting(name: string, origin: string): string {
  const host = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-')}.example`;
  const at = origin.indexOf(name);
  const before = at === -1 ? '/' : origin.slice(0, at);
  if (!before.includes('/')) return `https://${host}`;
  return /^[a-z]+:\/\/[^/]*$/iu.test(before) ? host : `setting-${name}`;
}

/** The secrets a case has; those that it does not give are made up. */
export function caseSecrets(one: MapTestCase, map: CompiledMap): ReadonlyMap<string, string> {
  return new Map([...madeUpSecrets(map), ...one.secrets]);
}

/** A stand-in for each secret that the map's request reads. */
export function madeUpSecrets(map: CompiledMap): ReadonlyMap<string, string> {
  return new Map(namesOf(map, 'secret').map((name) => [name, `secret-${name}`]));
}

function namesOf(map: CompiledMap, root: 'setting' | 'secret'): string[] {
  const references = mapSources(map, map.service).flatMap((source) => source.references);
  return references.filter((reference) => reference.root === root).map(({ path }) => path.join('.'));
}
