import type { Json } from '../../core/json.ts';
import type { RecordValue } from '../../core/record.ts';
import type { RunProgress } from '../../core/run.ts';
import type { StepEffect, StepOutcome } from '../../core/step.ts';
import type { CompiledTask } from '../../catalog/compiled-workflow.ts';
import { advance, dropAgenda } from '../flow.ts';
import { readProgress, storeProgress } from '../progress.ts';
import { asRecordValue } from '../record-value.ts';
import { type RunState, setContext } from '../run-state.ts';
import { answerOfSuccess } from '../step-answer.ts';
import { openedValue } from '../stored-context.ts';
import { writeFields } from '../write-fields.ts';
import { outputNamed } from './given-output.ts';
import type { RunOrder } from './run-order.ts';

/** The stored progress with nothing left to be obeyed. */
export function withoutOrder(stored: RunProgress): RunProgress {
  const progress = readProgress(stored);
  progress.order = undefined;
  return storeProgress(progress);
}

/**
 * Does what a person ordered while the run waited, and tells what that was. What it changes is committed with whatever comes
 * next, so a crash before that only means that it is done again. A run that is to end obeys nothing.
 */
export async function obeyOrder(state: RunState): Promise<RunOrder['action'] | undefined> {
  const { progress } = state;
  const { order } = progress;
  progress.order = undefined;
  if (order === undefined || state.cancel !== undefined || progress.outcome !== undefined) return undefined;
  if (order.action === 'skip') skipTask(state, order);
  if (order.action === 'done') await takeAsDone(state, order);
  if (order.action === 'not-done') sendAgain(state);
  return order.action;
}

/** The person has looked there: its key stands for nothing, so the request may be another one. */
function sendAgain(state: RunState): void {
  const { progress } = state;
  if (progress.retry !== undefined) progress.retry = { ...progress.retry, mayHaveActed: false, frozen: undefined };
  endLook(state);
  progress.look = undefined;
  progress.tries = {};
  progress.renewals = 0;
}

function skipTask(state: RunState, { by, to = null }: RunOrder): void {
  const { cursor } = state.progress;
  if (cursor === undefined) return;
  endStep(state, cursor, {
    status: 'skipped',
    effects: [{ kind: 'skip', name: cursor, from: `skipped by ${by}` }],
    warnings: [],
  });
  // Left out by hand, it must not look like a clean success.
  state.progress.handled = true;
  leave(state, cursor, to ?? undefined);
}

async function takeAsDone(state: RunState, { by, outputs = {} }: RunOrder): Promise<void> {
  const { cursor } = state.progress;
  const task = state.workflow.tasks.get(cursor ?? '');
  if (cursor === undefined || task === undefined) return;
  const effects = await writeGiven(state, task, outputs);
  endStep(state, cursor, { status: 'done', effects, warnings: [`no answer was read: taken as done by ${by}`] });
  for (const { kind, name } of effects)
    if (kind === 'context') state.progress.contextSetAt[name] = state.progress.steps;
  state.progress.answer = answerOfSuccess(cursor, undefined);
  leave(state, cursor, undefined);
}

function leave(state: RunState, task: string, to: string | undefined): void {
  state.progress.renewals = 0;
  endLook(state);
  dropAgenda(state);
  advance(state, task, to);
}

/** A look that was to be tried again is not needed any more. */
function endLook({ progress, pending }: RunState): void {
  const retry = progress.look?.retry;
  if (retry?.isWaiting !== true) return;
  const end = { answer: undefined, failure: undefined, effects: [], warnings: [] };
  pending.outcomes.push({ number: retry.step, status: 'skipped', ...end });
}

async function writeGiven(
  state: RunState,
  task: CompiledTask,
  outputs: Readonly<Record<string, Json>>,
): Promise<readonly StepEffect[]> {
  const from = 'given by hand';
  const effects: StepEffect[] = [];
  const fields: Record<string, RecordValue> = {};
  for (const [name, kept] of Object.entries(outputs)) {
    const output = outputNamed(task, name);
    if (output === undefined) continue;
    const { value } = openedValue(state.engine.sealer, kept);
    if (output.kind === 'field') {
      fields[name] = asRecordValue(value);
      continue;
    }
    setContext(state, name, value, output.isSensitive);
    const shown = output.isSensitive ? '••••' : state.engine.recorder.redactJson(value, state.redactor);
    effects.push({ kind: 'context', name, from, value: shown });
  }
  const names = new Map(Object.keys(fields).map((name) => [name, from]));
  return [...effects, ...(await writeFields(state, { task: task.id, fields, from: names, fires: false }))];
}

/** Ends the step that waits for its next try; one that has ended stays as it was, and a step of its own tells what was done. */
function endStep(
  { progress, pending }: RunState,
  task: string,
  end: Pick<StepOutcome, 'status' | 'effects' | 'warnings'>,
): void {
  const { retry } = progress;
  if (retry?.task === task && retry.isWaiting) {
    pending.outcomes.push({ number: retry.step, ...end, answer: undefined, failure: undefined });
    return;
  }
  progress.steps++;
  const { steps: number, round } = progress;
  const intent = { number, task, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined } as const;
  pending.outcomes.push({ number, ...end, intent, answer: undefined, failure: undefined });
}
