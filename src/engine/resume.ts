import type { Failure } from '../core/run.ts';
import type { Step, StepNumber } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { reachedBy } from './intervention/reached-by.ts';
import { canRenew, planCleanup, planRenewal } from './flow.ts';
import { inDoubtChoice } from './in-doubt.ts';
import type { RunOrder } from './intervention/run-order.ts';
import { planNotices } from './notice/plan-notice.ts';
import { startLook } from './look.ts';
import type { PendingRetry } from './progress.ts';
import type { RunState } from './run-state.ts';

/** A session left alone for longer than this is opened anew before it is used again. */
const SESSION_DOUBT_MS = 30_000;

/**
 * Decides how a claimed run goes on: after a wait, after a crash, after the first acceptance. Changes the progress only.
 * @param obeyed what a person had it do just now
 */
export function resumeRun(state: RunState, obeyed?: RunOrder['action']): void {
  const { progress, lease } = state;
  const interrupted = lease.openStep;
  // A run whose outcome is decided has its always tasks left: one that was interrupted is tried again as the same step.
  if (interrupted !== undefined && state.cancel === undefined) return resumeInterrupted(state, interrupted);
  if (state.cancel !== undefined || progress.outcome !== undefined) return closeOpenStep(state);
  const waitedFor = lease.run.wait?.for;
  if (obeyed === 'retry' || (waitedFor === 'person' && obeyed === undefined)) decidedByPerson(state);
  if (waitedFor === 'person') forgetPlanOfLook(state);
  if (progress.cursor === undefined || progress.agenda !== undefined) return;
  const isBehind = progress.retry !== undefined || obeyed !== undefined;
  const wasReleased = (waitedFor === 'time' || waitedFor === 'person') && isBehind;
  if ((wasReleased || isIdle(state)) && canRenew(state, progress.cursor)) planRenewal(state, 'perhaps-open');
}

/**
 * A person looked at it, and perhaps corrected the record: the request is built anew, and the error plan starts over.
 * But a key under which the other side may have acted must not come with another request: it would be refused for ever,
 * or done twice. What has changed since is the matter of the runs behind this one.
 */
function decidedByPerson({ progress, workflow }: RunState): void {
  const { retry, look } = progress;
  const task = retry && workflow.tasks.get(retry.task);
  const keepsRequest = retry?.mayHaveActed === true && task?.kind === 'webservice' && task.map.carriesStepKey;
  if (retry !== undefined && look === undefined && !keepsRequest) progress.retry = { ...retry, frozen: undefined };
  progress.tries = {};
  progress.renewals = 0;
}

/** The plan had its say before a person was asked: when the look finds nothing now, the request is sent again. */
function forgetPlanOfLook({ progress }: RunState): void {
  const { look, lastAt } = progress;
  if (look !== undefined) progress.look = { ...look, then: { kind: 'retry', at: lastAt } };
}

function isIdle({ progress, engine }: RunState): boolean {
  return progress.lastAt > 0 && engine.clock.now() - progress.lastAt > SESSION_DOUBT_MS;
}

/** The process that held the run died, or lost it, after it began this step: whether the request went out is unknown. */
function resumeInterrupted(state: RunState, step: Step): void {
  const { progress, workflow } = state;
  closeOpenStep(state);
  const task = workflow.tasks.get(step.task);
  const attempts = step.attempts.at(-1)?.number ?? 1;
  const retry: PendingRetry = {
    task: step.task,
    step: step.number,
    attempts,
    frozen: step.frozen,
    isWaiting: true,
    mayHaveActed: true,
  };
  if (step.purpose === 'look') {
    if (progress.look !== undefined) progress.look = { ...progress.look, retry };
    return;
  }
  if (step.purpose !== 'main') return void (progress.agendaRetry = retry);
  progress.retry = retry;
  if (task === undefined) return;
  const choice = inDoubtChoice(task);
  if (choice === 'ask') return askPerson(state, task, step.number);
  if (choice === 'look') return lookFirst(state, task);
  if (isIdle(state) && canRenew(state, step.task)) planRenewal(state, 'perhaps-open');
}

/** What was sent again without an answer would have been sent anyway: nothing else follows when nothing is found. */
function lookFirst(state: RunState, task: CompiledTask): void {
  const now = state.engine.clock.now();
  const failure = interruption(task.id);
  startLook(state, { task, failure, answer: undefined, at: now, then: { kind: 'retry', at: now } });
  const waits = state.progress.agenda !== undefined;
  if (!waits && isIdle(state) && canRenew(state, task.id)) planRenewal(state, 'perhaps-open');
}

function interruption(task: string): Failure {
  return { code: 'RUN_INTERRUPTED', message: 'the process ended before the answer came', task };
}

function askPerson(state: RunState, task: CompiledTask, step: StepNumber): void {
  const said = `waits at ${task.id}: it is unknown whether the other side acted`;
  planNotices(state, { plan: task.plan, step, task: task.id, said });
  const reason = `${task.id}: it is unknown whether the other side acted; look there, then: mapwright inbox show ${state.lease.run.id}`;
  const { code } = interruption(task.id);
  const cause = { code, destination: reachedBy(task), task: task.id, message: reason, inDoubt: true };
  planCleanup(state, { kind: 'wait', wait: { for: 'person', reason, since: state.engine.clock.now() }, cause });
}

/** Ends the try that was under way when the holder was lost. */
function closeOpenStep(state: RunState): void {
  const step = state.lease.openStep;
  if (step === undefined) return;
  if (state.cancel !== undefined) {
    // The step ends here: nothing of it is left to be tried again, not even as an always task.
    if (step.purpose !== 'look') state.progress.retry = undefined;
    state.progress.look = undefined;
    state.progress.agendaRetry = undefined;
  }
  state.pending.outcomes.push({
    number: step.number,
    status: state.cancel === undefined ? 'waiting' : 'failed',
    answer: undefined,
    failure: interruption(step.task),
    effects: [],
    warnings: [],
  });
}
