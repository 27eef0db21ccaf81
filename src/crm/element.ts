import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import type { RecordValue, RecordValues } from '../core/record.ts';
import { emptyValues } from '../core/record-store.ts';
import { checkFieldValue, quote, readFieldValue } from './field-value.ts';
import { mandatoryMissing, recordInvalid } from './record-error.ts';

/**
 * The values a client gives for a module's fields. Unknown and read-only fields are left out.
 * Throws RECORD_INVALID for a value that its field cannot keep.
 */
export function readElement(module: ModuleDefinition, element: JsonObject): RecordValues {
  const writable = module.fields.filter((field) => !field.readOnly && Object.hasOwn(element, field.name));
  return Object.fromEntries(writable.map((field) => [field.name, readField(field, element)]));
}

/** The values a run gives; read-only fields may be written, an unknown field throws RECORD_INVALID. */
export function readRunFields(module: ModuleDefinition, fields: JsonObject): RecordValues {
  const read = Object.keys(fields).map((name) => {
    const field = module.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new MapwrightError('RECORD_INVALID', `${module.name} has no field ${quote(name)}`);
    return [name, readField(field, fields)] as const;
  });
  return Object.fromEntries(read);
}

/** All values of a new record: what was given, else the field's default; an owner that nobody named is `user`. */
export function newRecordValues(module: ModuleDefinition, given: RecordValues, user: string): RecordValues {
  const values = module.fields.map((field) => [field.name, given[field.name] ?? initialValue(field, user)] as const);
  return { ...emptyValues(module), ...Object.fromEntries(values) };
}

/** What `update` makes of a record: every field that clients may write gets what was given, or is cleared. */
export function replacedValues(module: ModuleDefinition, before: RecordValues, given: RecordValues): RecordValues {
  const values = module.fields.map((field) => {
    // A record always keeps its owner, and a client cannot clear what it cannot write.
    const kept = field.readOnly || (field.type === 'owner' && !Object.hasOwn(given, field.name));
    return [field.name, (kept ? before[field.name] : given[field.name]) ?? null] as const;
  });
  return Object.fromEntries(values);
}

/** The values before with some replaced, in the order of the module; a field new to the module is empty. */
export function revisedValues(module: ModuleDefinition, before: RecordValues, given: RecordValues): RecordValues {
  return Object.fromEntries(
    module.fields.map((field) => {
      const value = Object.hasOwn(given, field.name) ? given[field.name] : before[field.name];
      return [field.name, value ?? null] as const;
    }),
  );
}

/** Throws MANDATORY_FIELDS_MISSING for the first of the fields that is mandatory and empty. */
export function requireMandatory(fields: readonly FieldDefinition[], values: RecordValues): void {
  const missing = fields.find((field) => field.mandatory && (values[field.name] ?? null) === null);
  if (missing !== undefined) throw mandatoryMissing(missing);
}

function readField(field: FieldDefinition, given: JsonObject): RecordValue {
  const reading = readFieldValue(field.type, given[field.name] ?? null);
  if (!reading.ok) throw recordInvalid(field, reading.problem);
  const problem = checkFieldValue(field, reading.value);
  if (problem !== undefined) throw recordInvalid(field, problem);
  return reading.value;
}

function initialValue(field: FieldDefinition, user: string): RecordValue {
  if (field.defaultValue !== undefined) return readField(field, { [field.name]: field.defaultValue });
  return field.type === 'owner' ? user : null;
}
