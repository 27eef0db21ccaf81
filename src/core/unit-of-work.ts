import type { Json } from './json.ts';
import type { Actor, ChangeKind, RecordId, RecordImage, RecordValues } from './record.ts';
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
  readonly expiresAt: number;
}

/** All changes of one commit, as data. Committed whole or not at all. */
export interface UnitOfWork {
  /** Milliseconds since the epoch: the time every row of the unit gets. */
  readonly at: number;
  readonly records: readonly RecordWrite[];
  readonly runs: readonly AcceptedRun[];
  readonly dedup: DedupKey | undefined;
}

export interface Committed {
  readonly kind: 'committed';
  /** The records as they are now, in the order of the unit's writes; undefined for a deletion. */
  readonly records: readonly (RecordImage | undefined)[];
  /** The ids of the accepted runs, in the order of the unit. */
  readonly runs: readonly RunId[];
}

/** conflict: a record is no longer at the version decided on; decide again. duplicate: the dedup key was used before. */
export type CommitResult =
  | Committed
  | { readonly kind: 'conflict'; readonly id: RecordId }
  | { readonly kind: 'duplicate'; readonly sameBody: boolean; readonly answer: Json };

/** A unit that changes nothing, at a time. */
export function emptyUnit(at: number): UnitOfWork {
  return { at, records: [], runs: [], dedup: undefined };
}
