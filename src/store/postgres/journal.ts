import type { Journal } from '../../core/journal.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { holdsMark } from './first-true-marks.ts';
import { TransactionCollision } from './postgres-failure.ts';
import { RunClaims } from './run-claims.ts';
import { intervene, lastActor } from './run-interventions.ts';
import { countRuns, countUnfinished, listRuns, readRun } from './run-listing.ts';
import { stepsOf } from './step-log.ts';
import type { UnitCommits } from './unit-commits.ts';

/** A transaction that others got in the way of is done again so many times. */
const MOST_TRIES = 6;

/** The reading half of a journal. */
export function createJournalReader(db: Session): Pick<Journal, 'run' | 'runs' | 'steps' | 'counts' | 'unfinished'> {
  return {
    run: (id) => readRun(db, id),
    runs: (filter) => listRuns(db, filter),
    steps: (run) => stepsOf(db, run),
    counts: () => countRuns(db),
    unfinished: () => countUnfinished(db),
  };
}

/**
 * A journal on PostgreSQL, for any number of nodes.
 * @param parts.db has connections to spare: no slow search may keep a heartbeat waiting
 */
export function createJournal(parts: { readonly db: PostgresDatabase; readonly units: UnitCommits }): Journal {
  const { db, units } = parts;
  const transaction = <T>(work: (session: Session) => Promise<T>) => persistently(() => db.transaction(work));
  const claims = new RunClaims(transaction);
  return {
    ...createJournalReader(db),
    claimDue: (params) => claims.claimDue(params),
    claim: (params) => claims.claim(params),
    settle: (lease, settlement) => units.settle(lease, settlement),
    heartbeat: (params) => claims.heartbeat(params),
    // Others hold their runs by right. What a dead node held is due when its leases have run out.
    takeOver: async () => 0,
    release: (params) => claims.release(params),
    holdsMark: (id) => holdsMark(db, id),
    lastActor: (id) => lastActor(db, id),
    intervene: (command) => transaction((session) => intervene(session, command)),
  };
}

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof TransactionCollision) || tries === MOST_TRIES) throw thrown;
    }
  }
}
