import type { RecordImage } from '../../core/record.ts';
import type { AcceptedRun, RunId } from '../../core/run.ts';
import type { CommitResult, Committed, UnitOfWork } from '../../core/unit-of-work.ts';
import { encodeContext } from '../context-encoding.ts';
import type { BusinessKeys } from './business-keys.ts';
import type { Deliveries } from './delivery-store.ts';
import type { DedupKeys } from './dedup-keys.ts';
import type { FirstTrueMarks } from './first-true-marks.ts';
import type { RecordTables } from './record-tables.ts';
import type { Notifications } from './notification-store.ts';
import type { RecordNewcomers } from './record-newcomers.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Relations } from './relations.ts';
import type { RunContexts } from './run-contexts.ts';
import type { AcceptedEntry, RunLanes } from './run-lanes.ts';

/** A unit that was applied; `claimable` are those of its runs that need not wait for another. */
export interface AppliedUnit {
  readonly committed: Committed;
  readonly claimable: readonly RunId[];
}

/** Why a unit was not applied; what it had done already is for the caller to undo. */
export type RefusedUnit = Exclude<CommitResult, Committed>;

/** What units are applied with. */
export interface UnitParts {
  readonly tables: RecordTables;
  readonly records: RecordWriter;
  readonly relations: Relations;
  readonly lanes: RunLanes;
  readonly marks: FirstTrueMarks;
  readonly contexts: RunContexts;
  readonly keys: BusinessKeys;
  readonly dedup: DedupKeys;
  readonly newcomers: RecordNewcomers;
  readonly notifications: Notifications;
  readonly deliveries: Deliveries;
}

/** Applies units of work inside a unit of the group commit. */
export class UnitWriter {
  readonly #parts: UnitParts;

  constructor(parts: UnitParts) {
    this.#parts = parts;
  }

  apply(unit: UnitOfWork): AppliedUnit | RefusedUnit {
    const { records, relations, tables, dedup, newcomers, notifications, deliveries } = this.#parts;
    const duplicate = unit.dedup === undefined ? undefined : dedup.take(unit.dedup, unit.at);
    if (duplicate !== undefined) return duplicate;
    for (const unmatched of unit.unmatched ?? []) {
      const newcomer = newcomers.find(unmatched);
      if (newcomer !== undefined) return { kind: 'conflict', id: newcomer };
    }
    const images: (RecordImage | undefined)[] = [];
    for (const write of unit.records) {
      const result = records.write(write, unit.at);
      if (result.kind === 'conflict') return { kind: 'conflict', id: write.id };
      if (write.kind === 'delete') relations.forget(write.id);
      images.push(result.image);
    }
    for (const write of unit.relations ?? []) {
      const misfit = relations.apply(write, tables, unit.at);
      if (misfit !== undefined) return { kind: 'conflict', id: misfit };
    }
    for (const notice of unit.notices ?? []) notifications.add(notice, unit.at);
    for (const delivery of unit.deliveries ?? []) deliveries.add(delivery, unit.at);
    const entries = unit.runs.map((run) => this.#accept(run, unit.at));
    const acceptedAs = entries.map((entry) => entry?.id);
    if (unit.dedup?.answersRuns === true) {
      dedup.answer(
        unit.dedup,
        acceptedAs.map((id) => id ?? null),
      );
    }
    const accepted = entries.filter((entry) => entry !== undefined);
    return {
      committed: { kind: 'committed', records: images, runs: accepted.map((entry) => entry.id), acceptedAs },
      claimable: accepted.filter((entry) => entry.claimable).map((entry) => entry.id),
    };
  }

  /** Undefined when the run is left out, because its workflow was started before: for the record, or by the same root. */
  #accept(run: AcceptedRun, at: number): AcceptedEntry | undefined {
    const { lanes, marks, contexts, keys } = this.#parts;
    const mark = run.trigger.once === true ? marks.state(run) : undefined;
    if (mark === 'fired') return undefined;
    const entry = lanes.accept(mark === 'undecided' ? { ...run, undecided: true } : run, at);
    if (entry === undefined) return undefined;
    if (mark === 'free') marks.set(run, entry.id);
    if (run.context !== undefined) contexts.write(entry.id, encodeContext(run.context));
    if (run.keys !== undefined) keys.write(entry.id, run.keys);
    return entry;
  }
}
