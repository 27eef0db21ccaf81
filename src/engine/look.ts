import type { Failure } from '../core/run.ts';
import type { RecordedAnswer } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import { planCleanup } from './flow.ts';
import type { PlannedDecision } from './retry-decision.ts';
import type { RunState } from './run-state.ts';

/** The other side gets this long, from the beginning of a request, before it is asked what became of it. */
const LOOK_AFTER_MS = 5_000;

/** Has the other side asked what it did, from `at` on but not too soon; `then` follows when it did nothing. */
export function startLook(
  state: RunState,
  params: {
    readonly task: CompiledTask;
    readonly failure: Failure;
    readonly answer: RecordedAnswer | undefined;
    readonly at: number;
    readonly then: PlannedDecision;
  },
): void {
  const { engine, progress, begun } = state;
  const { task, failure, answer, then } = params;
  const now = engine.clock.now();
  const map = task.kind === 'webservice' ? task.look?.map.name : undefined;
  progress.look = { task: task.id, failure, status: answer?.status ?? null, then, retry: undefined };
  const begunAt = begun?.task === task.id ? begun.at : now;
  const until = Math.max(params.at, begunAt + LOOK_AFTER_MS);
  if (until <= now) return;
  const reason = `${task.id}: ${failure.code} ${failure.message}; then ${map ?? 'a look'} tells whether the other side acted`;
  planCleanup(state, { kind: 'wait', wait: { for: 'time', reason, since: now, until } });
}
