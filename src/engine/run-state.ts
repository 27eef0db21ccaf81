import type { Json } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { RecordImage, RecordValue } from '../core/record.ts';
import type { Redactor } from '../core/redactor.ts';
import type { Lease, RunContext, RunProgress } from '../core/run.ts';
import type { StepOutcome } from '../core/step.ts';
import type { CompiledWorkflow } from '../catalog/compiled-workflow.ts';
import type { Engine } from './engine.ts';
import { type Progress, readProgress } from './progress.ts';
import { taint } from './taint.ts';

/** What the next commit will write, decided and not yet committed. */
export interface PendingChanges {
  outcomes: StepOutcome[];
  fields: Record<string, RecordValue>;
  /** True when the record write starts workflows. */
  fires: boolean;
  /** The task that writes, for the history. */
  task: string | undefined;
  contextChanged: boolean;
}

/** One claimed run while it is worked on. */
export interface RunState {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly workflow: CompiledWorkflow;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** The progress as it was last committed: what a fault falls back to. */
  committed: RunProgress;
  /** Opened: sensitive values in plain text. */
  readonly context: Record<string, Json>;
  readonly sensitiveKeys: Set<string>;
  /** The record as last read or written; undefined when there is none or it is gone. */
  image: RecordImage | undefined;
  pending: PendingChanges;
  /** Why the run is to end before its time. */
  cancel: string | undefined;
}

/** Nothing to write. */
export function noChanges(): PendingChanges {
  return { outcomes: [], fields: {}, fires: false, task: undefined, contextChanged: false };
}

/** The state of a run that has just been claimed. */
export function openRunState(params: {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly workflow: CompiledWorkflow;
  readonly signal: AbortSignal;
}): RunState {
  const { engine, lease } = params;
  const redactor = engine.recorder.createRedactor();
  const { context, sensitiveKeys } = openContext(engine, lease.run.context);
  for (const key of sensitiveKeys) taint(redactor, context[key]);
  return {
    ...params,
    redactor,
    progress: readProgress(lease.run.progress),
    committed: lease.run.progress,
    context,
    sensitiveKeys,
    image: undefined,
    pending: noChanges(),
    cancel: lease.run.cancelRequested,
  };
}

/** Sets a context value; a sensitive one is sealed at the commit and never shown. */
export function setContext(state: RunState, key: string, value: Json, isSensitive: boolean): void {
  state.context[key] = value;
  state.pending.contextChanged = true;
  if (!isSensitive) return void state.sensitiveKeys.delete(key);
  state.sensitiveKeys.add(key);
  taint(state.redactor, value);
}

/** The context as it is stored: sensitive values sealed. */
export function sealContext(state: RunState): RunContext {
  return Object.fromEntries(
    Object.entries(state.context).map(([key, value]) => [
      key,
      state.sensitiveKeys.has(key) ? { $sealed: state.engine.sealer.seal(JSON.stringify(value)) } : value,
    ]),
  );
}

function openContext(engine: Engine, stored: RunContext): Pick<RunState, 'context' | 'sensitiveKeys'> {
  // Without a prototype, so that no key is there before it is set.
  const context = Object.create(null) as Record<string, Json>;
  const sensitiveKeys = new Set<string>();
  for (const [key, value] of Object.entries(stored)) {
    const sealed = isJsonObject(value) ? value['$sealed'] : undefined;
    if (typeof sealed !== 'string') {
      context[key] = value;
      continue;
    }
    context[key] = JSON.parse(engine.sealer.open(sealed)) as Json;
    sensitiveKeys.add(key);
  }
  return { context, sensitiveKeys };
}
