import type { JsonObject } from '../../core/json.ts';
import type { OperationQueue, QueuedOperation, WaitingOperation } from '../../core/operation-queue.ts';
import { MapwrightError } from '../../core/error.ts';
import { toldFailure } from './failure-response.ts';
import type { FailureReport } from './failure-response.ts';
import type { OperationParts } from './operation.ts';
import { createOperationRunner } from './operation-runner.ts';
import type { OperationRunner } from './operation-runner.ts';
import { runQueued } from './operation-table.ts';
import { answerEnvelope, errorEnvelope } from './protocol-answer.ts';
import { parametersOf } from './request-parameters.ts';
import { operationPartsOf } from './webservice-parts.ts';
import type { WebserviceParts } from './webservice-parts.ts';

/** The queue of a web service; not yet worked on. */
export function createQueueWorker(parts: WebserviceParts, queue: OperationQueue): OperationRunner {
  const operationParts = operationPartsOf(parts);
  return createOperationRunner({
    queue,
    clock: parts.clock,
    carryOut: (operation) => carryOut(operationParts, operation),
    giveUp: (operation) => giveUp(parts, operation),
    log: (error) => parts.log?.({ id: parts.ids.next(), operation: undefined, error }),
  });
}

/** The answer as its client would have got it at once. Rejects only with what trying again later may mend. */
async function carryOut(parts: OperationParts & FailureReport, queued: QueuedOperation): Promise<JsonObject> {
  const { operation, parameters: given } = queued;
  try {
    const user = await parts.identities.userById(queued.user);
    if (user === undefined || !user.active)
      throw new MapwrightError('AUTHENTICATION_REQUIRED', 'Given user is inactive');
    const parameters = parametersOf(new Map(Object.entries(given)));
    return answerEnvelope(await runQueued(parts, operation, { parameters, user, sessionName: '', address: '' }));
  } catch (thrown) {
    if (thrown instanceof MapwrightError && thrown.retryable) throw thrown;
    return errorEnvelope(toldFailure(parts, operation, thrown));
  }
}

/** Neither it nor what waits behind it must end the process for ever. */
function giveUp({ ids, log }: FailureReport, { id, operation, attempts }: WaitingOperation): JsonObject {
  const error = new MapwrightError(
    'OPERATION_ABANDONED',
    `Operation ${operation} (${id}) was begun ${attempts} times, and each time the process ended before it was answered`,
    { hint: 'Look into the log of the server for what ended it; what the operation did before is in the history' },
  );
  log?.({ id: ids.next(), operation, error });
  return errorEnvelope(error);
}
