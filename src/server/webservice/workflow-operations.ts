import type { AwaitedRun, StartReport } from '../../core/awaited-run.ts';
import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record.ts';
import { startKey } from '../../crm/request-identifier.ts';
import { awaitedInfo } from './awaited-info.ts';
import { changeOptions } from './change-request.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';

const INVALID = 'INVALID_PARAMETER';

/** What is wrong with a start that a client asked for, as the protocol calls it. */
const CLIENT_MISTAKE = /^(?:WORKFLOW_(?:UNKNOWN|INACTIVE|NOT_MANUAL)|START_[A-Z_]+)$/u;

/** `ExecuteWorkflow(workflow, entities)`: true once the runs are accepted, or ended where the trigger says `wait`. */
export function executeWorkflow(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  return execute(parts, call, {});
}

/** `ExecuteWorkflowWithContext(workflow, entities, context)`: each run's context starts with the object given. */
export async function executeWorkflowWithContext(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  return execute(parts, call, call.parameters.object('context', INVALID) ?? {});
}

async function execute(parts: OperationParts, call: SessionCall, context: JsonObject): Promise<OperationAnswer> {
  const workflow = call.parameters.text('workflow')?.trim() ?? '';
  if (workflow === '') throw new MapwrightError(INVALID, 'Parameter workflow is missing or empty');
  const records = entitiesOf(call);
  const user = call.user.id;
  const { requestIdentifier: identifier } = changeOptions(call);
  const request = identifier === undefined ? undefined : startKey({ user, identifier, workflow, records, context });
  const report = await parts.starter.start({ workflow, records, context, user, request }).catch(asProtocolError);
  requireSuccess(report);
  return { result: true, ...awaitedInfo(report.runs) };
}

function entitiesOf(call: SessionCall): RecordId[] {
  return (call.parameters.list('entities', INVALID) ?? []).map((id) => {
    if (typeof id === 'string') return id;
    throw new MapwrightError(INVALID, 'Parameter entities holds something that is no id');
  });
}

function asProtocolError(thrown: unknown): never {
  if (!(thrown instanceof MapwrightError) || !CLIENT_MISTAKE.test(thrown.code)) throw thrown;
  const hint = thrown.hint === undefined ? '' : `; ${thrown.hint}`;
  throw new MapwrightError(INVALID, `Invalid parameter: ${thrown.message}${hint}`, { cause: thrown });
}

/** Only runs that were waited for can have failed by now; what failed is told as JSON, as the original does. */
function requireSuccess({ runs }: StartReport): void {
  const failed = runs.filter((run: AwaitedRun) => run.status === 'failed');
  if (failed.length > 0) throw new MapwrightError('WORKFLOW_TASK_FAILED', JSON.stringify(failed));
}
