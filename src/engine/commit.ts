import { MapwrightError } from '../core/error.ts';
import type { Continuation } from '../core/journal.ts';
import { changedFields, type RecordChange } from '../core/record.ts';
import type { AcceptedRun } from '../core/run.ts';
import type { StepIntent } from '../core/step.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';
import { storeProgress } from './progress.ts';
import { type RunState, noChanges, sealContext } from './run-state.ts';

/** committed: go on. conflict: the record changed; what was decided on it must be decided again. lost: somebody else has the run. */
export type CommitOutcome = 'committed' | 'conflict' | 'lost';

/** How deep workflows may start each other. */
const MAX_DEPTH = 8;

/** Commits what is pending together with the next step's intent or the run's wait or end, in one transaction. */
export async function commitState(
  state: RunState,
  next: { readonly begin?: StepIntent; readonly then: Continuation },
): Promise<CommitOutcome> {
  const { engine, lease, pending, progress } = state;
  const at = engine.clock.now();
  progress.lastAt = at;
  const write = await decideWrite(state);
  const stored = storeProgress(progress);
  const result = await engine.journal.settle(lease, {
    unit: { at, records: write === undefined ? [] : [write], runs: await firedRuns(state, write), dedup: undefined },
    outcomes: pending.outcomes,
    begin: next.begin,
    progress: stored,
    context: pending.contextChanged ? sealContext(state) : undefined,
    then: next.then,
  });
  if (result.kind === 'fenced') {
    engine.onEvent({ kind: 'run-fenced', run: lease.run.id });
    return 'lost';
  }
  if (result.kind === 'conflict') {
    // What is decided again is decided on the record as it is now, not on the image that started the run.
    const { recordId } = lease.run;
    state.image = recordId === undefined ? undefined : await engine.host.read(recordId);
    if (state.image === undefined) forgetRecord(state);
    return 'conflict';
  }
  state.committed = stored;
  state.pending = noChanges();
  state.image = result.records[0] ?? state.image;
  state.cancel ??= result.cancelRequested;
  await engine.dispatcher.kick(result.released.map((run) => ({ run })));
  return 'committed';
}

/** The record was deleted while a step wrote to it: there is nothing to write to, and the run must not look like a success. */
function forgetRecord(state: RunState): void {
  state.pending.fields = {};
  state.cancel ??= `record ${state.lease.run.recordId ?? ''} was deleted`;
}

const MAX_CONFLICTS = 20;

/** Commits a wait or an end, deciding record writes again as often as the record changes under it. */
export async function commitFinally(state: RunState, then: Continuation): Promise<void> {
  for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
    const end = truthfulEnd(state, then);
    const outcome = await commitState(state, { then: end });
    if (outcome === 'conflict') continue;
    if (outcome === 'committed') announce(state, end);
    return;
  }
  throw new MapwrightError('RUN_CONFLICT', 'the record changed too often to be written', { retryable: true });
}

/** A run that lost its record on the way to its end was canceled. */
function truthfulEnd(state: RunState, then: Continuation): Continuation {
  if (then.kind !== 'end' || then.status !== 'completed' || state.cancel === undefined) return then;
  return { ...then, status: 'canceled', failure: { code: 'RUN_CANCELED', message: state.cancel } };
}

function announce(state: RunState, then: Continuation): void {
  const { engine, lease } = state;
  const { id, workflow } = lease.run;
  const word = then.kind === 'end' ? then.status : then.kind === 'wait' ? `waiting for ${then.wait.for}` : 'running';
  engine.onEvent({ kind: 'run-settled', run: id, workflow, state: word });
  if (then.kind === 'wait' && then.wait.until !== undefined) {
    void engine.dispatcher.kick([{ run: id, at: then.wait.until }]);
  }
}

/** Reads the record again when it is not known, and decides the pending fields on it. */
async function decideWrite(state: RunState): Promise<RecordWrite | undefined> {
  const { engine, lease, pending } = state;
  const { recordId } = lease.run;
  if (recordId === undefined || Object.keys(pending.fields).length === 0) return undefined;
  state.image ??= await engine.host.read(recordId);
  if (state.image === undefined) return undefined;
  return engine.host.decideUpdate({
    image: state.image,
    fields: pending.fields,
    actor: {
      user: engine.serviceUser.id,
      run: lease.run.id,
      ...(pending.task === undefined ? {} : { task: pending.task }),
    },
  });
}

async function firedRuns(state: RunState, write: RecordWrite | undefined): Promise<readonly AcceptedRun[]> {
  const { engine, lease, pending, image } = state;
  if (!pending.fires || write === undefined || image === undefined || lease.run.depth + 1 > MAX_DEPTH) return [];
  const change: RecordChange = {
    kind: 'update',
    module: write.module,
    id: write.id,
    before: image,
    after: write.values,
    changed: changedFields(image.values, write.values),
    actor: write.actor,
  };
  const runs = await engine.matcher.match(change);
  return runs.map((run) => ({ ...run, rootRun: lease.run.rootRun, depth: lease.run.depth + 1 }));
}
