import type { RecordImage } from '../../core/record.ts';
import type { CommitResult, Committed, UnitOfWork } from '../../core/unit-of-work.ts';
import type { DedupKeys } from './dedup-keys.ts';
import type { RunLanes } from './run-lanes.ts';
import type { RecordWriter } from './record-writer.ts';

/** A unit that was applied; `claimable` are those of its runs that need not wait for another. */
export interface AppliedUnit {
  readonly committed: Committed;
  readonly claimable: readonly number[];
}

/** Why a unit was not applied; what it had done already is for the caller to undo. */
export type RefusedUnit = Exclude<CommitResult, Committed>;

/** Applies units of work inside a unit of the group commit. */
export class UnitWriter {
  readonly #records: RecordWriter;
  readonly #lanes: RunLanes;
  readonly #dedup: DedupKeys;

  constructor(parts: { records: RecordWriter; lanes: RunLanes; dedup: DedupKeys }) {
    this.#records = parts.records;
    this.#lanes = parts.lanes;
    this.#dedup = parts.dedup;
  }

  apply(unit: UnitOfWork): AppliedUnit | RefusedUnit {
    const duplicate = unit.dedup === undefined ? undefined : this.#dedup.take(unit.dedup, unit.at);
    if (duplicate !== undefined) return duplicate;
    const records: (RecordImage | undefined)[] = [];
    for (const write of unit.records) {
      const result = this.#records.write(write, unit.at);
      if (result.kind === 'conflict') return { kind: 'conflict', id: write.id };
      records.push(result.image);
    }
    const accepted = unit.runs.map((run) => this.#lanes.accept(run, unit.at)).filter((entry) => entry !== undefined);
    return {
      committed: { kind: 'committed', records, runs: accepted.map((entry) => entry.id) },
      claimable: accepted.filter((entry) => entry.claimable).map((entry) => entry.id),
    };
  }
}
