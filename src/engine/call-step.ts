import type { CallControl, CallOutcome } from '../core/call.ts';
import type { JsonObject } from '../core/json.ts';
import type { RunId } from '../core/run.ts';
import type { StepIntent, StepPurpose } from '../core/step.ts';
import type { Span } from '../core/trace.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { type AppliedAnswer, applyOutcome } from './apply-answer.ts';
import { beginStep, type StepIdentity } from './begin-step.ts';
import { destinationOf, destinationRules, outcomeAt } from './destination.ts';
import { handleFailure } from './failed-step.ts';
import { advance, dropFromAgenda } from './flow.ts';
import { requestToKeep } from './kept-calls.ts';
import { keptOfPage, pagesOf, requestOfPage, turnPage } from './page-step.ts';
import { lookStreak, type PendingRetry } from './progress.ts';
import { beginIntake } from './record-intake.ts';
import { personNameIn } from './request/call-credential.ts';
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
    const outcome = await state.engine.connector.send(limited(begun.prepared, purpose), controlOf(state));
    endCallSpan(span, outcome);
    tellCall(state, begun.intent, { destination: destinationOf(task), outcome });
    if (state.signal.aborted) return 'stop';
    reached = outcomeAt(outcome);
    await settle({ ...begun, isProbe: place.isProbe }, outcome);
    freeBody(outcome);
    return 'go-on';
  } finally {
    span?.end({ attributes: { 'mapwright.sent': false } });
    place.leave(reached);
  }
}

/** The step has ended: nobody looks at the answer any more, and what is of it is stored. */
function freeBody(outcome: CallOutcome): void {
  const body = (outcome.kind === 'answered' ? outcome.answer : outcome.failure.partial)?.body;
  if (body !== undefined && !(body instanceof Uint8Array)) body.free();
}

function limited({ request }: PreparedCall, purpose: StepPurpose): PreparedCall['request'] {
  if (purpose !== 'cleanup') return request;
  return { ...request, totalTimeoutMs: Math.min(request.totalTimeoutMs, CLEANUP_TIMEOUT_MS) };
}

/** New tokens are hidden as other secrets of the run are. */
function controlOf({ signal, mayLeave, redactor }: RunState): CallControl {
  return { signal, mayLeave, onSecret: (secret) => redactor.add(secret) };
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
  const pages = purpose === 'main' ? pagesOf(state, task) : undefined;
  const frozen = again?.frozen ??
    pages?.frozen ?? { ...freeze(state, task.map), ...(isLook ? recordIn(progress.retry?.frozen) : {}) };
  const sources = mapSources(task.map, task.service);
  const scope = await scopeOf(state, {
    sources,
    frozen,
    task: keyName(task.id, { purpose, number: identity.number, page: pages?.pages }),
  });
  const { map, service } = task;
  const personName = personNameIn(engine.people);
  const built = await prepareCall({ map, service, scope, soap: engine.soap, personName, run: chainOf(state) });
  const paged = requestOfPage(state, task, built.request);
  const prepared = { ...built, request: traced(paged, span, task) };
  const request = requestToKeep(state, () =>
    engine.recorder.recordRequest(prepared.request, state.redactor, prepared.parameters),
  );
  const kept: JsonObject = { ...frozen, ...(task.map.relatedPaths.length > 0 ? { related: scope.related } : {}) };
  return { prepared, scope, intent: { ...identity, frozen: kept, request } };
}

/** What a call stores is needed as long as one of the runs goes on that came of the same first one. */
function chainOf({ lease }: RunState): RunId {
  return lease.run.rootRun ?? lease.run.id;
}

/**
 * Names the step in its key: the other side answers what it knows under a key without doing it again. A look is another
 * request than the one that it asks about, and a session that is opened or closed anew is another session each time.
 */
function keyName(
  task: string,
  { purpose, number, page = 0 }: Pick<StepIdentity, 'purpose' | 'number'> & { readonly page: number | undefined },
): string {
  if (purpose === 'look') return lookStreak(task);
  if (page > 0) return `${task}-page${page + 1}`;
  return purpose === 'main' ? task : `${task}-${number}`;
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
  const { effects, warnings } = applied;
  const kept = keptOfPage(progress, task.id, applied);
  const { answer } = kept;
  pending.outcomes.push({ number: intent.number, status: 'done', ...kept, failure: undefined, effects, warnings });
  progress.reachedAt = intent.number;
  for (const key of applied.contextKeys) progress.contextSetAt[key] = intent.number;
  if (task.document.renew && !progress.opened.includes(task.id)) progress.opened.push(task.id);
  if (purpose === 'main') {
    if (!task.document.renew) progress.renewals = 0;
    progress.answer = answerOfSuccess(task.id, answer);
    // Tried again it would be as itself, and the next page is another step.
    progress.retry = undefined;
    delete progress.tries[task.id];
    const hasMore = turnPage(state, task.id, { page: applied.page, frozen: intent.frozen });
    const { records = [] } = applied;
    if (records.length > 0) beginIntake(state, task.id, records);
    else if (!hasMore) advance(state, task.id);
    return;
  }
  if (purpose === 'cleanup') progress.cleanedAt[task.id] = intent.number;
  delete progress.tries[task.id];
  dropFromAgenda(state, task.id);
}
