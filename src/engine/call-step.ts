import type { JsonObject } from '../core/json.ts';
import type { StepIntent, StepPurpose } from '../core/step.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { type AppliedAnswer, applyOutcome } from './apply-answer.ts';
import { beginStep, type StepIdentity } from './begin-step.ts';
import { callPlaces, destinationOf } from './destination.ts';
import { handleFailure } from './failed-step.ts';
import { advance, dropFromAgenda } from './flow.ts';
import type { PendingRetry } from './progress.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import type { RunState } from './run-state.ts';
import { freeze, mapSources, scopeOf } from './scope.ts';
import { acquirePlace } from './step-place.ts';

const CLEANUP_TIMEOUT_MS = 10_000;

/** A begun step: its intent is committed, so the request may be sent. */
interface BegunCall {
  readonly prepared: PreparedCall;
  readonly scope: Scope;
  readonly intent: StepIntent;
}

/** Performs one try of a call: a place at the destination, the intent committed, the call, its answer judged. */
export async function performCall(
  state: RunState,
  task: CompiledCallTask,
  purpose: StepPurpose,
): Promise<'go-on' | 'stop'> {
  const place = await acquirePlace(state, { task: task.id, key: destinationOf(task), places: callPlaces(task) });
  if (place === undefined) return 'stop';
  try {
    const begun = await beginStep(state, {
      task,
      purpose,
      prepare: (identity, again) => prepare(state, task, { identity, again }),
    });
    if (begun === 'stop' || begun === 'go-on') return begun;
    const outcome = await state.engine.connector.send(limited(begun.prepared, purpose), { signal: state.signal });
    if (state.signal.aborted) return 'stop';
    const applied = await applyOutcome(state, { task, scope: begun.scope, prepared: begun.prepared, outcome });
    settleStep(state, { task, purpose, intent: begun.intent, applied });
    return 'go-on';
  } finally {
    place();
  }
}

function limited({ request }: PreparedCall, purpose: StepPurpose): PreparedCall['request'] {
  if (purpose !== 'cleanup') return request;
  return { ...request, totalTimeoutMs: Math.min(request.totalTimeoutMs, CLEANUP_TIMEOUT_MS) };
}

async function prepare(
  state: RunState,
  task: CompiledCallTask,
  { identity, again }: { readonly identity: StepIdentity; readonly again: PendingRetry | undefined },
): Promise<BegunCall> {
  const { engine } = state;
  const frozen = again?.frozen ?? freeze(state, task.map);
  const scope = await scopeOf(state, { sources: mapSources(task.map, task.service), frozen, task: task.id });
  const prepared = await prepareCall({ map: task.map, service: task.service, scope, soap: engine.soap });
  const request = engine.recorder.recordRequest(prepared.request, state.redactor, prepared.parameters);
  const kept: JsonObject = { ...frozen, ...(task.map.relatedPaths.length > 0 ? { related: scope.related } : {}) };
  return { prepared, scope, intent: { ...identity, frozen: kept, request } };
}

function settleStep(
  state: RunState,
  params: { task: CompiledCallTask; purpose: StepPurpose; intent: StepIntent; applied: AppliedAnswer },
): void {
  const { task, purpose, intent, applied } = params;
  const { progress, pending } = state;
  if (applied.failure !== undefined) {
    handleFailure(state, { task, purpose, ...applied, failure: applied.failure, begun: intent });
    return;
  }
  const { answer, effects, warnings } = applied;
  pending.outcomes.push({ number: intent.number, status: 'done', answer, failure: undefined, effects, warnings });
  progress.reachedAt = intent.number;
  for (const key of applied.contextKeys) progress.contextSetAt[key] = intent.number;
  if (task.document.renew && !progress.opened.includes(task.id)) progress.opened.push(task.id);
  if (purpose === 'main') {
    if (!task.document.renew) progress.renewals = 0;
    advance(state, task.id);
    return;
  }
  if (purpose === 'cleanup') progress.cleanedAt[task.id] = intent.number;
  delete progress.tries[task.id];
  dropFromAgenda(state, task.id);
}
