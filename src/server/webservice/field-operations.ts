import { describeFields } from './field-description.ts';
import { requireModule } from './description-operations.ts';
import { inTurns } from './mass-operations.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { idsOf, requireText } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { readName } from './reference-names.ts';

/** `getUItype(module)`: the number of each field's kind of input, under the names of the fields. */
export async function getUItype(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const module = requireModule(parts.modules(), requireText(call, 'module'));
  const fields = describeFields(module).filter(({ uitype }) => uitype !== undefined);
  return { result: Object.fromEntries(fields.map(({ name, uitype }) => [String(name), uitype ?? ''])) };
}

/** `getReferenceValue(id)`: module and name of each record of a list of ids, under its id; those that are gone are left out. */
export async function getReferenceValue(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const ids = idsOf(call, 'id');
  const names = await inTurns(ids, async (id) => [id, await readName(parts, id)] as const);
  const found = names.flatMap(([id, name]) => (name === undefined ? [] : [[id, { ...name, cbuuid: '' }] as const]));
  return { result: Object.fromEntries(found) };
}

/** `getMaxLoadSize()`: how many bytes one request may have. */
export async function getMaxLoadSize(parts: OperationParts): Promise<OperationAnswer> {
  return { result: parts.maxBodyBytes };
}
