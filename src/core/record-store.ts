import type { Json } from './json.ts';
import type { ModuleDefinition } from './module.ts';
import type { Found, FoundRecord, Query } from './query.ts';
import type { ChangeKind, RecordId, RecordImage, RecordValues } from './record.ts';
import type { CommitResult, UnitOfWork } from './unit-of-work.ts';

/** One committed change of a record. */
export interface HistoryEntry {
  readonly id: RecordId;
  readonly version: number;
  readonly kind: ChangeKind;
  readonly at: number;
  readonly by: string;
  readonly run: number | undefined;
  readonly task: string | undefined;
  /** Field -> value before and after, of the fields that changed. */
  readonly changes: Readonly<Record<string, { readonly before: Json; readonly after: Json }>>;
}

/** What preparing one module would add to the database. */
export interface ModulePreview {
  readonly module: string;
  /** True when the module has no table yet: everything is added with it. */
  readonly isNew: boolean;
  /** Names of fields whose columns would be added to the table there is. */
  readonly columns: readonly string[];
  /** Names of fields whose indexes would be added to the table there is. */
  readonly indexes: readonly string[];
  /** Why preparing would be refused; undefined when it would not. */
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string | undefined } | undefined;
}

/** Records, one typed table per module. */
export interface RecordStore {
  /** Makes the tables fit: adds tables, columns and indexes, never drops. Safe to repeat. */
  prepareModules(modules: readonly ModuleDefinition[]): Promise<void>;
  /** What `prepareModules` would add, and what it would refuse; changes nothing. */
  previewModules(modules: readonly ModuleDefinition[]): Promise<readonly ModulePreview[]>;
  /** A number no record of the install has had. Numbers rise; gaps are possible. */
  allocateNumber(): Promise<number>;
  read(module: ModuleDefinition, id: RecordId): Promise<RecordImage | undefined>;
  /** Images of the records found, in order. Of `select` only fields of joins are applied here: images are whole. */
  query(module: ModuleDefinition, query: Query): Promise<readonly FoundRecord[]>;
  /** As `query`, and how many there are without its limit; both are told of one moment. */
  find(module: ModuleDefinition, query: Query): Promise<Found<FoundRecord>>;
  count(module: ModuleDefinition, query: Query): Promise<number>;
  /** True when there is a link between the two, whichever side it was made from. */
  linked(one: RecordId, other: RecordId): Promise<boolean>;
  /** Oldest first. */
  history(id: RecordId): Promise<readonly HistoryEntry[]>;
  /**
   * A number for the changes of records committed so far, 0 when there is none: what is searched after that sees all changes
   * up to it, and perhaps later ones.
   */
  latestChange(): Promise<number>;
  commit(unit: UnitOfWork): Promise<CommitResult>;
  /** The answer stored under a dedup key that has not expired. */
  findDedup(params: {
    scope: string;
    key: string;
    now: number;
  }): Promise<{ readonly bodyHash: string; readonly answer: Json } | undefined>;
}

/** The fields of a record that its module names, null where the record has none. */
export function emptyValues(module: ModuleDefinition): RecordValues {
  return Object.fromEntries(module.fields.map((field) => [field.name, null]));
}
