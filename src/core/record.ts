/**
 * One field's value. Text types are strings; integer, number and currency are numbers with at most 15 significant
 * digits (so they are exact in IEEE 754, JSON and both databases); booleans are booleans; null is known to be empty.
 * Dates are `YYYY-MM-DD`, times `HH:MM:SS`, datetimes `YYYY-MM-DDTHH:MM:SSZ`, references and owners are ids (`11x74`).
 */
export type RecordValue = string | number | boolean | null;

/** Field name -> value. Every field of the module is present. */
export type RecordValues = Readonly<Record<string, RecordValue>>;

/** The id of a record as it stands on the wire: module prefix, `x`, number: `14x1`. */
export type RecordId = string;

/** A record at one version. */
export interface RecordImage {
  readonly id: RecordId;
  readonly module: string;
  /** Counts from 1, plus one with every committed change. */
  readonly version: number;
  readonly values: RecordValues;
  /** Milliseconds since the epoch, UTC. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** User ids (`19x1`). */
  readonly createdBy: string;
  readonly modifiedBy: string;
}

/** Who makes a change: a user, or a run on somebody's behalf. */
export interface Actor {
  /** User id (`19x1`). */
  readonly user: string;
  readonly run?: number;
  readonly task?: string;
}

export type ChangeKind = 'create' | 'update' | 'delete';

/** A change of a record that has been decided and not yet committed. */
export interface RecordChange {
  readonly kind: ChangeKind;
  readonly module: string;
  readonly id: RecordId;
  /** The image before; undefined for a creation. */
  readonly before: RecordImage | undefined;
  /** The values after; for a deletion those it had. */
  readonly after: RecordValues;
  /** Names of the fields whose value differs; all given ones for a creation, none for a deletion. */
  readonly changed: readonly string[];
  readonly actor: Actor;
}

/** The number of a record id: 1 for `14x1`; undefined when the text is not an id. */
export function recordNumber(id: RecordId): number | undefined {
  const match = /^[0-9]+x([1-9][0-9]{0,15})$/u.exec(id);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** The module prefix of a record id: `14` for `14x1`; undefined when the text is not an id. */
export function recordPrefix(id: RecordId): string | undefined {
  return /^([0-9]+)x[0-9]+$/u.exec(id)?.[1];
}

/** Names of the fields that differ between two images, in the order of `after`. */
export function changedFields(before: RecordValues, after: RecordValues): string[] {
  return Object.keys(after).filter((name) => (before[name] ?? null) !== (after[name] ?? null));
}
