import type { NewDelivery } from './delivery.ts';
import type { Json } from './json.ts';
import type { Actor, ChangeKind, RecordId, RecordImage, RecordValues } from './record.ts';
import type { Notice } from './notification.ts';
import type { RelationWrite } from './relation.ts';
import type { AcceptedRun, RunId } from './run.ts';

/** One record change, decided on version `basedOn` (0 for a creation) of the record. */
export interface RecordWrite {
  readonly kind: ChangeKind;
  readonly module: string;
  readonly id: RecordId;
  readonly basedOn: number;
  /** The whole image after the change; for a deletion the last one. */
  readonly values: RecordValues;
  /** The fields whose values differ, for the history. */
  readonly changed: readonly string[];
  readonly actor: Actor;
  /** For a creation of what was made elsewhere before: when that was. Undefined: at the time of the unit. */
  readonly createdAt?: number;
}

/** Records that a search had not found when something was decided on that. */
export interface UnmatchedRecords {
  readonly module: string;
  /** The number of the changes that the search is sure to have seen (`RecordStore.latestChange`). */
  readonly asOf: number;
  /** The values looked for, each by field. */
  readonly keys: readonly RecordValues[];
}

/** A fact that must be committed at most once: the same key with the same body is a duplicate, with another body an error. */
export interface DedupKey {
  /** What kind of key: `request`, `fired`. */
  readonly scope: string;
  readonly key: string;
  /** Tells one body from another. */
  readonly bodyHash: string;
  /** What the duplicate is answered with. */
  readonly answer: Json;
  /** True: the duplicate is answered with the ids of the unit's runs (null for one left out) instead of `answer`. */
  readonly answersRuns?: boolean;
  readonly expiresAt: number;
}

/** All changes of one commit, as data. Committed whole or not at all. */
export interface UnitOfWork {
  /** Milliseconds since the epoch: the time every row of the unit gets. */
  readonly at: number;
  readonly records: readonly RecordWrite[];
  readonly runs: readonly AcceptedRun[];
  readonly dedup: DedupKey | undefined;
  /** Links between records. */
  readonly relations?: readonly RelationWrite[];
  /** When such a record has come meanwhile, the unit is a conflict. The unit's own writes do not count. */
  readonly unmatched?: readonly UnmatchedRecords[];
  /** What users are told. */
  readonly notices?: readonly Notice[];
  /** What leaves the product for people or other systems, once this is committed. */
  readonly deliveries?: readonly NewDelivery[];
}

export interface Committed {
  readonly kind: 'committed';
  /** The records as they are now, in the order of the unit's writes; undefined for a deletion. */
  readonly records: readonly (RecordImage | undefined)[];
  /** The ids of the accepted runs, in the order of the unit. */
  readonly runs: readonly RunId[];
  /** The id of each of the unit's runs; undefined for one left out, because it had been started before. */
  readonly acceptedAs: readonly (RunId | undefined)[];
}

/** conflict: a record or link is no longer as it was decided on; decide again. duplicate: the dedup key was used before. */
export type CommitResult =
  | Committed
  | { readonly kind: 'conflict'; readonly id: RecordId }
  | { readonly kind: 'duplicate'; readonly sameBody: boolean; readonly answer: Json };

/** A unit that changes nothing, at a time. */
export function emptyUnit(at: number): UnitOfWork {
  return { at, records: [], runs: [], dedup: undefined };
}
