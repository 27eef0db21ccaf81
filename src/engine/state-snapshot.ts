import type { Progress } from './progress.ts';
import type { RunState } from './run-state.ts';

/** Remembers what a task without a call may change in the state; the function it gives puts that back. */
export function takeSnapshot(state: RunState): () => void {
  const progress = copyProgress(state.progress);
  const context = { ...state.context };
  const sensitiveKeys = [...state.sensitiveKeys];
  const { received } = state;
  const { outcomes, fields, planned, ...pending } = state.pending;
  const kept = { ...pending, outcomes: [...outcomes], fields: { ...fields }, planned: [...planned] };
  return () => {
    Object.assign(state.progress, progress);
    for (const key of Object.keys(state.context)) delete state.context[key];
    Object.assign(state.context, context);
    state.sensitiveKeys.clear();
    for (const key of sensitiveKeys) state.sensitiveKeys.add(key);
    state.received = received;
    state.pending = kept;
  };
}

function copyProgress(progress: Progress): Progress {
  const { tries, contextSetAt } = progress;
  // Without a prototype, as the originals: task ids and context keys may be called `constructor`.
  return {
    ...progress,
    tries: Object.assign(Object.create(null) as Progress['tries'], tries),
    contextSetAt: Object.assign(Object.create(null) as Progress['contextSetAt'], contextSetAt),
  };
}
