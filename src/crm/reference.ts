import { fileIn, isFileMember } from '../core/file-store.ts';
import { GROUPS, groupValues, USERS, userValues } from '../core/identity-module.ts';
import { personName } from '../core/identity-store.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import { GROUPS_PREFIX, USERS_PREFIX } from '../core/module.ts';
import { recordNumber, recordPrefix } from '../core/record.ts';
import type { RecordId, RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import { formatDatetime } from './calendar.ts';
import type { HoldFile } from './file-field.ts';
import { referenceInvalid } from './record-error.ts';

/** Where records, users and groups are found by their ids. */
export interface Directory {
  readonly store: Pick<RecordStore, 'read'>;
  readonly identities: Pick<IdentityStore, 'userById' | 'groupById'>;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  /** Undefined where no files are stored: fields of that type take none then. */
  readonly holdFile?: HoldFile | undefined;
}

/** The module whose ids start like this one; undefined when there is none. */
export function moduleOfId(directory: Directory, id: RecordId): ModuleDefinition | undefined {
  const prefix = recordPrefix(id);
  for (const module of directory.modules().values()) if (module.prefix === prefix) return module;
  return undefined;
}

/** The record with this id; undefined when the id is malformed or names none. */
export async function readRecord(directory: Directory, id: RecordId): Promise<RecordImage | undefined> {
  const module = recordNumber(id) === undefined ? undefined : moduleOfId(directory, id);
  return module === undefined ? undefined : directory.store.read(module, id);
}

/** Rejects with REFERENCE_INVALID when one of the fields points at a record, a group or an active user that is not there. */
export async function requireReferences(
  directory: Directory,
  fields: readonly FieldDefinition[],
  values: RecordValues,
): Promise<void> {
  for (const field of fields) {
    const id = values[field.name];
    if (!pointsSomewhere(field) || typeof id !== 'string') continue;
    if (!(await isValidTarget(directory, field, id))) throw referenceInvalid(field);
  }
}

/**
 * The value of a field, or of a field behind references: `['account_id', 'accountname']`. Behind an owner are the
 * fields of Users and of Groups: those of users are empty for a group, and the other way round. Null when a reference on
 * the way is empty or its record is gone; undefined when there is no such field.
 */
export async function readThrough(
  directory: Directory,
  image: RecordImage,
  path: readonly string[],
): Promise<RecordValue | undefined> {
  const [name, ...rest] = path.slice(0, LONGEST_PATH + 1);
  if (name === undefined || path.length > LONGEST_PATH) return undefined;
  const module = directory.modules().get(image.module);
  const value = ownValue(module, image, name);
  if (rest.length === 0 || value === undefined) return value;
  const field = module?.fields.find((candidate) => candidate.name === name);
  if (field?.type === 'file') return fileMember(value, rest);
  if (field === undefined || !pointsSomewhere(field)) return undefined;
  return typeof value === 'string' ? readBehind(directory, value, rest) : null;
}

const LONGEST_PATH = 8;

function pointsSomewhere(field: FieldDefinition): boolean {
  return field.type === 'reference' || field.type === 'owner';
}

async function isValidTarget(directory: Directory, field: FieldDefinition, id: RecordId): Promise<boolean> {
  if (recordNumber(id) === undefined) return false;
  const kind = identityKindOf(id);
  if (kind !== undefined) {
    const allowed = field.type === 'owner' || (field.references?.includes(kind.name) ?? false);
    return allowed && (await isActive(directory, id));
  }
  const module = field.type === 'owner' ? undefined : moduleOfId(directory, id);
  const allowed = module !== undefined && (field.references?.includes(module.name) ?? false);
  return allowed && (await directory.store.read(module, id)) !== undefined;
}

function ownValue(module: ModuleDefinition | undefined, image: RecordImage, name: string): RecordValue | undefined {
  if (module?.fields.some((field) => field.name === name) === true) return image.values[name] ?? null;
  if (name === 'id') return image.id;
  if (name === 'createdtime') return formatDatetime(image.createdAt);
  return name === 'modifiedtime' ? formatDatetime(image.modifiedAt) : undefined;
}

/** What is known of a file that a field holds; null when it holds none. */
function fileMember(value: RecordValue, [member = '', ...more]: readonly string[]): RecordValue | undefined {
  if (more.length > 0 || !isFileMember(member)) return undefined;
  return fileIn(value)?.[member] ?? null;
}

async function readBehind(
  directory: Directory,
  id: RecordId,
  path: readonly string[],
): Promise<RecordValue | undefined> {
  if (identityKindOf(id) !== undefined) return path.length === 1 ? readIdentity(directory, id, path[0]) : undefined;
  const image = await readRecord(directory, id);
  return image === undefined ? null : readThrough(directory, image, path);
}

/** Users or Groups when this is an id of theirs. */
function identityKindOf(id: RecordId): ModuleDefinition | undefined {
  const prefix = recordPrefix(id);
  if (prefix === USERS_PREFIX) return USERS;
  return prefix === GROUPS_PREFIX ? GROUPS : undefined;
}

async function isActive(directory: Directory, id: RecordId): Promise<boolean> {
  const user = await directory.identities.userById(id);
  return user?.active ?? (await directory.identities.groupById(id)) !== undefined;
}

async function readIdentity(
  directory: Directory,
  id: RecordId,
  name: string | undefined,
): Promise<RecordValue | undefined> {
  const user = await directory.identities.userById(id);
  const group = user === undefined ? await directory.identities.groupById(id) : undefined;
  if (name === 'id') return user?.id ?? group?.id ?? null;
  // An expression asks a truth value, where the wire has `on` and `off`.
  if (name === 'is_admin') return user?.admin ?? null;
  if (![...USERS.fields, ...GROUPS.fields].some((field) => field.name === name)) return undefined;
  const values = { ...(user && userValues(user)), ...(group && groupValues(group)) };
  return values[name ?? ''] ?? null;
}

/** The title of a record, the full name of a user, the name of a group; undefined when the id names none. */
export async function readDisplayName(directory: Directory, id: RecordId): Promise<string | undefined> {
  if (identityKindOf(id) !== undefined) {
    const user = await directory.identities.userById(id);
    return user === undefined ? (await directory.identities.groupById(id))?.name : personName(user);
  }
  const image = await readRecord(directory, id);
  const title = image && directory.modules().get(image.module)?.title;
  return image === undefined || title === undefined ? undefined : String(image.values[title] ?? '');
}
