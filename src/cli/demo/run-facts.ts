import type { Run } from '../../core/run.ts';
import type { Step } from '../../core/step.ts';
import { isFinal } from '../../core/run.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Administration } from '../../runtime/administration.ts';
import { renderEffect } from '../views/effect.ts';
import type { RunFact, StepFact } from './facts.ts';

const POLL_MS = 20;

/** Looks at the runs until `isReached` says that it has seen enough. Rejects with DEMO_TIMEOUT after `timeoutMs`. */
export async function watchRuns(
  administration: Administration,
  isReached: (runs: readonly Run[]) => boolean,
  timeoutMs: number,
): Promise<readonly Run[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const runs = (await administration.runs({ limit: 100 })).toReversed();
    if (isReached(runs)) return runs;
    if (Date.now() > end) {
      const open = runs
        .filter(({ status }) => !isFinal(status))
        .map(({ id, wait }) => `run ${id} ${wait?.reason ?? ''}`);
      throw new MapwrightError('DEMO_TIMEOUT', `not done after ${timeoutMs / 1000} s: ${open.join('; ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** One run as the report tells it. */
export async function readRunFact(administration: Administration, id: number): Promise<RunFact> {
  const { run, steps } = await administration.run({ id });
  const calls = steps.filter((step) => step.attempts.some((attempt) => attempt.request !== undefined));
  return {
    id,
    workflow: run.workflow,
    status: run.status,
    ms: (run.endedAt ?? run.acceptedAt) - run.acceptedAt,
    tries: Math.max(...calls.map((step) => triesOf(steps, step.task)), 1),
    steps: calls.map(stepFact),
  };
}

/** Tries of a task, in all its steps, until it succeeded. */
function triesOf(steps: readonly Step[], task: string): number {
  return steps.filter((step) => step.task === task && step.purpose !== 'cleanup').flatMap(({ attempts }) => attempts)
    .length;
}

function stepFact(step: Step): StepFact {
  const last = step.attempts.at(-1);
  const operation = last?.request?.parameters.find(({ name }) => name === 'operation')?.value ?? '';
  return {
    task: step.task,
    method: last?.request?.method ?? '',
    operation,
    status: last?.answer?.status,
    ms: last?.answer?.durationMs ?? 0,
    effects: step.effects.map(renderEffect),
    failure: step.failure === undefined ? undefined : `${step.failure.code} ${step.failure.message}`,
  };
}
