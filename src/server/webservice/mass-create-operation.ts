import { isJsonObject } from '../../core/json.ts';
import type { Json } from '../../core/json.ts';
import type { ChangedRecord } from '../../crm/changed-record.ts';
import { changeOptions } from './change-request.ts';
import { attempt } from './mass-attempt.ts';
import type { Attempt } from './mass-attempt.ts';
import { failures, inTurns, massAnswer, successes } from './mass-operations.ts';
import { inOrderOfLinks, linkedValues, readNewElement } from './mass-create-element.ts';
import type { NewElement } from './mass-create-element.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { objectsOf } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { namedRecord } from './record-answer.ts';

/**
 * `MassCreate(elements)`: creates the records, first those that others refer to (`@{referenceId}`); one with `searchon`
 * changes the record that has its values in these fields. Not all or none: what fails is told beside what was created,
 * and the answer is no success then. Elements that cannot be put in order create nothing at all.
 */
export async function massCreate(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const elements = objectsOf(call, 'elements').map(readNewElement);
  const groups = inOrderOfLinks(elements);
  const ids = new Map<string, string>();
  const attempts: Attempt[] = [];
  for (const group of groups) {
    const made = await inTurns(group, (element) => attempt(() => createOne(parts, call, element, ids)));
    for (const [index, { referenceId }] of group.entries()) {
      const id = idOf(made[index]);
      if (referenceId !== '' && id !== undefined) ids.set(referenceId, id);
    }
    attempts.push(...made);
  }
  const ordered = groups.flat();
  const failed = failures(attempts, (index) => ({ record: ordered[index]?.given ?? {} }));
  return massAnswer({ success_creates: successes(attempts), failed_creates: failed }, failed);
}

async function createOne(
  parts: OperationParts,
  call: SessionCall,
  element: NewElement,
  ids: ReadonlyMap<string, string>,
): Promise<Json> {
  const { index, module, searchOn } = element;
  const change = { ...changeOptions(call, index), module, element: linkedValues(element, ids) };
  const image: ChangedRecord =
    searchOn.length === 0
      ? await parts.crm.create(change)
      : await parts.crm.upsert({ ...change, searchOn, updated: undefined });
  return (await namedRecord(parts, image)).result;
}

function idOf(made: Attempt | undefined): string | undefined {
  const id = made?.ok === true && isJsonObject(made.result) ? made.result['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
