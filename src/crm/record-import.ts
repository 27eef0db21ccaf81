import type { JsonObject } from '../core/json.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import { changedFields } from '../core/record.ts';
import type { Actor, RecordChange, RecordId, RecordImage, RecordValues } from '../core/record.ts';
import { requireChoices } from './choice.ts';
import { withoutFiles } from './file-field.ts';
import { newRecordValues, readRunFields, requireMandatory, revisedValues } from './element.ts';
import type { Decision } from './record-decision.ts';

/** A record that was made elsewhere, and what it is here. */
export interface ImportedRecord {
  readonly module: ModuleDefinition;
  readonly id: RecordId;
  /** The record as it is here; undefined when it is new. */
  readonly image: RecordImage | undefined;
  /** Values as clients write them, of any of the module's fields. What they refer to is known to be there. */
  readonly values: JsonObject;
  /** Mandatory fields that may stay empty for now: what they refer to has not come yet. */
  readonly waiting: ReadonlySet<string>;
  /** When it was made, in milliseconds since the epoch; undefined: now. */
  readonly createdAt: number | undefined;
}

/**
 * Decides what an imported record makes of the one here. Read-only fields are written, and an owner may be somebody who
 * has left. Throws RECORD_INVALID or MANDATORY_FIELDS_MISSING.
 */
export function decideImport(imported: ImportedRecord, { actor, at }: { actor: Actor; at: number }): Decision {
  const { module, id, image, waiting } = imported;
  const given = readRunFields(module, withoutFiles(module, imported.values));
  const after = image === undefined ? newValues(module, given, actor) : revisedValues(module, image.values, given);
  const changed = changedFields(image?.values ?? {}, after);
  const judged = module.fields.filter(({ name }) => !waiting.has(name) && isJudged(imported, name));
  requireMandatory(
    judged.filter(({ readOnly }) => !readOnly),
    after,
  );
  requireChoices(
    judged.filter(({ name }) => changed.includes(name)),
    after,
    image?.values,
  );
  if (image !== undefined) return changeOf({ image, after, changed, actor, at });
  const createdAt = imported.createdAt ?? at;
  const stamps = { createdAt, modifiedAt: at, createdBy: actor.user, modifiedBy: actor.user };
  return {
    change: {
      kind: 'create',
      module: module.name,
      id,
      before: undefined,
      after,
      changed: filled(module, after),
      actor,
    },
    basedOn: 0,
    image: { id, module: module.name, version: 1, values: after, ...stamps },
  };
}

/** Unlike one that a person makes here, an imported record keeps its fields empty where they were. */
function newValues(module: ModuleDefinition, given: RecordValues, actor: Actor): RecordValues {
  const owner = ({ name, type }: FieldDefinition): boolean => type === 'owner' && given[name] === null;
  const owners = module.fields.filter(owner).map(({ name }) => [name, actor.user] as const);
  return { ...newRecordValues(module, given, actor.user), ...given, ...Object.fromEntries(owners) };
}

/** A change answers for what it changes. */
function isJudged({ image, values }: ImportedRecord, name: string): boolean {
  return image === undefined || Object.hasOwn(values, name);
}

function changeOf(params: {
  readonly image: RecordImage;
  readonly after: RecordValues;
  readonly changed: readonly string[];
  readonly actor: Actor;
  readonly at: number;
}): Decision {
  const { image, after, changed, actor, at } = params;
  if (changed.length === 0) return { change: undefined, basedOn: image.version, image };
  const change: RecordChange = {
    kind: 'update',
    module: image.module,
    id: image.id,
    before: image,
    after,
    changed,
    actor,
  };
  const stamps = { version: image.version + 1, modifiedAt: at, modifiedBy: actor.user };
  return { change, basedOn: image.version, image: { ...image, ...stamps, values: after } };
}

function filled(module: ModuleDefinition, values: RecordValues): string[] {
  return module.fields.map(({ name }) => name).filter((name) => (values[name] ?? null) !== null);
}
