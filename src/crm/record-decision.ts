import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import { changedFields } from '../core/record.ts';
import type { Actor, RecordChange, RecordId, RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { RecordWrite, UnmatchedRecords } from '../core/unit-of-work.ts';
import { requireChoices } from './choice.ts';
import { withFiles } from './file-field.ts';
import { newRecordValues, readElement, readRunFields } from './element.ts';
import { replacedValues, requireMandatory, revisedValues } from './element.ts';
import { accessDenied } from './record-error.ts';
import { moduleOfId, readRecord, requireReferences } from './reference.ts';
import type { Directory } from './reference.ts';

/** A change as decided on the record read for it. `change` is undefined when nothing differs. */
export interface Decision {
  readonly change: RecordChange | undefined;
  /** The version decided on; 0 for a creation. */
  readonly basedOn: number;
  /** The record as it will be; for a deletion as it was. */
  readonly image: RecordImage;
  /** What the decision rests on the absence of. */
  readonly unmatched?: UnmatchedRecords;
}

/** Who decides, and when (milliseconds since the epoch). */
export interface DecisionStamp {
  readonly actor: Actor;
  readonly at: number;
}

/** Decides a new record. Rejects with RECORD_INVALID, MANDATORY_FIELDS_MISSING or REFERENCE_INVALID. */
export async function decideCreation(
  directory: Directory,
  params: {
    readonly module: ModuleDefinition;
    readonly element: JsonObject;
    readonly allocateId: () => Promise<RecordId>;
  },
  { actor, at }: DecisionStamp,
): Promise<Decision> {
  const { module } = params;
  const given = await withFiles(directory.holdFile, module, readElement(module, params.element));
  const after = newRecordValues(module, given, actor.user);
  await requireValidCreation(directory, module, { after, actor });
  const id = await params.allocateId();
  const changed = Object.keys(after).filter((name) => after[name] !== null);
  const stamps = { createdAt: at, modifiedAt: at, createdBy: actor.user, modifiedBy: actor.user };
  return {
    change: { kind: 'create', module: module.name, id, before: undefined, after, changed, actor },
    basedOn: 0,
    image: { id, module: module.name, version: 1, values: after, ...stamps },
  };
}

/**
 * Decides what `update` (the whole record) or `revise` (the fields named) makes of a record.
 * Rejects like `decideCreation`, and with ACCESS_DENIED when there is no such record.
 */
export async function decideChange(
  directory: Directory,
  params: { readonly operation: 'update' | 'revise'; readonly id: RecordId; readonly element: JsonObject },
  { actor, at }: DecisionStamp,
): Promise<Decision> {
  return decideChangeOf(directory, { ...params, ...(await requireRecord(directory, params.id)) }, { actor, at });
}

/** Decides like `decideChange` on an image at hand. */
export async function decideChangeOf(
  directory: Directory,
  params: {
    readonly operation: 'update' | 'revise';
    readonly module: ModuleDefinition;
    readonly image: RecordImage;
    readonly element: JsonObject;
  },
  { actor, at }: DecisionStamp,
): Promise<Decision> {
  const { module, image } = params;
  const given = await withFiles(directory.holdFile, module, readElement(module, params.element));
  const whole = params.operation === 'update';
  const after = (whole ? replacedValues : revisedValues)(module, image.values, given);
  const judged = whole ? writableFields(module) : givenFields(module, given);
  const change = await validatedUpdate(directory, { image, after, judged, actor });
  const stamps = { version: image.version + 1, modifiedAt: at, modifiedBy: actor.user };
  return {
    change,
    basedOn: image.version,
    image: change === undefined ? image : { ...image, ...stamps, values: after },
  };
}

/** Decides a deletion. Rejects with ACCESS_DENIED when there is no such record. */
export async function decideDeletion(directory: Directory, id: RecordId, actor: Actor): Promise<Decision> {
  const { image } = await requireRecord(directory, id);
  const { module, values } = image;
  return {
    change: { kind: 'delete', module, id, before: image, after: values, changed: [], actor },
    basedOn: image.version,
    image,
  };
}

/** Decides what a run writes on this image; undefined when nothing differs. Rejects with RECORD_INVALID. */
export async function decideRunUpdate(
  directory: Directory,
  params: {
    readonly image: RecordImage;
    readonly fields: Readonly<Record<string, RecordValue>>;
    readonly actor: Actor;
  },
): Promise<RecordWrite | undefined> {
  const { image, actor } = params;
  const module = directory.modules().get(image.module);
  if (module === undefined) throw new MapwrightError('RECORD_INVALID', `There is no module ${image.module} any more`);
  const given = await withFiles(directory.holdFile, module, readRunFields(module, params.fields));
  const after = revisedValues(module, image.values, given);
  const judged = givenFields(module, given);
  const change = await validatedUpdate(directory, { image, after, judged, actor }).catch(asRecordInvalid);
  return change === undefined ? undefined : writeOf(change, image.version);
}

/** Decides a record that a run creates. Rejects with RECORD_INVALID. */
export async function decideRunCreation(
  directory: Directory,
  params: {
    readonly module: ModuleDefinition;
    readonly fields: Readonly<Record<string, RecordValue>>;
    readonly actor: Actor;
    readonly allocateId: () => Promise<RecordId>;
  },
): Promise<RecordWrite> {
  const { module, actor } = params;
  const given = await withFiles(directory.holdFile, module, readRunFields(module, params.fields));
  const values = newRecordValues(module, given, actor.user);
  await requireValidCreation(directory, module, { after: values, actor }).catch(asRecordInvalid);
  const changed = Object.keys(values).filter((name) => values[name] !== null);
  return { kind: 'create', module: module.name, id: await params.allocateId(), basedOn: 0, values, changed, actor };
}

/** The write that makes this change, on the version it was decided on. */
export function writeOf(change: RecordChange, basedOn: number): RecordWrite {
  const { kind, module, id, after, changed, actor } = change;
  return { kind, module, id, basedOn, values: after, changed, actor };
}

async function requireValidCreation(
  directory: Directory,
  module: ModuleDefinition,
  { after, actor }: { readonly after: RecordValues; readonly actor: Actor },
): Promise<void> {
  requireMandatory(writableFields(module), after);
  requireChoices(module.fields, after, undefined);
  // Whoever acts may own what it makes; runs act for a user who may have become inactive.
  const judged = module.fields.filter(({ name, type }) => type !== 'owner' || after[name] !== actor.user);
  await requireReferences(directory, judged, after);
}

async function validatedUpdate(
  directory: Directory,
  params: {
    readonly image: RecordImage;
    readonly after: RecordValues;
    readonly judged: readonly FieldDefinition[];
    readonly actor: Actor;
  },
): Promise<RecordChange | undefined> {
  const { image, after, judged, actor } = params;
  requireMandatory(judged, after);
  const changed = changedFields(image.values, after);
  // A reference that was right when it was written stays, even when its record is gone by now.
  const differing = judged.filter((field) => changed.includes(field.name));
  requireChoices(differing, after, image.values);
  await requireReferences(directory, differing, after);
  if (changed.length === 0) return undefined;
  return { kind: 'update', module: image.module, id: image.id, before: image, after, changed, actor };
}

/** Clients answer for what they may write; a read-only field is filled by a run, later. */
function writableFields(module: ModuleDefinition): readonly FieldDefinition[] {
  return module.fields.filter((field) => !field.readOnly);
}

function givenFields(module: ModuleDefinition, given: RecordValues): readonly FieldDefinition[] {
  return module.fields.filter((field) => Object.hasOwn(given, field.name));
}

function asRecordInvalid(error: unknown): never {
  const isValidation = error instanceof MapwrightError && VALIDATION_CODES.has(error.code);
  throw isValidation ? new MapwrightError('RECORD_INVALID', error.message, { cause: error }) : error;
}

const VALIDATION_CODES = new Set(['MANDATORY_FIELDS_MISSING', 'REFERENCE_INVALID']);

async function requireRecord(
  directory: Directory,
  id: RecordId,
): Promise<{ readonly module: ModuleDefinition; readonly image: RecordImage }> {
  const module = moduleOfId(directory, id);
  const image = await readRecord(directory, id);
  if (module === undefined || image === undefined) throw accessDenied();
  return { module, image };
}
