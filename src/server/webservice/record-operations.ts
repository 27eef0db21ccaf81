import { MapwrightError } from '../../core/error.ts';
import type { User } from '../../core/identity-store.ts';
import type { JsonObject } from '../../core/json.ts';
import { USERS_PREFIX } from '../../core/module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { recordPrefix } from '../../core/record.ts';
import type { RecordImage } from '../../core/record.ts';
import type { ChangeOptions } from '../../crm/crm.ts';
import { accessDenied, idInvalid } from '../../crm/record-error.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { WireRecord } from '../../crm/wire.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { referenceNames } from './reference-names.ts';
import { toWireUser } from './user-record.ts';

/** `create(elementType, element)`: the whole record. */
export async function create(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const module = call.parameters.text('elementType') ?? '';
  const image = await parts.crm.create({ ...changeOptions(call), module, element: elementOf(call) });
  return { result: wireRecord(parts, image) };
}

/** `retrieve(id)`: the whole record with the names of what it refers to; a user only to itself and administrators. */
export async function retrieve(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const id = call.parameters.text('id') ?? '';
  if (recordPrefix(id) === USERS_PREFIX) return { result: await retrieveUser(parts, call.user, id) };
  return namedRecord(parts, await parts.crm.retrieve(id));
}

/** `update(element)`: the record as a whole is replaced. */
export async function update(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const image = await parts.crm.update({ ...changeOptions(call), element: elementOf(call) });
  return { result: wireRecord(parts, image) };
}

/** `revise(element)`: the fields given are changed; the whole record with the names of what it refers to. */
export async function revise(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const image = await parts.crm.revise({ ...changeOptions(call), element: elementOf(call) });
  return namedRecord(parts, image);
}

/** `delete(id)`. */
export async function deleteRecord(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  await parts.crm.delete({ ...changeOptions(call), id: call.parameters.text('id') ?? '' });
  return { result: { status: 'successful' } };
}

/** `query(query)`: the records found, and how many there are without the limit. */
export async function query(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const { module, select, records, total } = await parts.crm.query(call.parameters.text('query') ?? '');
  const moreinfo = { totalrows: String(total) };
  if (select === 'count') return { result: [{ count: String(total) }], moreinfo };
  return { result: records.map((image) => toWireRecord(module, image, select)), moreinfo };
}

async function retrieveUser(parts: OperationParts, asking: User, id: string): Promise<WireRecord> {
  if (!asking.admin && asking.id !== id) throw accessDenied();
  const user = await parts.identities.userById(id);
  if (user === undefined) throw idInvalid();
  return toWireUser(user);
}

async function namedRecord(parts: OperationParts, image: RecordImage): Promise<OperationAnswer> {
  const names = await referenceNames(parts, moduleOf(parts, image), image);
  return { result: { ...wireRecord(parts, image), ...names } };
}

function wireRecord(parts: OperationParts, image: RecordImage): WireRecord {
  return toWireRecord(moduleOf(parts, image), image);
}

function moduleOf(parts: OperationParts, image: RecordImage): ModuleDefinition {
  const module = parts.modules().get(image.module);
  if (module === undefined) throw accessDenied(image.module);
  return module;
}

/** The code is what clients of the protocol know; the message tells them what is really wrong. */
function elementOf(call: SessionCall): JsonObject {
  const element = call.parameters.object('element', 'MANDATORY_FIELDS_MISSING');
  if (element === undefined)
    throw new MapwrightError('MANDATORY_FIELDS_MISSING', 'Parameter element is missing or empty');
  return element;
}

function changeOptions(call: SessionCall): ChangeOptions {
  const actor = { user: call.user.id };
  const identifier = call.parameters.object('cbwsOptions', 'INVALID_PARAMETER')?.['ClientRequestIdentifier'];
  if (identifier === undefined || identifier === null || identifier === '') return { actor };
  if (typeof identifier !== 'string' && typeof identifier !== 'number') {
    throw new MapwrightError('INVALID_PARAMETER', 'ClientRequestIdentifier in cbwsOptions is no text');
  }
  return { actor, requestIdentifier: String(identifier) };
}
