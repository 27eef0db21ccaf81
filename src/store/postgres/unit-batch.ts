import type { RecordId, RecordImage } from '../../core/record.ts';
import type { RunId } from '../../core/run.ts';
import type { CommitResult } from '../../core/unit-of-work.ts';
import { endedCountsOf } from '../ended-counts.ts';
import { withAcceptedRuns } from '../settlement-encoding.ts';
import type { Session } from './database.ts';
import { answerDedupKeys, dropDedupKeys, takeDedupKeys } from './dedup-keys.ts';
import { FirstTrueMarks, giveBackMarks } from './first-true-marks.ts';
import { insertDeliveries } from './delivery-store.ts';
import { addToInbox } from './inbox.ts';
import { insertNotices } from './notification-store.ts';
import { laneLock, leavesLane } from './queued-unit.ts';
import type { QueuedUnit, SettledRun } from './queued-unit.ts';
import type { LockedRecords, RecordBatch } from './record-batch.ts';
import { insertRuns, numberRuns, readFired, RunAcceptance } from './run-acceptance.ts';
import type { Acceptance } from './run-acceptance.ts';
import { writeContexts, writeKeys } from './run-contexts.ts';
import { addEndedCounts } from './run-counts.ts';
import { Lanes, lockTexts } from './run-lanes.ts';
import { isCancelNew, isHeld, lockRuns, writeRuns } from './run-settlement.ts';
import type { HeldRun } from './run-settlement.ts';
import { writeSteps } from './step-writes.ts';
import { together } from './together.ts';

/** What came of one unit of a batch. */
export type UnitOutcome =
  | {
      readonly kind: 'applied';
      readonly records: readonly (RecordImage | undefined)[];
      readonly acceptedAs: readonly (RunId | undefined)[];
      /** Runs that may go on because of it: newly accepted, next in the lane, itself. */
      readonly released: readonly RunId[];
      readonly cancelRequested: string | undefined;
    }
  | { readonly kind: 'fenced' }
  | Extract<CommitResult, { kind: 'conflict' | 'duplicate' }>;

type Refusal = Exclude<UnitOutcome, { kind: 'applied' }>;

/** A unit of the batch that will take place. */
interface Applied {
  readonly queued: QueuedUnit;
  /** Its place in the batch. */
  readonly index: number;
  readonly held: HeldRun | undefined;
  readonly accepted: readonly (Acceptance | undefined)[];
  /** The run that has the lane after it. */
  readonly next: RunId | undefined;
}

/**
 * Carries out one batch in a transaction: locks and reads what its units touch, in an order that is the same everywhere (dedup
 * keys, named locks, runs, records), decides each of them, and writes those that take place. No two of them touch the same.
 */
export async function commitBatch(
  session: Session,
  units: readonly QueuedUnit[],
  batch: RecordBatch,
): Promise<readonly UnitOutcome[]> {
  const refusals = new Map<number, Refusal>();
  const keys = units.flatMap(({ unit: { dedup, at } }, index) => (dedup === undefined ? [] : [{ index, dedup, at }]));
  for (const [at, duplicate] of (await takeDedupKeys(session, keys)).entries()) {
    if (duplicate !== undefined) refusals.set(keys[at]?.index ?? 0, duplicate);
  }
  const seen = await lockAndRead(session, units);
  for (const [index, { settled }] of units.entries()) {
    if (settled !== undefined && !isHeld(settled, seen.held.get(settled.lease.run.id))) refusals.set(index, FENCED);
  }
  const records = await lockRecords(session, units, { batch, refusals });
  const dropped = keys.filter(({ index }) => refusals.get(index)?.kind === 'conflict');
  await dropDedupKeys(session, dropped);
  const applied = units.flatMap((queued, index) => (refusals.has(index) ? [] : apply({ queued, index }, seen)));
  await numberRuns(session, acceptedBy(applied));
  const images = await write(session, applied, { seen, records });
  const outcomes = new Map(applied.map((one) => [one.index, outcomeOf(one, images.get(one.index) ?? [])]));
  return units.map((_, index) => refusals.get(index) ?? outcomes.get(index) ?? FENCED);
}

const FENCED: Refusal = { kind: 'fenced' };

interface Seen {
  readonly held: ReadonlyMap<RunId, HeldRun>;
  readonly lanes: Lanes;
  readonly marks: FirstTrueMarks;
  readonly acceptance: RunAcceptance;
}

async function lockAndRead(session: Session, units: readonly QueuedUnit[]): Promise<Seen> {
  const offered = units.flatMap((unit) => unit.offered);
  const once = offered.map(({ run }) => run).filter(({ trigger }) => trigger.once === true);
  const [, held, lanes, marks, fired] = await together([
    // What is read behind it sees all that those before us have committed.
    lockTexts(
      session,
      units.flatMap(({ locks }) => locks),
    ),
    lockRuns(
      session,
      units.flatMap(({ settled }) => settled?.lease.run.id ?? []),
    ),
    Lanes.read(session, [...new Set(units.flatMap(lanesOf))]),
    FirstTrueMarks.read(session, once),
    readFired(session, offered),
  ]);
  return { held, lanes, marks, acceptance: new RunAcceptance({ lanes, marks, fired }) };
}

function lanesOf({ offered, settled }: QueuedUnit): string[] {
  const own = settled !== undefined && leavesLane(settled.lease, settled.settlement) ? [settled.lease.run.lane] : [];
  return [...own, ...offered.map(({ run }) => run.lane)].filter((lane) => laneLock(lane).length > 0);
}

interface WrittenRecords {
  /** The place of each unit with records among those given to `lock`. */
  readonly places: ReadonlyMap<number, number>;
  readonly locked: LockedRecords | undefined;
}

/** Refuses the units whose records are no longer as they were decided on. */
async function lockRecords(
  session: Session,
  units: readonly QueuedUnit[],
  { batch, refusals }: { readonly batch: RecordBatch; readonly refusals: Map<number, Refusal> },
): Promise<WrittenRecords> {
  const indexes = units.flatMap((queued, index) => (refusals.has(index) || !hasRecords(queued) ? [] : [index]));
  const places = new Map(indexes.map((index, place) => [index, place]));
  if (indexes.length === 0) return { places, locked: undefined };
  const given = indexes.flatMap((index) => units[index]?.unit ?? []);
  const locked = await batch.lock(session, given);
  for (const [place, id] of locked.conflicts.entries()) {
    const index = indexes[place];
    if (id !== undefined && index !== undefined) refusals.set(index, conflict(id));
  }
  return { places, locked };
}

function hasRecords({ unit }: QueuedUnit): boolean {
  return unit.records.length + (unit.relations?.length ?? 0) + (unit.unmatched?.length ?? 0) > 0;
}

function conflict(id: RecordId): Refusal {
  return { kind: 'conflict', id };
}

function apply({ queued, index }: Pick<Applied, 'queued' | 'index'>, seen: Seen): Applied {
  const { settled, unit } = queued;
  const held = settled && seen.held.get(settled.lease.run.id);
  // Before it accepts others: those may hold the lane then, and what waits behind them must go on waiting.
  const next =
    settled !== undefined && leavesLane(settled.lease, settled.settlement)
      ? seen.lanes.leave(settled.lease.run.lane, settled.lease.run.id, unit.at)
      : undefined;
  if (settled?.settlement.then.kind === 'end') seen.marks.close(settled.lease.run);
  return { queued, index, held, next, accepted: seen.acceptance.decide(queued) };
}

function acceptedBy(applied: readonly Applied[]): Acceptance[] {
  return applied.flatMap(({ accepted }) => accepted.filter((one) => one !== undefined));
}

/** Gives the images of the records that each unit wrote. */
async function write(
  session: Session,
  applied: readonly Applied[],
  { seen, records }: { readonly seen: Seen; readonly records: WrittenRecords },
): Promise<ReadonlyMap<number, readonly (RecordImage | undefined)[]>> {
  const accepted = acceptedBy(applied);
  const settling = applied.flatMap(({ queued: { settled }, held }) => (settled && held ? [{ ...settled, held }] : []));
  const writers = applied.filter(({ index }) => records.places.has(index));
  const places = writers.flatMap(({ index }) => records.places.get(index) ?? []);
  const notices = applied.flatMap(({ queued: { unit } }) =>
    (unit.notices ?? []).map((one) => ({ ...one, at: unit.at })),
  );
  const [images] = await together([
    records.locked === undefined || places.length === 0 ? [] : records.locked.write(session, places),
    writeRuns(session, settling),
    seen.lanes.write(session),
    insertRuns(session, accepted),
    seen.marks.write(session),
    writeSteps(session, applied.flatMap(stepsOf)),
    writeKeys(session, applied.flatMap(keysOf)),
    giveBackMarks(
      session,
      settling
        .filter(({ settlement: { then } }) => then.kind === 'end' && then.unfired === true)
        .map(({ held }) => held),
    ),
    answerDedupKeys(session, applied.flatMap(answerOf)),
    insertNotices(session, notices),
    insertDeliveries(session, applied.flatMap(deliveriesOf)),
    addToInbox(session, settling),
    addEndedCounts(session, endedCountsOf(settling.flatMap(endOf))),
    // Last: others may be storing the same long texts, and here nothing more is waited for after them.
    writeContexts(session, applied.flatMap(contextsOf)),
  ]);
  return new Map(writers.map(({ index }, place) => [index, images[place] ?? []]));
}

function endOf({ settlement: { then } }: SettledRun) {
  return then.kind === 'end' ? [{ status: then.status, handled: Number(then.handled) }] : [];
}

function idsOf({ accepted }: Applied): (RunId | undefined)[] {
  return accepted.map((one) => one?.id);
}

function deliveriesOf({ queued: { unit } }: Applied) {
  return (unit.deliveries ?? []).map((one) => ({ ...one, at: unit.at }));
}

function stepsOf(one: Applied) {
  const { settled, unit } = one.queued;
  if (settled === undefined) return [];
  const { outcomes, begin } = settled.settlement;
  const told = outcomes.map((outcome) => withAcceptedRuns(outcome, idsOf(one)));
  return [{ run: settled.lease.run.id, at: unit.at, outcomes: told, begin }];
}

function contextsOf({ queued: { settled }, accepted }: Applied) {
  const own = settled?.settlement.context;
  const of = accepted.flatMap((one) =>
    one?.offer.context === undefined ? [] : [{ run: one.id, context: one.offer.context }],
  );
  return settled === undefined || own === undefined ? of : [...of, { run: settled.lease.run.id, context: own }];
}

function keysOf({ queued: { settled }, accepted }: Applied) {
  const own = settled?.settlement.keys;
  const of = accepted.flatMap((one) =>
    one?.offer.run.keys === undefined ? [] : [{ run: one.id, keys: one.offer.run.keys }],
  );
  return settled === undefined || own === undefined ? of : [...of, { run: settled.lease.run.id, keys: own }];
}

function answerOf(one: Applied) {
  const { dedup } = one.queued.unit;
  return dedup?.answersRuns === true ? [{ dedup, answer: idsOf(one).map((id) => id ?? null) }] : [];
}

function outcomeOf(one: Applied, records: readonly (RecordImage | undefined)[]): UnitOutcome {
  const { held, next, accepted, queued } = one;
  const claimable = accepted.flatMap((run) => (run === undefined || run.behind !== undefined ? [] : [run.id]));
  const goesToSleep = queued.settled?.settlement.then.kind === 'wait';
  const again = held !== undefined && goesToSleep && isCancelNew(held) ? [held.id] : [];
  return {
    kind: 'applied',
    records,
    acceptedAs: idsOf(one),
    released: [...claimable, ...(next === undefined ? [] : [next]), ...again],
    cancelRequested: held?.cancelRequested ?? undefined,
  };
}
