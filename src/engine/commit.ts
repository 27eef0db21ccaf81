import { MapwrightError } from '../core/error.ts';
import type { Continuation } from '../core/journal.ts';
import { changedFields, type RecordChange, type RecordImage } from '../core/record.ts';
import type { AcceptedRun } from '../core/run.ts';
import type { StepIntent } from '../core/step.ts';
import type { RecordWrite } from '../core/unit-of-work.ts';
import { changedKeys, keepKeys } from './business-keys.ts';
import { MAX_DEPTH } from './chain-depth.ts';
import { writeAtHost } from './host-write.ts';
import { keptIntent, keptOutcomes } from './kept-calls.ts';
import { addressPlanned } from './notice/plan-notice.ts';
import { firedByOthers, writeOthersAtHost } from './other-records.ts';
import { settlePatiently } from './patient-settlement.ts';
import { storeProgress } from './progress.ts';
import { type RunState, begunStep, noChanges, sealContext } from './run-state.ts';
import { tellContinuation, tellSteps } from './tell-events.ts';

/** committed: go on. conflict: the record changed; what was decided on it must be decided again. lost: somebody else has the run. */
export type CommitOutcome = 'committed' | 'conflict' | 'lost';

/** Commits what is pending together with the next step's intent or the run's wait or end, in one transaction. */
export async function commitState(
  state: RunState,
  next: { readonly begin?: StepIntent; readonly then: Continuation },
): Promise<CommitOutcome> {
  const { engine, lease, pending, progress } = state;
  if (state.signal.aborted) return 'lost';
  const at = engine.clock.now();
  progress.lastAt = at;
  const write = await decideWrite(state);
  const before = state.image;
  const atHost = await writeAtHost(state, write);
  if (atHost === 'conflict') return decideAgain(state);
  const othersAtHost = await writeOthersAtHost(state);
  if (othersAtHost === 'conflict') return decideAgain(state);
  const own = write === undefined || atHost === 'written' ? [] : [write];
  const others = othersAtHost === 'written' ? [] : pending.others.map((other) => other.write);
  const told = await addressPlanned(state);
  const stored = storeProgress(progress);
  const keys = state.workflow.tracks.length === 0 ? undefined : await changedKeys(state);
  const result = await settlePatiently(state, {
    unit: {
      at,
      records: [...own, ...others],
      // Launched runs first: their steps name them by their place.
      runs: [...pending.runs, ...(await firedRuns(state, before, write)), ...(await firedByOthers(state))],
      dedup: undefined,
      unmatched: pending.unmatched,
      notices: [...pending.notices, ...told.notices],
      deliveries: [...pending.deliveries, ...told.deliveries],
    },
    outcomes: keptOutcomes(state, told.outcomes),
    begin: keptIntent(state, next.begin),
    progress: stored,
    context: pending.contextChanged ? sealContext(state) : undefined,
    ...(keys === undefined ? {} : { keys }),
    then: next.then,
  });
  if (result.kind === 'fenced') {
    engine.onEvent({ kind: 'run-fenced', run: lease.run.id });
    return 'lost';
  }
  if (result.kind === 'conflict') return decideAgain(state);
  tellSteps(state, pending.outcomes, at);
  if (next.begin !== undefined) state.begun = begunStep(next.begin, at);
  state.committed = stored;
  keepKeys(state, keys);
  state.pending = noChanges();
  if (own.length > 0) state.image = result.records[0] ?? state.image;
  state.cancel ??= result.cancelRequested;
  await engine.dispatcher.kick(result.released.map((run) => ({ run })));
  return 'committed';
}

/** What is decided again is decided on the record as it is now, not on the image that started the run. */
async function decideAgain(state: RunState): Promise<'conflict'> {
  const { recordId } = state.lease.run;
  state.image = recordId === undefined ? undefined : await state.engine.host.read(recordId);
  if (recordId !== undefined && state.image === undefined) forgetRecord(state);
  return 'conflict';
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
  tellContinuation(state, then);
  if (then.kind === 'wait' && then.wait.until !== undefined) {
    void engine.dispatcher.kick([{ run: lease.run.id, at: then.wait.until }]);
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

async function firedRuns(
  state: RunState,
  image: RecordImage | undefined,
  write: RecordWrite | undefined,
): Promise<readonly AcceptedRun[]> {
  const { engine, lease, pending } = state;
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
