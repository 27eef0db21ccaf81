import type { Journal, SettleResult } from '../../core/journal.ts';
import type { Lease } from '../../core/run.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import type { RunClaims } from './run-claims.ts';
import type { RunInterventions } from './run-interventions.ts';
import type { RunListing } from './run-listing.ts';
import type { RunSettlements } from './run-settlement.ts';
import { encodeSettlement } from '../settlement-encoding.ts';
import type { EncodedSettlement } from '../settlement-encoding.ts';
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
  readonly marks: FirstTrueMarks;
}

/** The reading half of a journal. */
export function createJournalReader(
  parts: JournalReaderParts,
): Pick<Journal, 'run' | 'runs' | 'steps' | 'counts' | 'unfinished'> {
  return {
    run: guarded((id) => parts.listing.run(id)),
    runs: (filter) => parts.listing.runs(filter),
    steps: guarded((run) => parts.steps.of(run)),
    counts: () => parts.listing.counts(),
    unfinished: () => parts.listing.unfinished(),
  };
}

/** A journal on SQLite. */
export function createJournal(parts: JournalParts): Journal {
  const { commits, claims, interventions } = parts;
  return {
    ...createJournalReader(parts),
    // A claim that a power cut undoes was made by a process that the same cut ended: nobody works under its epoch.
    claimDue: (params) => commits.write(() => claims.claimDue(params), 'system'),
    claim: (params) => commits.write(() => claims.claim(params), 'system'),
    settle: async (lease, settlement) => settle(parts, lease, encodeSettlement(settlement)),
    heartbeat: (params) => commits.write(() => claims.heartbeat(params), 'system'),
    takeOver: (params) => commits.write(() => claims.takeOver(params)),
    release: (params) => commits.write(() => claims.release(params)),
    holdsMark: guarded((id) => parts.marks.holds(id)),
    lastActor: guarded((id) => interventions.lastActor(id)),
    intervene: (command) => commits.write(() => interventions.intervene(command)),
  };
}

function settle({ commits, settlements }: JournalParts, lease: Lease, settlement: EncodedSettlement) {
  return commits.write<SettleResult>(() => {
    const result = settlements.settle(lease, settlement);
    return result.kind === 'conflict' ? new Undo(result) : result;
  });
}
