/** What tells one document of a revision from all others. */
export interface DocumentName {
  /** module, service, map, workflow, ... */
  readonly kind: string;
  readonly name: string;
}

/** One document as the administrator wrote it. */
export interface StoredDocument extends DocumentName {
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

/** Which revision brought the text that a document has. */
export interface DocumentOrigin extends DocumentName {
  /** The revision, when and by whom. */
  readonly since: number;
  readonly at: number;
  readonly by: string;
}

export interface DocumentStore {
  /** The number of the newest revision; 0 when there is none. */
  head(): Promise<number>;
  revision(number: number): Promise<Revision | undefined>;
  /** Newest first, `limit` at most. */
  revisions(params: { limit: number }): Promise<readonly RevisionSummary[]>;
  /**
   * Since which revision each document of this one has had its text without a break; of documents stored by a program before
   * 0.4 the first revision that had the same text.
   */
  origins(revision: number): Promise<readonly DocumentOrigin[]>;
  /** Saves all or none; undefined when `basedOn` is no longer the head. */
  save(params: {
    documents: readonly StoredDocument[];
    by: string;
    at: number;
    basedOn: number;
  }): Promise<number | undefined>;
}
