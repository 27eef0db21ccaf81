import { isJsonObject } from '../../core/json.ts';
import type { BusinessRules } from '../../core/business-rules.ts';
import type { JsonObject } from '../../core/json.ts';
import { MapwrightError } from '../../core/error.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { invalidParameter, requireText } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/**
 * `cbRule(conditionid, context)`: what a rule says of a record (its id) or of values (a JSON object, which may name a
 * `record_id`).
 */
export async function cbRule(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const name = requireText(call, 'conditionid');
  const rules = rulesOf(parts, 'cbRule');
  const result = await rules.evaluate({ name, values: contextOf(call), user: call.user.id }).catch(asProtocolError);
  if (result === undefined) throw unknownMap(name);
  return { result };
}

/**
 * `ProcessMap(mapid, parameters)`: what a mapping makes of the record that `infields.record_id` names, on top of
 * `outfields`; or the values of an information map.
 */
export async function processMap(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const name = requireText(call, 'mapid');
  const given = call.parameters.object('parameters', 'INVALID_PARAMETER') ?? {};
  const infields = isJsonObject(given['infields']) ? given['infields'] : {};
  const outfields = isJsonObject(given['outfields']) ? given['outfields'] : {};
  const rules = rulesOf(parts, 'ProcessMap');
  const result = await rules.process({ name, values: infields, user: call.user.id }).catch(asProtocolError);
  if (result === undefined) throw unknownMap(name);
  return { result: isJsonObject(result) ? { ...outfields, ...result } : result };
}

function contextOf(call: SessionCall): JsonObject {
  const text = call.parameters.text('context')?.trim();
  if (text !== undefined && /^[0-9]+x[0-9]+$/u.test(text)) return { record_id: text };
  const values = call.parameters.object('context', 'INVALID_PARAMETER');
  if (values === undefined) throw invalidParameter('Parameter context is missing or empty');
  return values;
}

/** A document that cannot be evaluated is its author's matter, and the client is told why. */
function asProtocolError(thrown: unknown): never {
  if (!(thrown instanceof MapwrightError) || thrown.retryable || !EVALUATION.test(thrown.code)) throw thrown;
  throw new MapwrightError('INVALID_BUSINESSMAP', thrown.message, { cause: thrown });
}

const EVALUATION = /^(?:(?:EXPRESSION|LEGACY|RULE|MAPPING|PARAMETER|MODULE|FIELD)_|STORE_QUERY_INVALID$)/u;

function rulesOf({ rules }: OperationParts, operation: string): BusinessRules {
  if (rules !== undefined) return rules;
  throw new MapwrightError('OPERATION_NOT_SUPPORTED', `Operation ${operation} is not supported here`);
}

function unknownMap(name: string): MapwrightError {
  return new MapwrightError('INVALID_BUSINESSMAP', `There is no map of the kind asked for called ${name.slice(0, 60)}`);
}
