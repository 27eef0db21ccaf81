import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import type { Actor, RecordId, RecordImage } from '../core/record.ts';
import { requireChoices } from './choice.ts';
import { newRecordValues, readElement, replacedValues, requireMandatory, revisedValues } from './element.ts';
import { accessDenied, idInvalid } from './record-error.ts';
import { readRecord, requireReferences } from './reference.ts';
import { withFiles } from './file-field.ts';
import type { Directory } from './reference.ts';

/** Values that might be saved. */
export interface ValidationRequest {
  /** Empty for a record that is there already: its id says it. */
  readonly module: string;
  /** Empty for a new record. */
  readonly id: RecordId;
  readonly element: JsonObject;
  /** True: the element is the whole record, and what it leaves out is cleared. */
  readonly whole?: boolean;
  readonly actor: Actor;
}

/** Problems of values, by the names of their fields; none when they could be saved. */
export type ValidationProblems = Readonly<Record<string, readonly string[]>>;

/**
 * All that saving these values would be refused for, field by field; nothing is saved.
 * Rejects with ACCESS_DENIED for an unknown module or record, INVALID_ID_ATTRIBUTE for an id of another module.
 */
export async function validateRecord(directory: Directory, request: ValidationRequest): Promise<ValidationProblems> {
  const image = request.id === '' ? undefined : await readRecord(directory, request.id);
  if (request.id !== '' && image === undefined) throw accessDenied();
  const name = request.module === '' && image !== undefined ? image.module : request.module;
  const module = directory.modules().get(name);
  if (module === undefined) throw accessDenied(name);
  if (image !== undefined && image.module !== module.name) throw idInvalid();
  const isPart = image !== undefined && request.whole !== true;
  const judged = module.fields.filter(
    (field) => !field.readOnly && (!isPart || Object.hasOwn(request.element, field.name)),
  );
  const problems: Record<string, string[]> = {};
  for (const field of judged) {
    const problem = await problemOf(directory, { ...module, fields: [field] }, { field, image, request });
    if (problem !== undefined) problems[field.name] = [problem];
  }
  return problems;
}

/** What is wrong with one field, judged as the only one of its module. */
async function problemOf(
  directory: Directory,
  module: ModuleDefinition,
  {
    field,
    image,
    request,
  }: {
    readonly field: FieldDefinition;
    readonly image: RecordImage | undefined;
    readonly request: ValidationRequest;
  },
): Promise<string | undefined> {
  const before = image?.values;
  try {
    const given = await withFiles(directory.holdFile, module, readElement(module, request.element));
    const replaced = request.whole === true ? replacedValues : revisedValues;
    const after =
      before === undefined ? newRecordValues(module, given, request.actor.user) : replaced(module, before, given);
    requireMandatory([field], after);
    requireChoices([field], after, before);
    if (before?.[field.name] !== after[field.name]) await requireReferences(directory, [field], after);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof MapwrightError && VALIDATION_CODES.has(thrown.code)) return thrown.message;
    throw thrown;
  }
}

const VALIDATION_CODES = new Set(['MANDATORY_FIELDS_MISSING', 'RECORD_INVALID', 'REFERENCE_INVALID']);
