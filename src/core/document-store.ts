/** One document as the administrator wrote it. */
export interface StoredDocument {
  /** module, service, map, workflow, ... */
  readonly kind: string;
  readonly name: string;
  /** The file name it came from, for diagnostics and export. */
  readonly file: string;
  readonly text: string;
}

/** One numbered state of all documents. */
export interface Revision {
  /** Counts from 1. */
  readonly number: number;
  readonly at: number;
  readonly by: string;
  readonly documents: readonly StoredDocument[];
}

/** A revision without its documents. */
export interface RevisionSummary extends Omit<Revision, 'documents'> {
  /** How many documents it holds. */
  readonly documents: number;
}

export interface DocumentStore {
  /** The number of the newest revision; 0 when there is none. */
  head(): Promise<number>;
  revision(number: number): Promise<Revision | undefined>;
  /** Newest first, `limit` at most. */
  revisions(params: { limit: number }): Promise<readonly RevisionSummary[]>;
  /** Saves all or none; undefined when `basedOn` is no longer the head. */
  save(params: {
    documents: readonly StoredDocument[];
    by: string;
    at: number;
    basedOn: number;
  }): Promise<number | undefined>;
}
