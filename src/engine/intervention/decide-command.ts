import { MapwrightError } from '../../core/error.ts';
import type { InboxItem } from '../../core/inbox.ts';
import type { Intervention } from '../../core/journal.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { AcceptedRun, Run } from '../../core/run.ts';
import type { CompiledWorkflow } from '../../catalog/compiled-workflow.ts';
import type { Engine } from '../engine.ts';
import { type Progress, readProgress, storeProgress } from '../progress.ts';
import { unfitCommand } from './command-error.ts';
import { type EditedContext, editContext, restoreContext } from './edit-context.ts';
import { fittingCommands, MARKED_FROM } from './fitting-commands.ts';
import { outputNamed, outputsOf, sensitiveKeysOf } from './given-output.ts';
import { requireTask, workflowAt } from './move-revision.ts';
import type { RunCommand } from './run-command.ts';
import type { RunOrder } from './run-order.ts';
import { plainValue, sealedValue } from '../stored-context.ts';
import { toldValue } from './told-value.ts';

/** Who gives a command, when and from where. */
export interface CommandHead {
  readonly by: string;
  readonly at: number;
  readonly origin: string;
  readonly reason?: string | undefined;
  readonly job?: number | undefined;
}

/** A command on a run as it stands. */
export interface CommandQuestion {
  readonly run: Run;
  readonly item: InboxItem | undefined;
  readonly command: RunCommand;
  readonly head: CommandHead;
  /** The revision in force. */
  readonly latest: number;
  /** When the run goes on, in milliseconds since the epoch. */
  readonly dueAt: number;
}

type Decider = Pick<Engine, 'catalogAt' | 'sealer' | 'recorder'>;
type Ordering = Extract<RunCommand, { kind: RunOrder['action'] }>;

/**
 * What the journal is to do. Rejects with RUN_NOT_WAITING or RUN_COMMAND_LATE when the command does not fit, with
 * RUN_REVISION_UNFIT, RUN_TASK_UNKNOWN, RUN_OUTPUT_UNKNOWN or RUN_REQUEST_KEPT when what it says does not.
 */
export async function decideCommand(engine: Decider, question: CommandQuestion): Promise<Intervention> {
  const { run, item, command, head } = question;
  if (!fittingCommands(run, item).includes(command.kind)) throw unfitCommand(run, item, command.kind);
  const named = { ...head, run: run.id };
  switch (command.kind) {
    case 'cancel':
      return {
        ...named,
        kind: 'cancel',
        reason: head.reason ?? `canceled by ${head.by}`,
        before: standing(run),
        after: { status: 'canceled' },
      };
    case 'restart':
      return restart(engine, question, command);
    case 'acknowledge':
    case 'ignore':
    case 'reopen':
    case 'assign':
      return mark(question, command);
    default:
      if (command.kind === 'done' && run.status === 'failed') return resolveByHand(question);
      return order(engine, question, command);
  }
}

/** What puts an order of this job back that no worker has begun; undefined when there is none, or it is somebody else's. */
export function withdrawOrder(run: Run, head: CommandHead): Extract<Intervention, { kind: 'withdraw' }> | undefined {
  const progress = readProgress(run.progress);
  const { order: given } = progress;
  if (given === undefined || given.job !== head.job) return undefined;
  progress.order = undefined;
  const { context, revision, state } = given.replaced;
  return {
    ...head,
    kind: 'withdraw',
    run: run.id,
    epoch: run.epoch,
    progress: storeProgress(progress),
    context: restoreContext(run.context, context),
    revision,
    state: state ?? 'open',
    before: { action: given.action },
    after: standing(run),
  };
}

async function order(engine: Decider, question: CommandQuestion, command: Ordering): Promise<Intervention> {
  const { run, item, head, latest, dueAt } = question;
  const progress = readProgress(run.progress);
  const revision = command.kind === 'done' ? run.revision : revisionOf(command, run, latest);
  const to = command.kind === 'skip' ? command.to : undefined;
  const workflow = await workflowAt(engine, { run, revision, task: to === undefined ? progress.cursor : undefined });
  if (to !== undefined) requireTask(workflow, to);
  if (command.kind === 'done') requireOutputs(workflow, progress, command.outputs);
  const edit = command.kind === 'done' ? undefined : command.context;
  const edited = editContext({ ...engine, sensitive: sensitiveKeysOf(workflow) }, run.context, edit);
  if (command.kind === 'retry') requireSameRequest(workflow, { run, progress, edited });
  dropTasksGone(progress, workflow);
  progress.order = {
    action: command.kind,
    by: head.by,
    at: head.at,
    ...(head.job === undefined ? {} : { job: head.job }),
    ...(command.kind === 'skip' ? { to: to ?? null } : {}),
    ...(command.kind === 'done' ? keptOutputs(engine, { workflow, progress, command }) : {}),
    replaced: { state: item?.state ?? null, revision: run.revision, context: edited?.replaced ?? {} },
  };
  return {
    ...head,
    kind: 'order',
    action: command.kind,
    run: run.id,
    epoch: run.epoch,
    progress: storeProgress(progress),
    context: edited?.context,
    revision,
    dueAt,
    before: { ...standing(run), ...(edited === undefined ? {} : { context: edited.before }) },
    after: {
      revision,
      ...(to === undefined ? {} : { task: to }),
      ...(command.kind === 'done' ? toldOutputs(engine, { workflow, progress, command }) : {}),
      ...(edited === undefined ? {} : { context: edited.after }),
    },
  };
}

/** Tasks that were to run before the run goes on, and that the other revision does not have, cannot be run. */
function dropTasksGone(progress: Progress, { tasks }: CompiledWorkflow): void {
  progress.opened = progress.opened.filter((task) => tasks.has(task));
  const { agenda, agendaRetry } = progress;
  if (agenda !== undefined) progress.agenda = { ...agenda, tasks: agenda.tasks.filter(({ task }) => tasks.has(task)) };
  if (agendaRetry !== undefined && !tasks.has(agendaRetry.task)) progress.agendaRetry = undefined;
}

async function restart(
  engine: Decider,
  { run, head, latest, dueAt }: CommandQuestion,
  command: Extract<RunCommand, { kind: 'restart' }>,
): Promise<Intervention> {
  const revision = revisionOf(command, run, latest);
  const workflow = await workflowAt(engine, { run, revision, task: undefined });
  const parts = { ...engine, sensitive: sensitiveKeysOf(workflow) };
  const edited = editContext(parts, firstContext(run), command.context);
  return {
    ...head,
    kind: 'restart',
    run: run.id,
    epoch: run.epoch,
    successor: successorOf(run, { revision, context: edited?.context ?? firstContext(run) }),
    dueAt,
    before: { ...standing(run), ...(edited === undefined ? {} : { context: edited.before }) },
    after: { revision, ...(edited === undefined ? {} : { context: edited.after }) },
  };
}

/** The run as it was accepted. A mark of its trigger is set already, and it is the first of a chain of its own. */
function successorOf(
  run: Run,
  changed: Pick<AcceptedRun, 'revision'> & { readonly context: Run['context'] },
): AcceptedRun {
  const { workflow, module, recordId, lane, passWhenWaiting, depth, initiator, keys } = run;
  const { once: _, ...trigger } = run.trigger;
  const isJudged = readProgress(run.progress).started;
  return {
    workflow,
    module,
    recordId,
    lane,
    passWhenWaiting,
    depth,
    initiator,
    keys,
    trigger,
    undecided: run.undecided && !isJudged,
    rootRun: undefined,
    ...changed,
  };
}

/** What no step has set: the context that the run was started with. */
function firstContext(run: Run): Run['context'] {
  const { contextSetAt } = readProgress(run.progress);
  return Object.fromEntries(Object.entries(run.context).filter(([key]) => contextSetAt[key] === undefined));
}

function mark(
  { run, item, head }: CommandQuestion,
  command: Extract<RunCommand, { kind: keyof typeof MARKED_FROM }>,
): Intervention {
  const state = { acknowledge: 'acknowledged', ignore: 'ignored', reopen: 'open', assign: undefined } as const;
  const to = state[command.kind];
  const owner = command.kind === 'assign' ? command.owner : command.kind === 'acknowledge' ? head.by : undefined;
  const changed = {
    ...(to === undefined ? {} : { state: to }),
    ...(owner === undefined ? {} : { owner }),
    ...(command.note === undefined ? {} : { note: command.note }),
  };
  return {
    ...head,
    kind: 'mark',
    action: command.kind,
    run: run.id,
    mark: { from: MARKED_FROM[command.kind], ...changed },
    before: { state: item?.state ?? null, owner: item?.owner ?? null, note: item?.note ?? null },
    after: changed,
  };
}

/** A run that has ended cannot go on: the person says that it has been dealt with elsewhere. */
function resolveByHand({ run, item, head }: CommandQuestion): Intervention {
  const from = ['open', 'acknowledged', 'ignored'] as const;
  const before = { state: item?.state ?? null };
  return {
    ...head,
    kind: 'mark',
    action: 'done',
    run: run.id,
    mark: { from, state: 'resolved' },
    before,
    after: { state: 'resolved' },
  };
}

function revisionOf({ revision }: { readonly revision?: number | 'latest' }, run: Run, latest: number): number {
  return revision === 'latest' ? latest : (revision ?? run.revision);
}

function standing(run: Run): JsonObject {
  const { cursor } = readProgress(run.progress);
  return { status: run.status, waits: run.wait?.for ?? null, revision: run.revision, task: cursor ?? null };
}

function requireOutputs(
  workflow: CompiledWorkflow,
  { cursor }: Progress,
  outputs: Readonly<Record<string, Json>> = {},
): void {
  const task = workflow.tasks.get(cursor ?? '');
  const there = task === undefined ? [] : outputsOf(task).map(({ name }) => name);
  for (const name of Object.keys(outputs)) {
    if (there.includes(name)) continue;
    throw new MapwrightError('RUN_OUTPUT_UNKNOWN', `the answer of "${cursor ?? ''}" is read for no "${name}"`, {
      hint: there.length === 0 ? 'it is read for nothing: leave the outputs out' : `it is read for ${there.join(', ')}`,
    });
  }
}

/** The other side may know the request under its key: it would refuse another one under the same key, or act twice. */
function requireSameRequest(
  workflow: CompiledWorkflow,
  {
    run,
    progress,
    edited,
  }: { readonly run: Run; readonly progress: Progress; readonly edited: EditedContext | undefined },
): void {
  const { retry } = progress;
  const task = workflow.tasks.get(retry?.task ?? '');
  if (edited === undefined || retry?.mayHaveActed !== true || task?.kind !== 'webservice' || !task.map.carriesStepKey)
    return;
  const keys = Object.keys(edited.after).filter((key) => task.map.contextKeys.includes(key));
  if (keys.length === 0) return;
  throw new MapwrightError(
    'RUN_REQUEST_KEPT',
    `"${task.id}" may have been carried out: it is only sent again as it was, and ${keys.join(', ')} would change it`,
    {
      hint: `look at the other side; if it did not act: mapwright inbox retry ${run.id} --not-done --context ..., if it did: mapwright inbox done ${run.id}`,
    },
  );
}

interface GivenOutputs {
  readonly workflow: CompiledWorkflow;
  readonly progress: Progress;
  readonly command: Extract<RunCommand, { kind: 'done' }>;
}

/** The outputs as they lie with the run until a worker takes them: what is not to be shown is sealed. */
function keptOutputs({ sealer }: Decider, given: GivenOutputs): Pick<RunOrder, 'outputs'> {
  return outputsBy(given, (_, value, isSensitive) => (isSensitive ? sealedValue(sealer, value) : plainValue(value)));
}

function toldOutputs({ recorder }: Decider, given: GivenOutputs): Pick<RunOrder, 'outputs'> {
  return outputsBy(given, (name, value, isSensitive) => toldValue(recorder, { name, value, isSensitive }));
}

function outputsBy(
  { workflow, progress: { cursor }, command: { outputs } }: GivenOutputs,
  change: (name: string, value: Json, isSensitive: boolean) => Json,
): { readonly outputs?: JsonObject } {
  const task = workflow.tasks.get(cursor ?? '');
  if (outputs === undefined || task === undefined) return {};
  const changed = Object.entries(outputs).map(([name, value]) => [
    name,
    change(name, value, outputNamed(task, name)?.isSensitive === true),
  ]);
  return { outputs: Object.fromEntries(changed) };
}
