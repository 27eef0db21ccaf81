import type { NewDelivery } from '../core/delivery.ts';
import type { Json } from '../core/json.ts';
import type { RecordImage, RecordValue } from '../core/record.ts';
import type { Notice } from '../core/notification.ts';
import type { Redactor } from '../core/redactor.ts';
import type { AcceptedRun, Lease, RunContext, RunKeys, RunProgress } from '../core/run.ts';
import type { Step, StepNumber, StepOutcome, StepPurpose } from '../core/step.ts';
import type { TraceContext } from '../core/trace.ts';
import type { UnmatchedRecords } from '../core/unit-of-work.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledWorkflow } from '../catalog/compiled-workflow.ts';
import type { PageKey } from './answer/next-page.ts';
import type { ReceivedRecords } from './answer/read-records.ts';
import type { Engine } from './engine.ts';
import type { PlannedNotice } from './notice/plan-notice.ts';
import type { OtherWrite } from './other-records.ts';
import { type Progress, readProgress } from './progress.ts';
import { isCurrentlySealed, openedValue, plainValue, sealedValue } from './stored-context.ts';
import { holdsSecret, taint } from './taint.ts';

/** What the next commit will write, decided and not yet committed. */
export interface PendingChanges {
  outcomes: StepOutcome[];
  fields: Record<string, RecordValue>;
  /** True when the record write starts workflows. */
  fires: boolean;
  /** The task that writes, for the history. */
  task: string | undefined;
  contextChanged: boolean;
  /** Changes of other records. */
  others: readonly OtherWrite[];
  /** Records that a search did not find. */
  unmatched: readonly UnmatchedRecords[];
  /** Runs that a task launches. */
  runs: readonly AcceptedRun[];
  /** What people are told. */
  notices: readonly Notice[];
  /** What leaves the product to tell people. */
  deliveries: readonly NewDelivery[];
  /** What people are told because a step failed. */
  planned: PlannedNotice[];
}

/** A try of a step that is stored as begun; `at` in milliseconds since the epoch. */
export interface BegunStep {
  readonly number: StepNumber;
  readonly task: string;
  readonly purpose: StepPurpose;
  readonly at: number;
}

/** One claimed run while it is worked on. */
export interface RunState {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly workflow: CompiledWorkflow;
  /** The revision that the run keeps to. */
  readonly catalog: Catalog;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  /** False when others may work on the run: nothing may be sent for it any more. */
  readonly confirmHeld: () => Promise<boolean>;
  /** As `confirmHeld`, by the clock alone; when it says no, the run is given up. */
  readonly mayLeave: () => boolean;
  /** What its calls stand below in a trace: the task under way, or the run; undefined where nothing is traced. */
  trace: TraceContext | undefined;
  readonly progress: Progress;
  /** The progress as it was last committed: what a fault falls back to. */
  committed: RunProgress;
  /** Opened: sensitive values in plain text. */
  readonly context: Record<string, Json>;
  readonly sensitiveKeys: Set<string>;
  /** Sensitive values as they were last sealed: those that stay are not sealed anew with each commit. */
  readonly sealed: Map<string, { readonly value: Json; readonly stored: Json }>;
  /** What a call was answered that is not dealt with yet. Stored in the context, sealed, where nobody sees it. */
  received: ReceivedParts | undefined;
  /** The record as last read or written; undefined when there is none or it is gone. */
  image: RecordImage | undefined;
  pending: PendingChanges;
  /** The business keys as they were last committed; undefined until they have been evaluated under this lease. */
  keys: RunKeys | undefined;
  /** The step whose try was begun last, and when that was committed. */
  begun: BegunStep | undefined;
  /** Why the run is to end before its time. */
  cancel: string | undefined;
}

/** What is kept of an answer until it is dealt with. */
export interface ReceivedParts {
  /** The lists that become records. */
  readonly records?: readonly ReceivedRecords[] | undefined;
  /** The items of all pages so far, where outputs look at them. */
  readonly items?: readonly Json[] | undefined;
  /** What the next page is asked for with. */
  readonly page?: PageKey | undefined;
}

/** Where that stands in the stored context; no context key is called so. */
const RECEIVED = '/received';

/** Nothing to write. */
export function noChanges(): PendingChanges {
  return {
    outcomes: [],
    fields: {},
    fires: false,
    task: undefined,
    contextChanged: false,
    others: [],
    unmatched: [],
    runs: [],
    notices: [],
    deliveries: [],
    planned: [],
  };
}

/** The state of a run that has just been claimed. */
export function openRunState(params: {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly workflow: CompiledWorkflow;
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  readonly confirmHeld: () => Promise<boolean>;
  readonly mayLeave: () => boolean;
  readonly trace: TraceContext | undefined;
}): RunState {
  const { engine, lease } = params;
  const redactor = engine.recorder.createRedactor();
  const { context, sensitiveKeys, received } = openContext(engine, lease.run.context);
  for (const key of sensitiveKeys) taint(redactor, context[key]);
  return {
    ...params,
    redactor,
    progress: readProgress(lease.run.progress),
    committed: lease.run.progress,
    context,
    sensitiveKeys,
    sealed: new Map(),
    received,
    image: undefined,
    pending: noChanges(),
    keys: undefined,
    begun: lease.openStep && begunStep(lease.openStep, lastTryAt(lease.openStep)),
    cancel: lease.run.cancelRequested,
  };
}

/** The step as one whose try begins at `at`. */
export function begunStep({ number, task, purpose }: Omit<BegunStep, 'at'>, at: number): BegunStep {
  return { number, task, purpose, at };
}

function lastTryAt({ startedAt, attempts }: Step): number {
  return attempts.at(-1)?.startedAt ?? startedAt;
}

/**
 * Sets a context value; a sensitive one is sealed at the commit and never shown. So is one that holds a secret, such as a
 * token that the other side repeats, whatever its output says.
 */
export function setContext(state: RunState, key: string, value: Json, isSensitive: boolean): void {
  state.context[key] = value;
  state.pending.contextChanged = true;
  if (isSensitive) taint(state.redactor, value);
  if (isSensitive || holdsSecret(state.redactor, value)) state.sensitiveKeys.add(key);
  else state.sensitiveKeys.delete(key);
}

/** Takes a key out of the context. */
export function forgetContext(state: RunState, key: string): void {
  delete state.context[key];
  state.sensitiveKeys.delete(key);
  state.pending.contextChanged = true;
}

/** Forgets what was kept of an answer. */
export function dropReceived(state: RunState): void {
  if (state.received === undefined) return;
  state.received = undefined;
  state.pending.contextChanged = true;
}

/** The context as it is stored: sensitive values sealed. */
export function sealContext(state: RunState): RunContext {
  const values = Object.entries(state.context).map(([key, value]): [string, Json] => [
    key,
    state.sensitiveKeys.has(key) ? keptSeal(state, key, value) : plainValue(value),
  ]);
  if (state.received === undefined) return Object.fromEntries(values);
  // A person who has the run started anew starts without it, as without all that a step has set.
  state.progress.contextSetAt[RECEIVED] = state.progress.steps;
  const received = sealedValue(state.engine.sealer, state.received as unknown as Json);
  return Object.fromEntries([...values, [RECEIVED, received]]);
}

function keptSeal({ engine, sealed }: RunState, key: string, value: Json): Json {
  const known = sealed.get(key);
  if (known?.value === value && isCurrentlySealed(engine.sealer, known.stored)) return known.stored;
  const stored = sealedValue(engine.sealer, value);
  sealed.set(key, { value, stored });
  return stored;
}

/** A stored context with its sensitive values opened. Throws SECRET_UNREADABLE under another key. */
export function openContext(
  engine: Pick<Engine, 'sealer'>,
  stored: RunContext,
): Pick<RunState, 'context' | 'sensitiveKeys' | 'received'> {
  // Without a prototype, so that no key is there before it is set.
  const context = Object.create(null) as Record<string, Json>;
  const sensitiveKeys = new Set<string>();
  const { [RECEIVED]: kept, ...others } = stored;
  for (const [key, value] of Object.entries(others)) {
    const opened = openedValue(engine.sealer, value);
    context[key] = opened.value;
    if (opened.isSensitive) sensitiveKeys.add(key);
  }
  // Nobody else writes under this key.
  const received =
    kept === undefined ? undefined : (openedValue(engine.sealer, kept).value as unknown as ReceivedParts);
  return { context, sensitiveKeys, received };
}
