import type { Journal } from '../../core/journal.ts';
import type { Lease, RunId } from '../../core/run.ts';
import type { RunRow } from '../run-row.ts';
import type { Session } from './database.ts';
import { bigints, rowSet, storable } from './row-set.ts';
import { runsOf, SELECT_RUN } from './run-contexts.ts';
import { laneHolders, lockTexts } from './run-lanes.ts';
import { laneLock } from './queued-unit.ts';
import { openSteps } from './step-log.ts';
import { together } from './together.ts';

type Params<M extends keyof Journal> = Parameters<Journal[M]>[0];

/** A due run, locked. */
interface Candidate {
  readonly id: RunId;
  readonly lane: string;
  /** 1 when it waited and let others of its lane pass: one of those may hold the lane by now. */
  readonly letPass: number;
}

interface Claimer {
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
}

interface Claimed {
  readonly claimed: Lease[];
  /** How many were claimed or put back into their lanes. */
  readonly moved: number;
}

const NOTHING: Claimed = { claimed: [], moved: 0 };

type Transaction = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/**
 * Who holds which run. A run is claimable when its `due_at` has come; while it is held, that is the end of the lease, so the
 * due and the abandoned are found in one look. What another node is just claiming is passed over, never waited for.
 */
export class RunClaims {
  readonly #transaction: Transaction;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  async claimDue({ owner, limit, now, leaseMs }: Params<'claimDue'>): Promise<Lease[]> {
    const leases: Lease[] = [];
    while (leases.length < limit) {
      const left = limit - leases.length;
      const { claimed, found, moved } = await this.#claim({ owner, now, leaseMs }, (session) =>
        session.all<Candidate>(DUE, [now, left]),
      );
      leases.push(...claimed);
      // What was put back into its lane is not due any more, so the next look finds others.
      if (found < left || moved === 0) break;
    }
    return leases;
  }

  async claim({ owner, runs, now, leaseMs }: Params<'claim'>): Promise<Lease[]> {
    const { claimed } = await this.#claim({ owner, now, leaseMs }, (session) =>
      session.all<Candidate>(DUE_OF, [now, bigints(runs)]),
    );
    const order = new Map(runs.map((id, index) => [id, index]));
    return claimed.toSorted((a, b) => (order.get(a.run.id) ?? 0) - (order.get(b.run.id) ?? 0));
  }

  /** Gives the runs whose lease was lost. */
  heartbeat({ leases, now, leaseMs }: Params<'heartbeat'>): Promise<RunId[]> {
    return this.#transaction(async (session) => {
      const rows = leases.map(({ run, owner }) => ({ id: run.id, epoch: run.epoch, owner, due: now + leaseMs }));
      const kept = await session.all<{ id: RunId }>(PROLONG, prolonged.values(rows));
      const ids = new Set(kept.map(({ id }) => id));
      return leases.map(({ run }) => run.id).filter((id) => !ids.has(id));
    });
  }

  release({ key, limit, now }: Params<'release'>): Promise<RunId[]> {
    return this.#transaction(async (session) => {
      const rows = await session.all<{ id: RunId; since: number }>(RELEASE, [storable(key), now, limit]);
      return rows.toSorted((a, b) => a.since - b.since || a.id - b.id).map(({ id }) => id);
    });
  }

  async #claim(
    by: Claimer,
    find: (session: Session) => Promise<Candidate[]>,
  ): Promise<Claimed & { readonly found: number }> {
    const { candidates, leases } = await this.#transaction(async (session) => {
      const candidates = await find(session);
      const heads = candidates.filter(({ letPass }) => letPass === 0);
      return { candidates, leases: await take(session, heads, by) };
    });
    const others = candidates.filter(({ letPass }) => letPass === 1);
    const late = others.length === 0 ? NOTHING : await this.#claimInLane(others, by);
    const order = new Map(candidates.map(({ id }, index) => [id, index]));
    const claimed = [...leases, ...late.claimed].toSorted(
      (a, b) => (order.get(a.run.id) ?? 0) - (order.get(b.run.id) ?? 0),
    );
    return { claimed, found: candidates.length, moved: leases.length + late.moved };
  }

  /** A run that let others pass takes its lane again, or queues behind the one that holds it now. Lanes are locked before runs. */
  #claimInLane(candidates: readonly Candidate[], by: Claimer): Promise<Claimed> {
    return this.#transaction(async (session) => {
      await lockTexts(
        session,
        candidates.flatMap(({ lane }) => laneLock(lane)),
      );
      const ids = bigints(candidates.map(({ id }) => id));
      const due = await session.all<Candidate>(DUE_OF, [by.now, ids]);
      const holders = await laneHolders(
        session,
        due.map(({ lane }) => lane).filter((lane) => lane !== ''),
      );
      // Of several that come back at once, the first takes the lane.
      const taken: Candidate[] = [];
      const queued: { readonly id: RunId; readonly behind: RunId }[] = [];
      const lanes = new Map(holders);
      for (const candidate of due) {
        const behind = lanes.get(candidate.lane);
        if (behind !== undefined && behind !== candidate.id) queued.push({ id: candidate.id, behind });
        else taken.push(candidate);
        if (candidate.lane !== '' && behind === undefined) lanes.set(candidate.lane, candidate.id);
      }
      if (queued.length > 0) await session.run(BLOCK, blocked.values(queued));
      return { claimed: await take(session, taken, by), moved: taken.length + queued.length };
    });
  }
}

/** Leases runs whose rows are locked and due. Gives them as they were, with what they waited for. */
async function take(session: Session, candidates: readonly Candidate[], by: Claimer): Promise<Lease[]> {
  if (candidates.length === 0) return [];
  const ids = bigints(candidates.map(({ id }) => id));
  const rows = await session.all<RunRow>(TAKE, [by.owner, by.now + by.leaseMs, by.now, ids]);
  const begun = rows.filter(({ startedAt }) => startedAt !== null).map(({ id }) => id);
  const leased = rows.map((row) => ({
    ...row,
    status: 'running' as const,
    epoch: row.epoch + 1,
    startedAt: row.startedAt ?? by.now,
  }));
  const [runs, open] = await together([runsOf(session, leased), openSteps(session, begun)]);
  return runs.map((run) => ({ run, owner: by.owner, openStep: open.get(run.id) }));
}

const CANDIDATE = `SELECT id, lane,
    CASE WHEN pass_when_waiting = 1 AND wait_for IS NOT NULL THEN 1 ELSE 0 END AS "letPass"
  FROM runs`;
const DUE = `${CANDIDATE} WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;
const DUE_OF = `${CANDIDATE} WHERE id = ANY($2::bigint[]) AND due_at <= $1 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`;

// The SELECT sees the rows as they were before the UPDATE of the same statement.
const TAKE = `WITH taken AS (
    UPDATE runs SET status = 'running', epoch = epoch + 1, lease_owner = $1, due_at = $2,
      started_at = coalesce(started_at, $3), wait_for = NULL, wait_reason = NULL, wait_since = NULL, wait_until = NULL,
      wait_key = NULL, cancel_told = CASE WHEN cancel_requested IS NULL THEN 0 ELSE 1 END
    WHERE id = ANY($4::bigint[]))
  ${SELECT_RUN} WHERE runs.id = ANY($4::bigint[]) ORDER BY due_at, id`;

const blocked = rowSet({ id: 'bigint', behind: 'bigint' });
const BLOCK = `UPDATE runs SET blocked_by = given.behind, due_at = NULL FROM ${blocked.source} WHERE runs.id = given.id`;

const prolonged = rowSet({ id: 'bigint', epoch: 'bigint', owner: 'text', due: 'bigint' });
// Rows are locked in the order in which everybody locks them.
const PROLONG = `WITH held AS (SELECT runs.id, given.due FROM ${prolonged.source} JOIN runs ON runs.id = given.id
    WHERE runs.epoch = given.epoch AND runs.lease_owner = given.owner ORDER BY runs.id FOR NO KEY UPDATE OF runs)
  UPDATE runs SET due_at = held.due FROM held WHERE runs.id = held.id RETURNING runs.id`;

const RELEASE = `WITH waiting AS (SELECT id, wait_since FROM runs
    WHERE wait_for = 'limit' AND wait_key = $1 AND due_at > $2 ORDER BY wait_since, id LIMIT $3
    FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE runs SET due_at = $2 FROM waiting WHERE runs.id = waiting.id
  RETURNING runs.id, waiting.wait_since AS since`;
