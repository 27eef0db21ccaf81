import type { JsonObject } from '../../core/json.ts';
import { recordNumber } from '../../core/record.ts';
import { memberOf } from '../output-path.ts';
import type { LegacyEnvironment } from './environment.ts';
import type { LegacyFieldType } from './services.ts';
import { isTruthy, type LegacyValue, toLegacyText } from './value.ts';

/** A record that a reference of another one leads to. */
export interface ReferredRecord {
  readonly id: string;
  readonly module: string;
  /** Values as the database has them. */
  readonly fields: JsonObject;
  fieldType(name: string): LegacyFieldType | undefined;
}

/** A field reached through a reference, as `$(account_id : (Accounts) accountname)` says it. */
export interface ReferencePath {
  readonly reference: string;
  readonly module: string;
  readonly field: string;
}

/** What stands for the user behind a reference that leads to a group: each of its members. */
const USERS = 'Users';

/**
 * The records behind a reference: one, or for `Users` and a reference to a group its members. None when the reference is
 * empty, when its record is gone, and when it leads to another module.
 */
export async function readReferred(
  environment: LegacyEnvironment,
  { reference, module }: Pick<ReferencePath, 'reference' | 'module'>,
): Promise<readonly ReferredRecord[]> {
  const id = referenceId(environment, memberOf(environment.record, reference), module);
  if (id === undefined) return [];
  if (module !== USERS) return oneOrNone(await readRow(environment, id, module));
  const user = await readUser(environment, id);
  if (user !== undefined) return [user];
  const members = await environment.services.people.membersOf(id);
  const users = await Promise.all(members.map((member) => readUser(environment, member)));
  return users.filter((member) => member !== undefined);
}

/** A value of a referred record; undefined when it has no such field. Besides its fields: `id`, `record_id`, `record_module`. */
export function referredValue(record: ReferredRecord, field: string): LegacyValue | undefined {
  const own = memberOf(record.fields, field);
  if (own !== undefined) return own;
  if (field === 'record_id') return String(recordNumber(record.id) ?? '');
  if (field === 'record_module') return record.module;
  return field === 'id' ? record.id : undefined;
}

/** The environment in which an expression sees the referred record as its own. */
export function environmentOn(record: ReferredRecord, environment: LegacyEnvironment): LegacyEnvironment {
  const on: LegacyEnvironment = {
    ...environment,
    mode: 'record',
    recordId: record.id,
    module: record.module,
    record: record.fields,
    fieldType: (name) => record.fieldType(name),
    async field(name) {
      const value = referredValue(record, name);
      const type = record.fieldType(name);
      if ((type !== 'reference' && type !== 'owner') || typeof value !== 'string' || value === '') return value;
      return (await environment.services.records.displayName(value)) ?? value;
    },
    async related({ field, module, target }) {
      const [found] = await readReferred(on, { reference: field, module });
      return found === undefined ? undefined : referredValue(found, target);
    },
  };
  return on;
}

function oneOrNone<T>(found: T | undefined): readonly T[] {
  return found === undefined ? [] : [found];
}

/** The id in a reference; a bare record number gets the module's prefix. Undefined for an empty reference. */
function referenceId(
  { services }: LegacyEnvironment,
  value: LegacyValue | undefined,
  module: string,
): string | undefined {
  const text = toLegacyText(value ?? '').trim();
  if (!isTruthy(text)) return undefined;
  if (!/^\d+$/u.test(text)) return recordNumber(text) === undefined ? undefined : text;
  const prefix = services.records.module(module)?.prefix;
  return prefix === undefined ? undefined : `${prefix}x${text}`;
}

async function readRow(
  { services }: LegacyEnvironment,
  id: string,
  module: string,
): Promise<ReferredRecord | undefined> {
  const row = await services.records.read(id);
  if (row?.module !== module) return undefined;
  const fields = services.records.module(module)?.fields;
  return { id, module, fields: row.fields, fieldType: (name) => fields?.get(name)?.type };
}

async function readUser(environment: LegacyEnvironment, id: string): Promise<ReferredRecord | undefined> {
  const user = await environment.services.people.user(id);
  const row = await readRow(environment, id, USERS);
  if (user === undefined) return row;
  return { id, module: USERS, fields: { ...user.fields, ...row?.fields }, fieldType: (name) => row?.fieldType(name) };
}
