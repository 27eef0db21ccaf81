import type { CallOutcome } from '../core/call.ts';
import type { JsonObject } from '../core/json.ts';
import type { StepIntent, StepPurpose } from '../core/step.ts';
import type { Span } from '../core/trace.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { type AppliedAnswer, applyOutcome } from './apply-answer.ts';
import { beginStep, type StepIdentity } from './begin-step.ts';
import { destinationOf, destinationRules, outcomeAt } from './destination.ts';
import { handleFailure } from './failed-step.ts';
import { advance, dropFromAgenda } from './flow.ts';
import { lookStreak, type PendingRetry } from './progress.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import type { RunState } from './run-state.ts';
import { endCallSpan, startCallSpan, traced } from './run-trace.ts';
import { freeze, mapSources, scopeOf } from './scope.ts';
import { answerOfSuccess } from './step-answer.ts';
import { acquirePlace } from './step-place.ts';
import { tellCall } from './tell-events.ts';
import { giveUpCleanup } from './uncalled-cleanup.ts';

const CLEANUP_TIMEOUT_MS = 10_000;

/** A begun step: its intent is committed, so the request may be sent. */
export interface BegunCall {
  readonly prepared: PreparedCall;
  readonly scope: Scope;
  readonly intent: StepIntent;
  /** True when it looked whether the destination answers again. */
  readonly isProbe?: boolean;
}

/** Performs one try of a call: a place at the destination, the intent committed, the call, its answer judged. */
export function performCall(state: RunState, task: CompiledCallTask, purpose: StepPurpose): Promise<'go-on' | 'stop'> {
  return makeCall(state, {
    task,
    purpose,
    async settle({ prepared, scope, intent, isProbe }, outcome) {
      const applied = await applyOutcome(state, { task, scope, prepared, outcome });
      await settleStep(state, { task, purpose, intent, isProbe, applied });
    },
  });
}

/** Makes one try of a call; `settle` is given what came of it, while its place is still taken. */
export async function makeCall(
  state: RunState,
  params: {
    readonly task: CompiledCallTask;
    readonly purpose: StepPurpose;
    settle(begun: BegunCall, outcome: CallOutcome): Promise<void>;
  },
): Promise<'go-on' | 'stop'> {
  const { task, purpose, settle } = params;
  const isCleanup = purpose === 'cleanup';
  const place = await acquirePlace(state, { task: task.id, rules: destinationRules(task), isCleanup });
  if (place === 'waits') return 'stop';
  if ('notCalled' in place) return giveUpCleanup(state, task, place.notCalled);
  let reached: ReturnType<typeof outcomeAt>;
  const span = startCallSpan(state.engine, state.trace, task);
  try {
    const begun = await beginStep(state, {
      task,
      purpose,
      prepare: (identity, again) => prepare(state, task, { identity, purpose, again, span }),
    });
    if (begun === 'stop' || begun === 'go-on') return begun;
    const outcome = await state.engine.connector.send(limited(begun.prepared, purpose), state);
    endCallSpan(span, outcome);
    tellCall(state, begun.intent, { destination: destinationOf(task), outcome });
    if (state.signal.aborted) return 'stop';
    reached = outcomeAt(outcome);
    await settle({ ...begun, isProbe: place.isProbe }, outcome);
    return 'go-on';
  } finally {
    span?.end({ attributes: { 'mapwright.sent': false } });
    place.leave(reached);
  }
}

function limited({ request }: PreparedCall, purpose: StepPurpose): PreparedCall['request'] {
  if (purpose !== 'cleanup') return request;
  return { ...request, totalTimeoutMs: Math.min(request.totalTimeoutMs, CLEANUP_TIMEOUT_MS) };
}

async function prepare(
  state: RunState,
  task: CompiledCallTask,
  params: {
    readonly identity: StepIdentity;
    readonly purpose: StepPurpose;
    readonly again: PendingRetry | undefined;
    readonly span: Span | undefined;
  },
): Promise<BegunCall> {
  const { engine, progress } = state;
  const { identity, purpose, again, span } = params;
  const isLook = purpose === 'look';
  const frozen = again?.frozen ?? { ...freeze(state, task.map), ...(isLook ? recordIn(progress.retry?.frozen) : {}) };
  const sources = mapSources(task.map, task.service);
  // A look is another request than the one whose key the other side may know.
  const scope = await scopeOf(state, { sources, frozen, task: isLook ? lookStreak(task.id) : task.id });
  const built = await prepareCall({ map: task.map, service: task.service, scope, soap: engine.soap });
  const prepared = { ...built, request: traced(built.request, span, task) };
  const request = engine.recorder.recordRequest(prepared.request, state.redactor, prepared.parameters);
  const kept: JsonObject = { ...frozen, ...(task.map.relatedPaths.length > 0 ? { related: scope.related } : {}) };
  return { prepared, scope, intent: { ...identity, frozen: kept, request } };
}

/** A look asks for what was sent, even when the record has changed since. */
function recordIn(frozen: JsonObject | undefined): JsonObject {
  return frozen?.['record'] === undefined ? {} : { record: frozen['record'] };
}

async function settleStep(
  state: RunState,
  params: {
    readonly task: CompiledCallTask;
    readonly purpose: StepPurpose;
    readonly intent: StepIntent;
    readonly isProbe: boolean | undefined;
    readonly applied: AppliedAnswer;
  },
): Promise<void> {
  const { task, purpose, intent, isProbe, applied } = params;
  const { progress, pending } = state;
  if (applied.failure !== undefined) {
    await handleFailure(state, { task, purpose, ...applied, failure: applied.failure, begun: intent, isProbe });
    return;
  }
  const { answer, effects, warnings } = applied;
  pending.outcomes.push({ number: intent.number, status: 'done', answer, failure: undefined, effects, warnings });
  progress.reachedAt = intent.number;
  for (const key of applied.contextKeys) progress.contextSetAt[key] = intent.number;
  if (task.document.renew && !progress.opened.includes(task.id)) progress.opened.push(task.id);
  if (purpose === 'main') {
    if (!task.document.renew) progress.renewals = 0;
    progress.answer = answerOfSuccess(task.id, answer);
    advance(state, task.id);
    return;
  }
  if (purpose === 'cleanup') progress.cleanedAt[task.id] = intent.number;
  delete progress.tries[task.id];
  dropFromAgenda(state, task.id);
}
