import { setTimeout as pause } from 'node:timers/promises';
import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StepIntent, StepPurpose } from '../core/step.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { type AppliedAnswer, applyOutcome } from './apply-answer.ts';
import { commitFinally, commitState } from './commit.ts';
import { callPlaces, destinationOf } from './destination.ts';
import type { ReleasePlace } from './destination-limits.ts';
import { handleFailure } from './failed-step.ts';
import { advance, dropFromAgenda } from './flow.ts';
import type { PendingRetry } from './progress.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import type { RunState } from './run-state.ts';
import { freeze, mapSources, scopeOf } from './scope.ts';
import { failureOfEvaluation } from './step-failure.ts';

const PLACE_WAIT_MS = 250;
/** A wait for a place ends by itself after this long, should the word that one came free be lost. */
const PLACE_FALLBACK_MS = 10_000;
const CLEANUP_TIMEOUT_MS = 10_000;
const CLEANUP_PAUSE_MS = 200;

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
  const place = await acquirePlace(state, task);
  if (place === undefined) return 'stop';
  try {
    const begun = await begin(state, task, purpose);
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

/** Undefined after the run was put to wait for a place. */
async function acquirePlace(state: RunState, task: CompiledCallTask): Promise<ReleasePlace | undefined> {
  const { engine } = state;
  const key = destinationOf(task);
  const places = callPlaces(task);
  const goesFirst = state.progress.reachedAt > 0 || state.lease.run.wait?.for === 'limit';
  const place = await engine.limits.acquire({ key, places, waitMs: PLACE_WAIT_MS, goesFirst });
  if (place !== undefined) return place;
  const now = engine.clock.now();
  const reason = `${task.id}: all ${places} places at ${key} are taken`;
  const until = now + Math.round(PLACE_FALLBACK_MS * (0.75 + engine.random.next() / 2));
  await commitFinally(state, { kind: 'wait', wait: { for: 'limit', reason, since: now, until, key } });
  engine.limits.parked(key);
  if (engine.limits.used(key) < places) {
    // The place came free before the wait was committed: nobody else would tell this run.
    await engine.dispatcher.kick((await engine.journal.release({ key, limit: 1, now })).map((run) => ({ run })));
  }
  return undefined;
}

const MAX_CONFLICTS = 20;

/** Builds the request and commits the intent to send it, with all that is pending. Nothing has been sent before that. */
async function begin(
  state: RunState,
  task: CompiledCallTask,
  purpose: StepPurpose,
): Promise<BegunCall | 'go-on' | 'stop'> {
  const { progress } = state;
  const retry = purpose === 'main' ? progress.retry : progress.agendaRetry;
  const again = retry?.task === task.id ? retry : undefined;
  if (purpose === 'cleanup' && again !== undefined) await pause(CLEANUP_PAUSE_MS * again.attempts);
  if (again === undefined) progress.steps++;
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const attempt = await prepare(state, task, { purpose, again });
    if (attempt === 'failed') return 'go-on';
    const committed = await commitState(state, { begin: attempt.intent, then: { kind: 'go-on' } });
    if (committed === 'lost') return 'stop';
    if (committed === 'conflict') continue;
    return state.cancel === undefined || purpose === 'cleanup' ? attempt : cancelUnsent(state, attempt.intent);
  }
  throw new MapwrightError('RUN_CONFLICT', 'the record changed too often to begin the step', { retryable: true });
}

async function prepare(
  state: RunState,
  task: CompiledCallTask,
  { purpose, again }: { purpose: StepPurpose; again: PendingRetry | undefined },
): Promise<BegunCall | 'failed'> {
  const { engine, progress } = state;
  const frozen = again?.frozen ?? freeze(state, task.map);
  const identity = {
    number: again?.step ?? progress.steps,
    task: task.id,
    purpose,
    round: progress.round,
    attempt: (again?.attempts ?? 0) + 1,
  };
  try {
    const scope = await scopeOf(state, { sources: mapSources(task.map, task.service), frozen, task: task.id });
    const prepared = await prepareCall({ map: task.map, service: task.service, scope });
    const request = engine.recorder.recordRequest(prepared.request, state.redactor, prepared.parameters);
    const kept: JsonObject = { ...frozen, ...(task.map.relatedPaths.length > 0 ? { related: scope.related } : {}) };
    return { prepared, scope, intent: { ...identity, frozen: kept, request } };
  } catch (thrown) {
    handleFailure(state, {
      task,
      purpose,
      failure: failureOfEvaluation(thrown),
      intent: { ...identity, frozen: undefined, request: undefined },
      answer: undefined,
      effects: [],
      warnings: [],
    });
    return 'failed';
  }
}

function cancelUnsent(state: RunState, intent: StepIntent): 'go-on' {
  state.progress.retry = undefined;
  state.pending.outcomes.push({
    number: intent.number,
    status: 'failed',
    answer: undefined,
    failure: { code: 'RUN_CANCELED', message: 'canceled before it was sent', task: intent.task },
    effects: [],
    warnings: [],
  });
  return 'go-on';
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
