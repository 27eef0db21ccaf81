import { changeOptions, elementOf } from './change-request.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { namedRecord } from './record-answer.ts';

/**
 * `upsert(elementType, element, searchOn, updatedfields)`: the record that has the element's values in the fields of
 * the comma list `searchOn` gets the fields of the comma list `updatedfields`, or all of the element's when that is
 * empty; when none has them it is created from the whole element. Answers the whole record, with names as `revise` does.
 */
export async function upsert(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const updated = listOf(call, 'updatedfields');
  const image = await parts.crm.upsert({
    ...changeOptions(call),
    module: call.parameters.text('elementType') ?? '',
    element: elementOf(call),
    searchOn: listOf(call, 'searchOn'),
    updated: updated.length === 0 ? undefined : updated,
  });
  return namedRecord(parts, image);
}

function listOf(call: SessionCall, parameter: string): readonly string[] {
  const names = (call.parameters.text(parameter) ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}
