import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { QueuedOperation } from '../../core/operation-queue.ts';
import { accessDenied } from '../../crm/record-error.ts';
import { requestOptions } from './change-request.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { requireText } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/** What the original says while there is no answer. */
const UNFINISHED = 'Operation not queued or not finished yet';

/** About the session itself, which may be over when its turn comes. */
const NEVER_QUEUED: ReadonlySet<string> = new Set(['logout', 'extendsession', 'getqueuedoperationresult']);

/**
 * Puts the operation off when `cbwsOptions` asks for `launchfromqueue`: accepted durably, it is carried out after
 * `queuedelay` seconds for the same user, and `{operationTrackingID}` is the answer now. Undefined when it does not ask.
 */
export async function queueIfAsked(
  parts: OperationParts,
  operation: string,
  call: SessionCall,
): Promise<OperationAnswer | undefined> {
  const { queueDelayMs, identifier } = requestOptions(call);
  if (queueDelayMs === undefined) return undefined;
  const { queue } = parts;
  if (queue === undefined || NEVER_QUEUED.has(operation)) {
    throw new MapwrightError('OPERATION_NOT_SUPPORTED', `Operation ${operation} cannot be queued`);
  }
  const id = parts.ids.next();
  await queue.accept({
    id,
    user: call.user.id,
    operation,
    parameters: { ...withoutSession(call.parameters.all()), cbwsOptions: onceOnly(identifier ?? `queue:${id}`) },
    dueAt: parts.clock.now() + queueDelayMs,
  });
  return { result: { operationTrackingID: id } };
}

/**
 * `getQueuedOperationResult(operationTrackingID)`: the whole answer of a queued operation as a JSON text, for as long as
 * answers are kept (30 days); before that a text that says so. For whoever queued it, and administrators.
 */
export async function getQueuedOperationResult(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const id = requireText(call, 'operationTrackingID');
  const found = await parts.queue?.result(id);
  if (found !== undefined && found.user !== call.user.id && !call.user.admin) throw accessDenied(id);
  return { result: found?.answer === undefined ? UNFINISHED : JSON.stringify(found.answer) };
}

/** The queue as operations see it. */
export interface AcceptingQueue {
  /** Durable once it resolves. */
  accept(operation: QueuedOperation): Promise<void>;
  result(id: string): Promise<{ readonly user: string; readonly answer: JsonObject | undefined } | undefined>;
}

/** Whoever dies between doing it and keeping the answer does it again: under an identifier, which makes that harmless. */
function onceOnly(identifier: string): JsonObject {
  return { ClientRequestIdentifier: identifier };
}

function withoutSession(parameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== 'sessionName'));
}
