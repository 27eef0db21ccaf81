import type { CallAnswer, CallOutcome } from '../core/call.ts';
import { messageOf } from '../core/error.ts';
import type { RecordedAnswer, StepOutcome } from '../core/step.ts';
import type { CompiledCallTask, LookCall } from '../catalog/task/call-task.ts';
import { responseOf } from './answer/judge-native.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import { applyOutcome } from './apply-answer.ts';
import { type BegunCall, makeCall } from './call-step.ts';
import { followPlan, handleFailure } from './failed-step.ts';
import { advance } from './flow.ts';
import { lookStreak, type PendingLook } from './progress.ts';
import type { RunState } from './run-state.ts';
import { answerOfSuccess } from './step-answer.ts';
import { failureOfEvaluation, type StepFailure } from './step-failure.ts';

/** Statuses that say that there is nothing, whatever the map expects. */
const NOT_THERE = [404, 410];

/**
 * Finds out what a call did whose answer was lost. Found: what the other map gives is taken in the place of the answer.
 * Not found: the call did nothing, and its error plan goes on. A look that fails is tried again by its own plan, and then a
 * person is asked. It changes nothing at the other side, so a crash at any point only means that it is done again.
 */
export async function performLook(state: RunState, task: CompiledCallTask, look: LookCall): Promise<'go-on' | 'stop'> {
  const asked: CompiledCallTask = { ...task, map: look.map, service: look.service, plan: look.plan, look: undefined };
  return makeCall(state, {
    task: asked,
    purpose: 'look',
    settle: async (begun, outcome) => {
      const found =
        outcome.kind === 'failed' ? 'unknown' : await isFound(state, { asked, look, begun, answer: outcome.answer });
      if (found === 'not-found') return settleNotFound(state, { task, begun, outcome });
      await settleFound(state, { task, asked, begun, outcome, found });
    },
  });
}

type Finding = 'found' | 'not-found' | 'unknown' | StepFailure;

async function isFound(
  state: RunState,
  params: {
    readonly asked: CompiledCallTask;
    readonly look: LookCall;
    readonly begun: BegunCall;
    readonly answer: CallAnswer;
  },
): Promise<Finding> {
  const { asked, look, begun, answer } = params;
  if (NOT_THERE.includes(answer.status)) return 'not-found';
  const question = { map: asked.map, service: asked.service, scope: begun.scope, answer, soap: begun.prepared.soap };
  const { failure } = await judgeAnswer(state.engine, question);
  if (look.found === undefined) return failure?.code === 'OUTPUT_MISSING' ? 'not-found' : 'found';
  if (failure !== undefined && failure.code !== 'OUTPUT_MISSING') return 'unknown';
  const { values, ambience } = begun.scope;
  try {
    const response = await responseOf({ map: asked.map, readXml: state.engine.readXml, answer });
    return (await look.found.evaluate({ ...values, response }, ambience)) === true ? 'found' : 'not-found';
  } catch (thrown) {
    const failed = failureOfEvaluation(thrown);
    return { ...failed, message: `found="..." failed: ${messageOf(thrown)}` };
  }
}

/** Applies what was found; an answer that is none, or does not count as a success, fails the look. */
async function settleFound(
  state: RunState,
  params: {
    readonly task: CompiledCallTask;
    readonly asked: CompiledCallTask;
    readonly begun: BegunCall;
    readonly outcome: CallOutcome;
    readonly found: Exclude<Finding, 'not-found'>;
  },
): Promise<void> {
  const { progress, pending } = state;
  const { task, asked, begun, outcome, found } = params;
  const { scope, prepared, intent, isProbe } = begun;
  const applied = await applyOutcome(state, { task: asked, scope, prepared, outcome });
  const failure = typeof found === 'string' ? applied.failure : found;
  if (failure !== undefined) {
    const answer = typeof found === 'string' ? applied.answer : recordedAnswer(state, outcome);
    return handleFailure(state, { task: asked, purpose: 'look', ...applied, answer, failure, begun: intent, isProbe });
  }
  const { answer, effects, warnings, contextKeys } = applied;
  pending.outcomes.push({ number: intent.number, status: 'done', answer, failure: undefined, effects, warnings });
  endLost(state, { status: 'done', said: `no answer came; ${asked.map.name} found that the other side had acted` });
  progress.reachedAt = intent.number;
  progress.renewals = 0;
  for (const key of contextKeys) progress.contextSetAt[key] = intent.number;
  progress.answer = answerOfSuccess(task.id, answer);
  advance(state, task.id);
}

function settleNotFound(
  state: RunState,
  {
    task,
    begun,
    outcome,
  }: { readonly task: CompiledCallTask; readonly begun: BegunCall; readonly outcome: CallOutcome },
): void {
  const { progress, pending } = state;
  const { look } = progress;
  const answer = recordedAnswer(state, outcome);
  const said = 'nothing was found: the other side had not acted';
  const end: Omit<StepOutcome, 'number'> = {
    status: 'done',
    answer,
    failure: undefined,
    effects: [],
    warnings: [said],
  };
  pending.outcomes.push({ number: begun.intent.number, ...end });
  progress.reachedAt = begun.intent.number;
  progress.look = undefined;
  delete progress.tries[lookStreak(task.id)];
  if (look === undefined || look.then.kind === 'retry') return;
  endLost(state, { status: 'failed', look });
  const { failure: stored, then: decision } = look;
  if (progress.retry !== undefined) progress.retry = { ...progress.retry, isWaiting: false };
  followPlan(state, { task, purpose: 'main', answer: undefined, stored, decision });
}

function recordedAnswer({ engine, redactor }: RunState, outcome: CallOutcome): RecordedAnswer | undefined {
  return outcome.kind === 'answered' ? engine.recorder.recordAnswer(outcome.answer, redactor) : undefined;
}

/** Ends the step whose answer was lost. */
function endLost(
  { progress, pending }: RunState,
  end: { readonly status: 'done'; readonly said: string } | { readonly status: 'failed'; readonly look: PendingLook },
): void {
  const { retry } = progress;
  if (retry?.isWaiting !== true) return;
  pending.outcomes.push({
    number: retry.step,
    status: end.status,
    answer: undefined,
    failure: end.status === 'failed' ? end.look.failure : undefined,
    effects: [],
    warnings: end.status === 'done' ? [end.said] : [],
  });
}
