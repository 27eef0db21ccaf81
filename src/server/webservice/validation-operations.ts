import type { JsonObject } from '../../core/json.ts';
import { elementOf } from './change-request.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { invalidParameter } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { create, revise, update } from './record-operations.ts';

/**
 * `ValidateInformation(context)`: true when a record could be saved so, else no success and the problems by field.
 * The context holds the values, the `module` and the `record` that is changed (its id, or its number; empty for a new one).
 */
export async function validateInformation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const context = call.parameters.object('context', 'INVALID_PARAMETER');
  if (context === undefined) throw invalidParameter('Parameter context is missing or empty');
  const { module: name, record, ...element } = context;
  if (record === undefined) throw invalidParameter('Parameter context names no record: leave it empty for a new one');
  const module = typeof name === 'string' ? name : '';
  const prefix = parts.modules().get(module)?.prefix ?? '';
  const text = record === null || typeof record === 'object' ? '' : String(record);
  const id = /^[0-9]+$/u.test(text) && prefix !== '' ? `${prefix}x${text}` : text;
  return validated(parts, call, { module, id, element });
}

/** `CreateWithValidation(elementType, element)`: as `create` when the values are right, else as `ValidateInformation`. */
export async function createWithValidation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const module = call.parameters.text('elementType') ?? '';
  const answer = await validated(parts, call, { module, id: '', element: elementOf(call) });
  return answer.failed === true ? answer : create(parts, call);
}

/** `UpdateWithValidation(element)`: the same with `update`. */
export async function updateWithValidation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const answer = await validated(parts, call, { ...changed(call), whole: true });
  return answer.failed === true ? answer : update(parts, call);
}

/** `ReviseWithValidation(element)`: the same with `revise`. */
export async function reviseWithValidation(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const answer = await validated(parts, call, changed(call));
  return answer.failed === true ? answer : revise(parts, call);
}

interface Validated {
  readonly module: string;
  /** Empty for a new record. */
  readonly id: string;
  readonly element: JsonObject;
  readonly whole?: boolean;
}

function changed(call: SessionCall): Validated {
  const element = elementOf(call);
  return { module: '', id: String(element['id'] ?? ''), element };
}

async function validated(parts: OperationParts, call: SessionCall, given: Validated): Promise<OperationAnswer> {
  const problems = await parts.crm.validate({ ...given, actor: { user: call.user.id } });
  return Object.keys(problems).length === 0 ? { result: true } : { result: problems, failed: true };
}
