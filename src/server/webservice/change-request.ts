import { MapwrightError } from '../../core/error.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import type { ChangeOptions } from '../../crm/crm.ts';
import type { OpenCall, SessionCall } from './operation.ts';

/** What a client asks for besides the operation itself. */
export interface RequestOptions {
  /** The request's own identifier: repeating it changes nothing more. */
  readonly identifier: string | undefined;
  /** Milliseconds after which the operation is to run, when it is not to run at once. */
  readonly queueDelayMs: number | undefined;
}

/** An element as JSON, also where the client wrote it as a JSON text; undefined when it is none. */
export function elementText(given: Json | undefined): Json | undefined {
  return typeof given === 'string' ? readJson(given) : given;
}

/**
 * The parameter `element`. Throws MANDATORY_FIELDS_MISSING, the code that clients of the protocol know, when it is
 * missing or no JSON object; the message tells what is really wrong.
 */
export function elementOf(call: OpenCall): JsonObject {
  const element = call.parameters.object('element', 'MANDATORY_FIELDS_MISSING');
  if (element === undefined)
    throw new MapwrightError('MANDATORY_FIELDS_MISSING', 'Parameter element is missing or empty');
  return element;
}

/** Who changes something, and the request's own identifier; `part` tells apart the changes of one request. */
export function changeOptions(call: SessionCall, part?: number): ChangeOptions {
  const actor = { user: call.user.id };
  const { identifier } = requestOptions(call);
  if (identifier === undefined) return { actor };
  return { actor, requestIdentifier: part === undefined ? identifier : `${identifier}#${part}` };
}

const LONGEST_DELAY_S = 30 * 24 * 3_600;

/** The parameter `cbwsOptions`. Throws INVALID_PARAMETER. */
export function requestOptions({ parameters }: OpenCall): RequestOptions {
  const options = parameters.object('cbwsOptions', 'INVALID_PARAMETER') ?? {};
  const { ClientRequestIdentifier: identifier, launchfromqueue, queuedelay } = options;
  const isQueued = launchfromqueue !== undefined && isTrue(launchfromqueue);
  return {
    identifier: identifierOf(identifier),
    queueDelayMs: isQueued ? delayOf(queuedelay) * 1_000 : undefined,
  };
}

function identifierOf(given: Json | undefined): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given === 'string' || typeof given === 'number') return String(given);
  throw new MapwrightError('INVALID_PARAMETER', 'ClientRequestIdentifier in cbwsOptions is no text');
}

function isTrue(given: Json): boolean {
  return given === true || given === 1 || given === '1' || given === 'true';
}

function delayOf(given: Json | undefined): number {
  if (given === undefined || given === null || given === '') return 0;
  const seconds = Number(given);
  if (seconds >= 0 && seconds <= LONGEST_DELAY_S) return seconds;
  throw new MapwrightError('INVALID_PARAMETER', `queuedelay in cbwsOptions is no number of seconds up to 30 days`);
}
