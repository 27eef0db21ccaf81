import type { Actor, RecordId, RecordImage } from './record.ts';

export type RelationKind = 'relate' | 'unrelate';

/** One end of a link between two records. */
export interface RelationEnd {
  readonly module: string;
  readonly id: RecordId;
}

/**
 * A link to be made or taken away. A pair of records has one link at most, whichever side it was made from. The commit is
 * a conflict when the link to be made is there already, when the one to be taken away is not, and when a record is gone.
 */
export interface RelationWrite {
  readonly kind: RelationKind;
  /** The side it is made from. */
  readonly source: RelationEnd;
  readonly target: RelationEnd;
  readonly actor: Actor;
}

/** A link that is about to be made or taken away, with the records at its ends. */
export interface RelationChange {
  readonly kind: RelationKind;
  readonly source: RecordImage;
  readonly target: RecordImage;
  readonly actor: Actor;
}

/** The context keys that a run started by a link begins with. */
export const RELATION_KEYS = [
  'related_id',
  'related_module',
  'source_record',
  'source_module',
  'destination_record',
  'destination_module',
] as const;

/** What a run of one of the link's records begins with; `related` is the record at the other end. */
export function relationContext(
  { source, target }: Pick<RelationChange, 'source' | 'target'>,
  related: RelationEnd,
): Readonly<Record<(typeof RELATION_KEYS)[number], string>> {
  return {
    related_id: related.id,
    related_module: related.module,
    source_record: source.id,
    source_module: source.module,
    destination_record: target.id,
    destination_module: target.module,
  };
}
