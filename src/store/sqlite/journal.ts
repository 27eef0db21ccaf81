import type { Journal, SettleResult, Settlement } from '../../core/journal.ts';
import type { Lease } from '../../core/run.ts';
import { encodeContext } from '../context-encoding.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import type { RunClaims } from './run-claims.ts';
import type { RunInterventions } from './run-interventions.ts';
import type { RunListing } from './run-listing.ts';
import { requireSettleable } from './run-settlement.ts';
import type { RunSettlements } from './run-settlement.ts';
import { guarded } from './sqlite-failure.ts';
import type { StepLog } from './step-log.ts';

/** What a journal is read with. */
export interface JournalReaderParts {
  readonly listing: RunListing;
  readonly steps: StepLog;
}

/** What a journal is made of. */
export interface JournalParts extends JournalReaderParts {
  readonly commits: GroupCommit;
  readonly claims: RunClaims;
  readonly settlements: RunSettlements;
  readonly interventions: RunInterventions;
}

/** The reading half of a journal. */
export function createJournalReader(parts: JournalReaderParts): Pick<Journal, 'run' | 'runs' | 'steps' | 'counts'> {
  return {
    run: guarded((id) => parts.listing.run(id)),
    runs: (filter) => parts.listing.runs(filter),
    steps: guarded((run) => parts.steps.of(run)),
    counts: () => parts.listing.counts(),
  };
}

/** A journal on SQLite. */
export function createJournal(parts: JournalParts): Journal {
  const { commits, claims, interventions } = parts;
  return {
    ...createJournalReader(parts),
    claimDue: (params) => commits.write(() => claims.claimDue(params)),
    claim: (params) => commits.write(() => claims.claim(params)),
    settle: (lease, settlement) => settle(parts, lease, settlement),
    heartbeat: (params) => commits.write(() => claims.heartbeat(params)),
    takeOver: (params) => commits.write(() => claims.takeOver(params)),
    release: (params) => commits.write(() => claims.release(params)),
    intervene: (command) => commits.write(() => interventions.intervene(command)),
  };
}

async function settle(parts: JournalParts, lease: Lease, settlement: Settlement): Promise<SettleResult> {
  requireSettleable(settlement);
  // Encoded before its turn comes: long texts are hashed, and the transaction waits for nobody.
  const context = settlement.context === undefined ? undefined : encodeContext(settlement.context);
  return parts.commits.write<SettleResult>(() => {
    const result = parts.settlements.settle(lease, settlement, context);
    return result.kind === 'conflict' ? new Undo(result) : result;
  });
}
