import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { changedFields } from '../core/record.ts';
import type { RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import { requireChoices } from '../crm/choice.ts';
import { readRunFields, requireMandatory, revisedValues } from '../crm/element.ts';
import { readFieldValue } from '../crm/field-value.ts';
import type { ApplicationRecord, ApplicationRecords } from './application-records.ts';
import type { HostPatience } from './host-patience.ts';

/** What a host on the application's records is made of. */
export interface ApplicationHostParts {
  readonly records: ApplicationRecords;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly patience: HostPatience;
}

const LONGEST_PATH = 8;

/** The record host of an application that keeps its own records. */
export function createApplicationHost(parts: ApplicationHostParts): RecordHost {
  const { records, patience } = parts;
  const read = async (id: string): Promise<RecordImage | undefined> => {
    const found = await patience.insist(`read record ${id}`, () => records.read(id));
    return found === undefined ? undefined : imageOf(parts, id, found);
  };
  const fieldThrough: RecordHost['fieldThrough'] = async (image, path) => {
    const [name, ...rest] = path;
    if (name === undefined || path.length > LONGEST_PATH) return undefined;
    const value = name === 'id' ? image.id : image.values[name];
    if (rest.length === 0 || value === undefined) return value;
    const behind = typeof value === 'string' ? await read(value) : undefined;
    return behind === undefined ? null : fieldThrough(behind, rest);
  };
  return {
    read,
    fieldThrough,
    decideUpdate: async (params) => decideUpdate(parts, params),
    async displayName(id) {
      if (records.displayName !== undefined) return records.displayName(id);
      const image = await read(id);
      const title = image && parts.modules().get(image.module)?.title;
      return title === undefined ? undefined : String(image?.values[title] ?? '');
    },
    write({ module, id, basedOn, values, changed, actor }, options) {
      const fields = Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
      const write = { module, id, fields, basedOn, run: actor.run ?? 0, task: actor.task };
      return patience.insist(`write record ${id}`, () => records.apply(write, options));
    },
  };
}

/** Values of the application as its module declares them. Throws RECORD_INVALID for one that its field cannot hold. */
export function valuesOf(module: ModuleDefinition, id: string, values: JsonObject): RecordValues {
  return Object.fromEntries(
    module.fields.map(({ name, type }): [string, RecordValue] => {
      const reading = readFieldValue(type, values[name] ?? null);
      if (reading.ok) return [name, reading.value];
      const message = `the application's record ${id} of ${module.name} does not fit: ${name} ${reading.problem}`;
      throw new MapwrightError('RECORD_INVALID', message, { hint: "correct the value, or the field's type" });
    }),
  );
}

function imageOf(
  parts: ApplicationHostParts,
  id: string,
  { module, values, version = 1 }: ApplicationRecord,
): RecordImage {
  const definition = parts.modules().get(module);
  if (definition === undefined) {
    const message = `the application says that record ${id} is of module "${module}", which no document declares`;
    throw new MapwrightError('RECORD_INVALID', message, { hint: 'give a <module> document of that name' });
  }
  const stamps = { createdAt: 0, modifiedAt: 0, createdBy: '', modifiedBy: '' };
  return { id, module, version, values: valuesOf(definition, id, values), ...stamps };
}

function decideUpdate(
  { modules }: ApplicationHostParts,
  { image, fields, actor }: Parameters<RecordHost['decideUpdate']>[0],
): Awaited<ReturnType<RecordHost['decideUpdate']>> {
  const module = modules().get(image.module);
  if (module === undefined) throw new MapwrightError('RECORD_INVALID', `There is no module ${image.module} any more`);
  const given = readRunFields(module, fields);
  const values = revisedValues(module, image.values, given);
  requireGiven(module, given, values);
  requireChoices(module.fields, values, image.values);
  const changed = changedFields(image.values, values);
  if (changed.length === 0) return undefined;
  return { kind: 'update', module: module.name, id: image.id, basedOn: image.version, values, changed, actor };
}

function requireGiven(module: ModuleDefinition, given: RecordValues, values: RecordValues): void {
  try {
    requireMandatory(
      module.fields.filter(({ name }) => Object.hasOwn(given, name)),
      values,
    );
  } catch (cause) {
    if (cause instanceof MapwrightError) throw new MapwrightError('RECORD_INVALID', cause.message, { cause });
    throw cause;
  }
}
