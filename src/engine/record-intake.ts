import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { StepEffect } from '../core/step.ts';
import type { CompiledTask } from '../catalog/compiled-workflow.ts';
import type { ReceivedRecords } from './answer/read-records.ts';
import { handleFailure } from './failed-step.ts';
import { advance } from './flow.ts';
import { type IntakeCounts, noCounts, takeItems } from './intake-batch.ts';
import { commitUntilDecided } from './local-step.ts';
import { dropReceived, type RunState } from './run-state.ts';
import { failureOfEvaluation } from './step-failure.ts';
import { putContext } from './task/context-result.ts';
import { done } from './task/done.ts';
import { depthWarnings } from './task/record-task.ts';

/** Where the taking in of an answer's lists stands. */
export interface PendingIntake {
  readonly task: string;
  /** The list, and the item in it, that is next; undefined while the lists of the next page are still to come. */
  readonly next: { readonly list: number; readonly item: number } | undefined;
  /** Of each list, of all pages so far. */
  readonly counts: readonly IntakeCounts[];
}

/** Items of one commit. */
const BATCH = 100;
/** JSON characters of the lists of one answer: they stand in the run's context until they are taken in. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * Begins to take in what an answer holds. With the commit that ends the call, the lists are stored as far as they are not
 * taken in by then: a process that comes after a killed one goes on behind the last commit, and asks nobody again.
 */
export function beginIntake(state: RunState, task: string, records: readonly ReceivedRecords[]): void {
  const before = state.progress.intake?.task === task ? state.progress.intake.counts : [];
  const counts = records.map((_, index) => before[index] ?? noCounts());
  state.received = { ...state.received, records };
  state.progress.intake = { task, next: { list: 0, item: 0 }, counts };
  state.pending.contextChanged = true;
}

/** Throws RECORDS_TOO_LARGE when the lists cannot be kept while they are taken in. */
export function checkIntake(records: readonly ReceivedRecords[]): void {
  const items = records.reduce((sum, { items: list }) => sum + list.length, 0);
  if (items <= BATCH || JSON.stringify(records).length <= MOST_CHARACTERS) return;
  throw new MapwrightError(
    'RECORDS_TOO_LARGE',
    `the ${items} items of the answer are more than can be taken in at once`,
    {
      hint: 'ask for them page by page (<pages>), or set fewer fields',
    },
  );
}

/** Takes in one batch, in a commit of its own. `stop`: the run was lost to another holder. */
export async function takeIn(state: RunState, task: CompiledTask): Promise<'go-on' | 'stop'> {
  // A search sees only what is committed.
  if (Object.keys(state.pending.fields).length > 0) {
    const before = await commitUntilDecided(state, async () => undefined);
    if (before !== 'committed') return before === 'lost' ? 'stop' : 'go-on';
  }
  const outcome = await commitUntilDecided(state, () => takeBatch(state, task));
  return outcome === 'lost' ? 'stop' : 'go-on';
}

async function takeBatch(state: RunState, task: CompiledTask): Promise<void> {
  const { intake } = state.progress;
  const records = state.received?.records ?? [];
  if (intake?.next === undefined) return;
  const { list: number, item } = intake.next;
  const list = records[number];
  if (list === undefined) return finish(state, task, intake, records);
  const items = list.items.slice(item, item + BATCH);
  const before = intake.counts[number] ?? noCounts();
  let batch: Awaited<ReturnType<typeof takeItems>>;
  try {
    batch = await takeItems(state, { task: task.id, list, items, counts: before });
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    return giveUp(state, task, records, thrown);
  }
  const counts = intake.counts.with(number, batch.counts);
  state.progress.intake = { ...intake, counts };
  if (batch.stoppedBy !== undefined) return giveUp(state, task, records, batch.stoppedBy);
  const isThrough = item + items.length >= list.items.length;
  const next = isThrough ? { list: number + 1, item: 0 } : { list: number, item: item + items.length };
  state.progress.intake = { task: task.id, next, counts };
  if (isThrough && records[number + 1] === undefined) await finish(state, task, state.progress.intake, records);
}

/** All lists are taken in: of this page, or of the whole answer. */
async function finish(
  state: RunState,
  task: CompiledTask,
  intake: PendingIntake,
  records: readonly ReceivedRecords[],
): Promise<void> {
  const { progress } = state;
  if (progress.paging !== undefined) {
    progress.intake = { ...intake, next: undefined };
    state.received = { ...state.received, records: undefined };
    state.pending.contextChanged = true;
    return;
  }
  progress.steps++;
  const effects = effectsOf(records, intake.counts);
  for (const [index, { context }] of records.entries()) {
    const counts = intake.counts[index];
    if (context === undefined || counts === undefined) continue;
    const value = counts as unknown as JsonObject;
    effects.push(putContext(state, { key: context, value, from: 'counts', isSensitive: false }));
    progress.contextSetAt[context] = progress.steps;
  }
  const fires = records.some((list) => list.fires);
  done(state, task.id, effects, [...warningsOf(records, intake.counts), ...depthWarnings(state, fires)]);
  advance(state, task.id);
}

/** The step fails; what was taken in stays. */
async function giveUp(
  state: RunState,
  task: CompiledTask,
  records: readonly ReceivedRecords[],
  thrown: MapwrightError,
): Promise<void> {
  const { progress } = state;
  const counts = progress.intake?.counts ?? [];
  progress.steps++;
  progress.intake = undefined;
  progress.paging = undefined;
  dropReceived(state);
  const { steps: number, round } = progress;
  await handleFailure(state, {
    task,
    purpose: 'main',
    failure: failureOfEvaluation(thrown),
    intent: { number, task: task.id, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined },
    answer: undefined,
    effects: effectsOf(records, counts),
    warnings: warningsOf(records, counts),
  });
}

/** The run ends before all is taken in: says so, and how far it came. */
export function abandonIntake(state: RunState, reason: string): void {
  const { progress, pending } = state;
  const { intake } = progress;
  if (intake === undefined) return;
  progress.steps++;
  progress.intake = undefined;
  progress.paging = undefined;
  const records = state.received?.records ?? [];
  const { steps: number, round } = progress;
  pending.outcomes.push({
    number,
    status: 'failed',
    intent: { number, task: intake.task, purpose: 'main', round, attempt: 1, frozen: undefined, request: undefined },
    answer: undefined,
    failure: { code: 'RUN_CANCELED', message: reason, task: intake.task },
    effects: effectsOf(records, intake.counts),
    warnings: warningsOf(records, intake.counts),
  });
  dropReceived(state);
}

function effectsOf(records: readonly ReceivedRecords[], counts: readonly IntakeCounts[]): StepEffect[] {
  return records.map(({ module, from }, index): StepEffect => {
    const { received, created, changed, unchanged, refused } = counts[index] ?? noCounts();
    const value = { received, created, changed, unchanged, refused };
    return {
      kind: 'record',
      name: `${received} ${received === 1 ? 'item' : 'items'}`,
      from: `${from} -> ${module}`,
      value,
    };
  });
}

function warningsOf(records: readonly ReceivedRecords[], counts: readonly IntakeCounts[]): string[] {
  return records.flatMap(({ from, module }, index) => {
    const { refused, reasons } = counts[index] ?? noCounts();
    const told = reasons.map(
      ({ item, code, message }) => `${from}, item ${item}, is no record of ${module}: ${code} ${message}`,
    );
    return refused > reasons.length ? [...told, `${from}: ${refused - reasons.length} more were refused`] : told;
  });
}
