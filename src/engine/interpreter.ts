import { MapwrightError, messageOf } from '../core/error.ts';
import type { InboxCause } from '../core/inbox.ts';
import type { Continuation } from '../core/journal.ts';
import type { Lease, RunProgress, RunWait } from '../core/run.ts';
import type { StepPurpose } from '../core/step.ts';
import { emptyUnit } from '../core/unit-of-work.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { performCall } from './call-step.ts';
import { reachedBy } from './intervention/reached-by.ts';
import { commitFinally } from './commit.ts';
import { endCanceled } from './end-canceled.ts';
import type { Engine } from './engine.ts';
import { advance, planCleanup } from './flow.ts';
import { performLocalTask } from './local-step.ts';
import { performLook } from './look-step.ts';
import { sendMail } from './mail/mail-step.ts';
import { obeyOrder, withoutOrder } from './intervention/obey-order.ts';
import { type Agenda, currentTask } from './progress.ts';
import { abandonIntake, takeIn } from './record-intake.ts';
import { resumeRun } from './resume.ts';
import { type RunState, openRunState } from './run-state.ts';
import { tellContinuation, tellStart } from './tell-events.ts';
import { startRunSpan, startTaskSpan, traceOfRun } from './run-trace.ts';
import { taskGuardHolds, triggerRefusal } from './guard.ts';

/** A fault that passes by itself is tried again after this long. */
const FAULT_PAUSE_MS = 1_000;

/** Lets the worker end a run's work early. */
export interface Control {
  /** Aborts the call under way: the lease was lost. */
  readonly signal: AbortSignal;
  /** True when the process is stopping: the run is handed back before its next step. */
  isStopping(): boolean;
  /** True when nobody else can have claimed the run meanwhile: asked before anything leaves this process. */
  readonly confirmHeld: () => Promise<boolean>;
  /** The same by the clock alone, for the last moment before a call leaves: when it says no, the run is given up. */
  readonly mayLeave: () => boolean;
}

/**
 * Works on a claimed run until it ends, waits, or is lost. Never rejects: a fault of our own parks the run with its
 * message, and a database that cannot be reached leaves it to the sweep.
 */
export async function interpretRun(engine: Engine, lease: Lease, control: Control): Promise<void> {
  try {
    const catalog = await engine.catalogAt(lease.run.revision);
    const workflow = catalog?.workflows.get(lease.run.workflow);
    if (catalog === undefined || workflow === undefined) return await parkLost(engine, lease, catalog);
    const span = startRunSpan(engine, lease);
    const trace = span?.context ?? (engine.tracer && traceOfRun(engine, lease.run));
    const { signal, confirmHeld, mayLeave } = control;
    const state = openRunState({ engine, lease, workflow, catalog, signal, confirmHeld, mayLeave, trace });
    try {
      await work(state, control);
    } catch (thrown) {
      await parkFault(state, thrown);
    } finally {
      span?.end();
    }
  } catch (thrown) {
    engine.onEvent({ kind: 'fault', run: lease.run.id, error: thrown });
  }
}

async function work(state: RunState, control: Control): Promise<void> {
  await start(state);
  resumeRun(state, await obeyOrder(state));
  for (;;) {
    const move = nextMove(state);
    if (move.kind === 'end') return endRun(state);
    if (move.kind === 'wait') return commitFinally(state, move);
    if (control.signal.aborted) return;
    if (control.isStopping()) return handBack(state);
    if ((await performTraced(state, move)) === 'stop') return;
  }
}

/** Judges an undecided trigger and finds the first task. */
async function start(state: RunState): Promise<void> {
  const { progress, workflow } = state;
  if (progress.started) return;
  progress.started = true;
  tellStart(state);
  progress.cursor = workflow.first;
  // A condition that always fails must not keep a run from being canceled.
  const failure = state.cancel === undefined ? await triggerRefusal(state) : undefined;
  if (failure !== undefined) progress.outcome = { status: 'canceled', failure };
  progress.unfired = state.lease.run.undecided && (failure !== undefined || state.cancel !== undefined);
}

type Move =
  | { readonly kind: 'task'; readonly task: string; readonly purpose: StepPurpose }
  | Extract<Agenda['after'], { kind: 'wait' }>
  | { readonly kind: 'end' };

/** What comes next, told from the progress alone. */
function nextMove(state: RunState): Move {
  const { progress } = state;
  if (state.cancel !== undefined && progress.outcome === undefined) decideCanceled(state, state.cancel);
  const { agenda } = progress;
  if (agenda !== undefined) {
    const [next] = agenda.tasks;
    if (next !== undefined) return { kind: 'task', ...next };
    progress.agenda = undefined;
    if (agenda.after.kind === 'wait') return agenda.after;
    if (agenda.after.kind === 'end') return { kind: 'end' };
  }
  if (progress.outcome === undefined && progress.look !== undefined) {
    return { kind: 'task', task: progress.look.task, purpose: 'look' };
  }
  if (progress.outcome === undefined && progress.cursor !== undefined) {
    return { kind: 'task', task: progress.cursor, purpose: 'main' };
  }
  progress.outcome ??=
    progress.passedFailure === undefined
      ? { status: 'completed', failure: undefined }
      : { status: 'failed', failure: progress.passedFailure };
  planCleanup(state, { kind: 'end' });
  return nextMove(state);
}

/** Ends the run as canceled once its always tasks have run. */
function decideCanceled(state: RunState, reason: string): void {
  const { progress, pending } = state;
  const failure = { code: 'RUN_CANCELED', message: reason };
  for (const retry of [progress.retry, progress.look?.retry]) {
    if (retry?.isWaiting !== true) continue;
    const step = { number: retry.step, status: 'failed' as const, answer: undefined, effects: [], warnings: [] };
    pending.outcomes.push({ ...step, failure: { ...failure, task: retry.task } });
  }
  abandonIntake(state, reason);
  progress.outcome = { status: 'canceled', failure };
  progress.agenda = undefined;
  progress.retry = undefined;
  progress.look = undefined;
}

async function endRun(state: RunState): Promise<void> {
  const { outcome, handled, unfired } = state.progress;
  await commitFinally(state, {
    kind: 'end',
    status: outcome?.status ?? 'completed',
    failure: outcome?.failure,
    handled,
    unfired,
    cause: causeOfEnd(state),
  });
}

function causeOfEnd({ progress, workflow }: RunState): InboxCause | undefined {
  const { status, failure } = progress.outcome ?? {};
  if (status !== 'failed' || failure === undefined) return undefined;
  const { code, message, task } = failure;
  return { code, message, task, destination: reachedBy(workflow.tasks.get(task ?? '')), inDoubt: false };
}

function handBack(state: RunState): Promise<void> {
  const now = state.engine.clock.now();
  const wait: RunWait = { for: 'time', reason: 'the process is stopping', since: now, until: now };
  return commitFinally(state, { kind: 'wait', wait });
}

/** What the task calls stands below it in the trace. */
async function performTraced(state: RunState, move: Extract<Move, { kind: 'task' }>): Promise<'go-on' | 'stop'> {
  const above = state.trace;
  const span = startTaskSpan(state.engine, above, { id: move.task, purpose: move.purpose });
  state.trace = span?.context ?? above;
  try {
    return await performTask(state, move.task, move.purpose);
  } finally {
    state.trace = above;
    span?.end();
  }
}

async function performTask(state: RunState, id: string, purpose: StepPurpose): Promise<'go-on' | 'stop'> {
  const { engine, workflow, progress, lease } = state;
  const task = workflow.tasks.get(id);
  if (task === undefined) {
    throw new MapwrightError('RUN_TASK_LOST', `task "${id}" has errors in revision ${lease.run.revision}`, {
      hint: 'check the documents: mapwright check',
    });
  }
  const isBegun = progress.retry?.task === id || progress.paging?.task === id || progress.intake?.task === id;
  const { recordId, trigger } = lease.run;
  // Fields not committed yet are part of what the next task sees.
  if (recordId !== undefined) state.image = await engine.host.read(recordId);
  if (purpose === 'main' || purpose === 'look') {
    if (recordId !== undefined && state.image === undefined && trigger.event !== 'delete') {
      decideCanceled(state, `record ${recordId} was deleted`);
      return 'go-on';
    }
    // A step that is tried again was found to be due before its first try.
    if (purpose === 'main' && !isBegun && !(await taskGuardHolds(state, task))) return skip(state, id);
  }
  if (purpose === 'look') return lookAgain(state, task);
  if (purpose === 'main' && progress.intake?.task === id && progress.intake.next !== undefined)
    return takeIn(state, task);
  if (task.kind === 'webservice') return performCall(state, task, purpose);
  if (task.kind === 'email') return sendMail(state, task);
  return performLocalTask(state, task);
}

function lookAgain(state: RunState, task: CompiledTask): Promise<'go-on' | 'stop'> {
  if (task.kind === 'webservice' && task.look !== undefined) return performLook(state, task, task.look);
  throw new MapwrightError('RUN_TASK_LOST', `task "${task.id}" does not say any more how to look what it did`, {
    hint: 'look there yourself, then end the run: mapwright runs cancel',
  });
}

function skip(state: RunState, id: string): 'go-on' {
  const { progress } = state;
  progress.steps++;
  state.pending.outcomes.push({
    number: progress.steps,
    status: 'skipped',
    intent: {
      number: progress.steps,
      task: id,
      purpose: 'main',
      round: progress.round,
      attempt: 1,
      frozen: undefined,
      request: undefined,
    },
    answer: undefined,
    failure: undefined,
    effects: [{ kind: 'skip', name: id, from: 'its condition is false' }],
    warnings: [],
  });
  advance(state, id);
  return 'go-on';
}

/** The revision or the workflow is not there: nothing can be decided without it. */
async function parkLost(engine: Engine, lease: Lease, catalog: Catalog | undefined): Promise<void> {
  const { run } = lease;
  const missing = catalog === undefined ? `revision ${run.revision}` : `workflow "${run.workflow}"`;
  if (run.cancelRequested !== undefined) {
    const why = `${missing} cannot be read any more`;
    return endCanceled(engine, lease, { progress: run.progress, reason: run.cancelRequested, why });
  }
  const reason = `${missing} cannot be read any more; go on with the newest: mapwright inbox retry ${run.id} --revision latest`;
  const task = currentTask(run.progress);
  const cause = { code: 'RUN_DOCUMENTS_LOST', destination: '', task, message: reason, inDoubt: false };
  const wait: RunWait = { for: 'person', reason, since: engine.clock.now() };
  await park(engine, lease, { progress: withoutOrder(run.progress), then: { kind: 'wait', wait, cause } });
}

async function parkFault(state: RunState, thrown: unknown): Promise<void> {
  const { engine, lease } = state;
  engine.onEvent({ kind: 'fault', run: lease.run.id, error: thrown });
  const known = thrown instanceof MapwrightError ? thrown : undefined;
  // Without a database nothing can be written down: the lease runs out, and the run is claimed again.
  if (known?.code === 'STORE_UNAVAILABLE') return;
  const since = engine.clock.now();
  const reason = `${known?.code ?? 'ENGINE_FAULT'} ${state.redactor.redact(messageOf(thrown))}`;
  const passes = known?.retryable === true;
  if (!passes && state.cancel !== undefined) {
    return endCanceled(engine, lease, { progress: state.committed, reason: state.cancel, why: reason });
  }
  const wait: RunWait = passes
    ? { for: 'time', reason, since, until: since + FAULT_PAUSE_MS }
    : { for: 'person', reason, since };
  const task = state.progress.cursor;
  const destination = reachedBy(state.workflow.tasks.get(task ?? ''));
  const cause = { code: known?.code ?? 'ENGINE_FAULT', destination, task, message: reason, inDoubt: false };
  // An order that cannot be carried out is not tried again for ever: another one may be given then.
  const progress = passes ? state.committed : withoutOrder(state.committed);
  await park(engine, lease, { progress, then: { kind: 'wait', wait, ...(passes ? {} : { cause }) } });
  if (passes) await engine.dispatcher.kick([{ run: lease.run.id, at: since + FAULT_PAUSE_MS }]);
}

/** Parks the run as it was last committed. */
async function park(
  engine: Engine,
  lease: Lease,
  { progress, then }: { readonly progress: RunProgress; readonly then: Extract<Continuation, { kind: 'wait' }> },
): Promise<void> {
  const result = await engine.journal.settle(lease, {
    unit: emptyUnit(then.wait.since),
    outcomes: [],
    begin: undefined,
    progress,
    context: undefined,
    then,
  });
  if (result.kind === 'settled') tellContinuation({ engine, lease }, then);
}
