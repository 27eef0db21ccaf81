import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { laneOf } from '../../core/lane.ts';
import type { RecordId, RecordValues } from '../../core/record.ts';
import type { AcceptedRun, RunContext } from '../../core/run.ts';
import type { CompiledWorkflow } from '../../catalog/compiled-workflow.ts';
import type { CompiledLaunchTask } from '../../catalog/task/launch-task.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { plainKeys } from '../business-keys.ts';
import { MAX_DEPTH } from '../chain-depth.ts';
import { advance } from '../flow.ts';
import type { RunState } from '../run-state.ts';
import { recordValuesOf, scopeOf } from '../scope.ts';
import { plainValue, sealedValue } from '../stored-context.ts';
import { done } from './done.ts';
import { contextValue } from './setting-value.ts';

/** Greatest number of runs that one task starts. */
const MOST_RUNS = 1_000;

/** Accepts runs of another workflow in the commit that ends the step. */
export async function launch(state: RunState, task: CompiledLaunchTask): Promise<void> {
  requireDepth(state);
  const workflow = await findWorkflow(state, task.workflow);
  const sources = [...(task.record === undefined ? [] : [task.record]), ...task.context.map((set) => set.source)];
  const scope = await scopeOf(state, { sources, frozen: undefined, task: task.id });
  const context = await initialContext(state, task, scope);
  const runs: AcceptedRun[] = [];
  for (const id of await recordIds(state, { task, workflow, scope })) {
    runs.push(acceptedRun(state, { workflow, id, record: await recordValues(state, workflow, id), context }));
  }
  const first = state.pending.runs.length;
  state.pending.runs = [...state.pending.runs, ...runs];
  const effects = runs.map(({ recordId }, index) => ({
    kind: 'run' as const,
    name: task.workflow,
    ...(recordId === undefined ? {} : { from: recordId }),
    accepted: first + index,
  }));
  done(state, task.id, effects);
  advance(state, task.id);
}

function requireDepth({ lease }: RunState): void {
  if (lease.run.depth + 1 <= MAX_DEPTH) return;
  const message = `${MAX_DEPTH} workflows have started each other already, from run ${lease.run.rootRun} on`;
  throw new MapwrightError('LAUNCH_TOO_DEEP', message, {
    hint: 'look for workflows that start each other in a circle',
  });
}

async function findWorkflow({ engine, lease }: RunState, name: string): Promise<CompiledWorkflow> {
  const { revision } = lease.run;
  const workflow = (await engine.catalogAt(revision))?.workflows.get(name);
  if (workflow === undefined) {
    throw new MapwrightError('WORKFLOW_UNKNOWN', `there is no workflow "${name}" in revision ${revision}`);
  }
  if (workflow.document.active) return workflow;
  throw new MapwrightError('LAUNCH_INACTIVE', `the workflow "${name}" is switched off in revision ${revision}`, {
    hint: 'remove active="false" from it; the runs accepted after that can launch it',
  });
}

async function initialContext(
  { engine }: RunState,
  task: CompiledLaunchTask,
  scope: Scope,
): Promise<RunContext | undefined> {
  if (task.context.length === 0) return undefined;
  const entries: [string, Json][] = [];
  for (const set of task.context) {
    const { value, isSensitive } = await contextValue(set, scope);
    entries.push([set.key, isSensitive ? sealedValue(engine.sealer, value) : plainValue(value)]);
  }
  return Object.fromEntries(entries);
}

/** The records to run on, one after another; undefined for a workflow that runs on none. */
async function recordIds(
  state: RunState,
  params: { readonly task: CompiledLaunchTask; readonly workflow: CompiledWorkflow; readonly scope: Scope },
): Promise<readonly (RecordId | undefined)[]> {
  const { task, workflow, scope } = params;
  if (workflow.document.module === undefined) return [undefined];
  if (task.record === undefined) {
    const own = state.lease.run.recordId;
    if (own === undefined) throw recordMissing(task.workflow, 'this run has no record');
    return [own];
  }
  const value = await task.record.evaluate(scope);
  const { describe } = task.record;
  if (value === undefined || value === null || value === '') throw recordMissing(task.workflow, `${describe} is empty`);
  const ids = Array.isArray(value) ? value : [value];
  if (ids.length > MOST_RUNS) {
    throw new MapwrightError('LAUNCH_TOO_MANY', `${describe} has ${ids.length} ids; ${MOST_RUNS} is the most`);
  }
  return ids.map((id) => {
    if (typeof id === 'string') return id;
    throw recordMissing(task.workflow, `${describe} holds ${JSON.stringify(id)?.slice(0, 40)}, which is no id`);
  });
}

async function recordValues(
  state: RunState,
  { name, document }: CompiledWorkflow,
  id: RecordId | undefined,
): Promise<RecordValues> {
  if (id === undefined) return {};
  const image = await state.engine.host.read(id);
  if (image === undefined) throw recordMissing(name, `there is no record ${id}`);
  if (image.module !== document.module?.value) {
    const message = `${id} is a record of ${image.module}, and the workflow "${name}" is for ${document.module?.value}`;
    throw new MapwrightError('LAUNCH_MODULE_DIFFERS', message, { hint: 'name a record of that module' });
  }
  return id === state.lease.run.recordId ? recordValuesOf(state) : image.values;
}

function recordMissing(workflow: string, why: string): MapwrightError {
  return new MapwrightError('LAUNCH_RECORD_MISSING', `the workflow "${workflow}" has no record to run on: ${why}`, {
    hint: 'fill it, or skip the task with a condition: <condition field="..." is="not-empty"/>',
  });
}

function acceptedRun(
  { lease }: RunState,
  params: {
    readonly workflow: CompiledWorkflow;
    readonly id: RecordId | undefined;
    readonly record: RecordValues;
    readonly context: RunContext | undefined;
  },
): AcceptedRun {
  const { workflow, id, record, context } = params;
  const { document } = workflow;
  const { revision, rootRun, depth, initiator } = lease.run;
  const keys = plainKeys(workflow.tracks, record);
  return {
    workflow: workflow.name,
    revision,
    module: document.module?.value,
    recordId: id,
    lane: id === undefined ? '' : laneOf({ recordId: id, stream: document.stream }),
    passWhenWaiting: document.whenWaiting === 'pass',
    trigger: { event: 'manual', record, previous: undefined, changed: [] },
    undecided: false,
    rootRun,
    depth: depth + 1,
    initiator,
    ...(context === undefined ? {} : { context }),
    ...(keys === undefined ? {} : { keys }),
  };
}
