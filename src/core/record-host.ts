import type { Query } from './query.ts';
import type { Actor, RecordId, RecordImage, RecordValue, RecordValues } from './record.ts';
import type { RecordWrite } from './unit-of-work.ts';

/** The records that have the values of one key. */
export interface RecordMatch {
  /** The values as their fields keep them. */
  readonly key: RecordValues;
  /** Two at most: more than one is too many to choose from. */
  readonly images: readonly RecordImage[];
}

/** Where a run's records live: the built-in CRM, or the application that embeds the runtime. */
export interface RecordHost {
  read(id: RecordId): Promise<RecordImage | undefined>;
  /**
   * Decides a change of some fields on this image, validated as the module says (read-only fields may be written).
   * Undefined when nothing differs. Rejects with RECORD_INVALID naming the field.
   */
  decideUpdate(params: {
    image: RecordImage;
    fields: Readonly<Record<string, RecordValue>>;
    actor: Actor;
  }): Promise<RecordWrite | undefined>;
  /**
   * Decides a new record, validated as its module says (read-only fields may be written). Rejects with RECORD_INVALID
   * naming the field. A host in which runs create no records leaves it out, or rejects with a code of its own: the task
   * fails with that.
   */
  decideCreation?(params: {
    module: string;
    fields: Readonly<Record<string, RecordValue>>;
    actor: Actor;
  }): Promise<RecordWrite>;
  /**
   * Finds the records that have exactly these values, for each key in the order given. `asOf` numbers the latest change
   * that the search is sure to have seen, for `UnitOfWork.unmatched`; undefined when the host cannot tell. Rejects with
   * RECORD_INVALID for a value that its field cannot keep. May be left out like `decideCreation`.
   */
  find?(params: {
    module: string;
    keys: readonly RecordValues[];
  }): Promise<{ readonly matches: readonly RecordMatch[]; readonly asOf: number | undefined }>;
  /**
   * The records that a query finds, whole and in its order; Users and Groups among the modules. Its field names have been
   * checked. A host that cannot search leaves it out: what looks for records then fails with EXPRESSION_FAILED.
   */
  search?(query: Query): Promise<readonly RecordImage[]>;
  /** The value of `field`, which may go through references (`account_id.accountname`); undefined when there is no such field. */
  fieldThrough(image: RecordImage, path: readonly string[]): Promise<RecordValue | undefined>;
  /** The name by which people know a record or user: its title field, or the user's name; undefined when there is none. */
  displayName(id: RecordId): Promise<string | undefined>;
  /**
   * Only of a host that keeps its records elsewhere than in the install's store: applies a decided change there, before
   * the journal's commit that ends the step. At least once: after a crash between the two commits it is called again
   * with the same key, which the host should store in the transaction that applies the change. `conflict` when the
   * record is no longer at the version decided on: it is read again and decided again.
   */
  write?(write: RecordWrite, options: { readonly key: string }): Promise<'applied' | 'conflict'>;
}
