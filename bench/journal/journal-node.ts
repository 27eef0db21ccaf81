import type { Settlement, SettleResult } from '../../src/core/journal.ts';
import type { AcceptedRun, Lease } from '../../src/core/run.ts';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import { createJournal } from '../../src/store/postgres/journal.ts';
import { queuedCommit, queuedSettlement } from '../../src/store/postgres/queued-unit.ts';
import type { QueuedUnit } from '../../src/store/postgres/queued-unit.ts';
import { RecordBatch } from '../../src/store/postgres/record-batch.ts';
import { RecordTables } from '../../src/store/postgres/record-tables.ts';
import { NumberSequence } from '../../src/store/postgres/number-sequence.ts';
import { commitBatch } from '../../src/store/postgres/unit-batch.ts';
import { COMMIT_SETTINGS, UnitCommits } from '../../src/store/postgres/unit-commits.ts';
import { runOf, unitOf, workOff } from './four-steps.ts';

const ACCEPTS_AT_ONCE = 64;
const LEASE_MS = 60_000;
const NO_RECORDS = { exclusive: [], locks: [] };

interface Setup {
  readonly url: string;
  readonly name: string;
  /** False: a transaction for each commit, on as many connections as there are at once. */
  readonly inBatches: boolean;
}

interface Work {
  readonly label: string;
  readonly runs: number;
  /** Runs worked on at once. */
  readonly capacity: number;
}

interface Commits {
  accept(run: AcceptedRun): Promise<unknown>;
  settle(lease: Lease, settlement: Settlement): Promise<SettleResult>;
  close(): Promise<void>;
}

const CONNECTIONS = 24;

/** One node that does nothing but write runs of four steps that do nothing. */
export function createJournalNode() {
  let node: { readonly db: PostgresDatabase; readonly commits: Commits; readonly name: string } | undefined;
  return {
    open({ url, name, inBatches }: Setup): void {
      const db = new PostgresDatabase({
        url,
        settings: COMMIT_SETTINGS,
        ...(inBatches ? {} : { connections: CONNECTIONS }),
      });
      node = { db, name, commits: inBatches ? gathered(db) : single(db) };
    },
    /** Accepts so many runs and works on whatever is due until nothing is; gives how many it ended, and when the last. */
    async work({ label, runs, capacity }: Work): Promise<{ readonly ended: number; readonly lastAt: number }> {
      if (node === undefined) throw new Error('the node is not open');
      const { db, commits, name } = node;
      const journal = createJournal({ db, units: new UnitCommits({ db, records: recordsOf(db) }) });
      let [accepted, active, ended, lastAt] = [0, 0, 0, 0];
      const acceptAll = async (): Promise<void> => {
        while (accepted < runs) await commits.accept(runOf(`${name}/${label}/${accepted++}`));
      };
      const accepting = Promise.all(Array.from({ length: ACCEPTS_AT_ONCE }, acceptAll));
      const work = async (lease: Lease): Promise<void> => {
        await workOff(commits, lease);
        active--;
        ended++;
        lastAt = Date.now();
      };
      const working: Promise<void>[] = [];
      for (let idle = 0; idle < 20;) {
        const limit = capacity - active;
        const leases =
          limit === 0 ? [] : await journal.claimDue({ owner: name, limit, now: Date.now(), leaseMs: LEASE_MS });
        active += leases.length;
        working.push(...leases.map(work));
        idle = active === 0 && accepted === runs ? idle + 1 : 0;
        if (leases.length === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
      }
      await Promise.all([accepting, ...working]);
      return { ended, lastAt };
    },
    async close(): Promise<void> {
      await node?.commits.close();
      await node?.db.close();
    },
  };
}

function recordsOf(db: PostgresDatabase): RecordBatch {
  return new RecordBatch({ tables: new RecordTables(db), numbers: new NumberSequence(db) });
}

function gathered(db: PostgresDatabase): Commits {
  const units = new UnitCommits({ db, records: recordsOf(db) });
  return {
    accept: (run) => units.commit(unitOf(run)),
    settle: (lease, settlement) => units.settle(lease, settlement),
    close: () => units.close(),
  };
}

/** The same statements, for one commit at a time. */
function single(db: PostgresDatabase): Commits {
  const batch = recordsOf(db);
  const alone = async (unit: QueuedUnit) => {
    const [outcome] = await db.transaction((session) => commitBatch(session, [unit], batch));
    if (outcome?.kind !== 'applied') throw new Error(`a commit was ${outcome?.kind}`);
    return outcome;
  };
  return {
    accept: (run) => alone(queuedCommit(unitOf(run), NO_RECORDS)),
    async settle(lease, settlement) {
      const { records, released, cancelRequested } = await alone(queuedSettlement(lease, settlement, NO_RECORDS));
      return { kind: 'settled', records, released, cancelRequested };
    },
    close: async () => undefined,
  };
}
