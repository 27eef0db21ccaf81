import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ChangeOptions } from '../../crm/crm.ts';
import type { SessionCall } from './operation.ts';

/**
 * The parameter `element`. Throws MANDATORY_FIELDS_MISSING, the code that clients of the protocol know, when it is
 * missing or no JSON object; the message tells what is really wrong.
 */
export function elementOf(call: SessionCall): JsonObject {
  const element = call.parameters.object('element', 'MANDATORY_FIELDS_MISSING');
  if (element === undefined)
    throw new MapwrightError('MANDATORY_FIELDS_MISSING', 'Parameter element is missing or empty');
  return element;
}

/** Who changes something, and the request's own identifier in `cbwsOptions`. Throws INVALID_PARAMETER. */
export function changeOptions(call: SessionCall): ChangeOptions {
  const actor = { user: call.user.id };
  const identifier = call.parameters.object('cbwsOptions', 'INVALID_PARAMETER')?.['ClientRequestIdentifier'];
  if (identifier === undefined || identifier === null || identifier === '') return { actor };
  if (typeof identifier !== 'string' && typeof identifier !== 'number') {
    throw new MapwrightError('INVALID_PARAMETER', 'ClientRequestIdentifier in cbwsOptions is no text');
  }
  return { actor, requestIdentifier: String(identifier) };
}
