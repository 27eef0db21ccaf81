import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';
import { type Agenda, lookStreak } from './progress.ts';
import { dropReceived, type RunState } from './run-state.ts';

/** The task is behind the run: on to the one after it, or to `next` where a choice leads. */
export function advance(state: RunState, task: string, next?: string): void {
  const { progress, workflow } = state;
  delete progress.tries[task];
  delete progress.tries[lookStreak(task)];
  progress.retry = undefined;
  progress.look = undefined;
  progress.intake = undefined;
  progress.paging = undefined;
  dropReceived(state);
  progress.cursor = next ?? workflow.after.get(task);
}

/** Runs the always tasks that are due before the run waits or ends. */
export function planCleanup(state: RunState, after: Agenda['after']): void {
  state.progress.agenda = { tasks: dueCleanup(state), after };
}

function dueCleanup(state: RunState): Agenda['tasks'] {
  const due = state.workflow.always.filter((task) => isCleanupDue(state, task));
  return due.map(({ id }) => ({ task: id, purpose: 'cleanup' }));
}

/**
 * An always task is due when what it needs was set after it last ran; one that needs nothing from the context, when the
 * other side was reached since.
 */
function isCleanupDue({ progress, context }: RunState, task: CompiledCallTask): boolean {
  const cleanedAt = progress.cleanedAt[task.id] ?? 0;
  const keys = task.map.contextKeys;
  if (keys.length === 0) return progress.reachedAt > cleanedAt;
  if (keys.some((key) => context[key] === undefined || context[key] === '')) return false;
  return Math.max(...keys.map((key) => progress.contextSetAt[key] ?? 0)) > cleanedAt;
}

/**
 * Runs the session's opening tasks again, as new steps of a new round, before the run goes on. A session that may still
 * be open is closed first; one that the other side has declared gone is not.
 */
export function planRenewal(state: RunState, session: 'perhaps-open' | 'gone'): void {
  const { progress } = state;
  progress.round++;
  const opening = progress.opened.map((task) => ({ task, purpose: 'renew' as const }));
  const tasks = session === 'gone' ? opening : [...dueCleanup(state), ...opening];
  progress.agenda = { tasks, after: { kind: 'go-on' } };
}

/** True when a session was opened before this task, so that it can be opened anew. */
export function canRenew({ progress }: RunState, task: string): boolean {
  return progress.opened.length > 0 && !progress.opened.includes(task);
}

/** Takes the task that has just run off the agenda. */
export function dropFromAgenda(state: RunState, task: string): void {
  const { agenda } = state.progress;
  state.progress.agendaRetry = undefined;
  if (agenda === undefined) return;
  state.progress.agenda = { ...agenda, tasks: agenda.tasks.filter((entry) => entry.task !== task) };
}

/** Gives up what is left of the agenda; a step of it that was to be tried again is not. */
export function dropAgenda({ progress }: RunState): void {
  progress.agenda = undefined;
  progress.agendaRetry = undefined;
}
