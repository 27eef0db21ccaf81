import { toWireRow } from '../../crm/wire.ts';
import { changeOptions, elementOf } from './change-request.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { retrieveDocument } from './document-operations.ts';
import { retrievePerson } from './people-operations.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { namedRecord, plainRecord } from './record-answer.ts';

/** `create(elementType, element)`: the whole record. */
export async function create(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const module = call.parameters.text('elementType') ?? '';
  const image = await parts.crm.create({ ...changeOptions(call), module, element: elementOf(call) });
  return plainRecord(parts, image);
}

/** `retrieve(id)`: the whole record with the names of what it refers to; a user only to itself and administrators. */
export async function retrieve(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const id = call.parameters.text('id') ?? '';
  const special = (await retrievePerson(parts, call.user, id)) ?? (await retrieveDocument(parts, call.user, id));
  return special ?? namedRecord(parts, await parts.crm.retrieve(id));
}

/** `update(element)`: the record as a whole is replaced. */
export async function update(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const image = await parts.crm.update({ ...changeOptions(call), element: elementOf(call) });
  return plainRecord(parts, image);
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
  const text = call.parameters.text('query') ?? '';
  const answer = await parts.crm.query(text, call.user);
  const { select, records, total } = answer;
  const moreinfo = { totalrows: String(total) };
  if (select === 'count') return { result: [{ count: String(total) }], moreinfo };
  return { result: records.map((record) => toWireRow(answer, record)), moreinfo };
}
