import type { RecordValue } from '../core/record.ts';

/** A record of the application, as its modules declare it. */
export interface ApplicationRecord {
  /** The name of a module among the documents. */
  readonly module: string;
  /** By field name. Fields left out are empty; what the module does not declare is left out. */
  readonly values: Readonly<Record<string, RecordValue>>;
  /** Rises with every change; handed back with a write, so that a change made meanwhile is noticed. 1 when left out. */
  readonly version?: number;
}

/** What a run writes to a record of the application. */
export interface ApplicationWrite {
  readonly module: string;
  readonly id: string;
  /** Only the fields that change, checked against the module. */
  readonly fields: Readonly<Record<string, RecordValue>>;
  /** The version of the record that the change was decided on. */
  readonly basedOn: number;
  /** The run that writes, and the task in it. */
  readonly run: number;
  readonly task: string | undefined;
}

/**
 * Records that live in the application's own tables instead of the built-in ones. Both methods may answer at once or
 * with a promise. What they throw is taken for trouble that passes: they are called again for about half a minute, then
 * the run waits for a person (RECORD_HOST_FAILED). A MapwrightError that is not `retryable` is not tried again.
 *
 * Ids are the application's: any text of 1 to 255 characters that names one record among all modules.
 */
export interface ApplicationRecords {
  /** The record as it is now; undefined when there is none, which cancels its runs. */
  read(id: string): Promise<ApplicationRecord | undefined> | ApplicationRecord | undefined;
  /**
   * Changes some fields of a record. Called at least once for every write, before the run's step counts as done: after
   * a crash in between it is called again with the same `key`. Store the key in the transaction that makes the change,
   * and answer `applied` without changing anything when it is there already. `conflict` says that the record is no
   * longer at `basedOn`: it is read and decided on again.
   */
  apply(
    write: ApplicationWrite,
    options: { readonly key: string },
  ): Promise<'applied' | 'conflict'> | 'applied' | 'conflict';
  /** The name by which people know the record; its module's title field when left out. */
  displayName?(id: string): Promise<string | undefined> | string | undefined;
}
