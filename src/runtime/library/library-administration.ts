import type { DocumentName } from '../../core/document-store.ts';

/** One document in force, as a list shows it. */
export interface LibraryEntry extends DocumentName {
  /** Of a map `rest` or `soap`; of a credential, rule or trigger what kind it is; else empty. */
  readonly type: string;
  readonly label: string | undefined;
  /** In a list at most 300 characters of it. */
  readonly description: string | undefined;
  /** As the document says. */
  readonly author: string | undefined;
  /** The service that a map calls. */
  readonly service: string | undefined;
  /** The pack that brings it. */
  readonly pack: string | undefined;
  /** The revision from which on it has been as it is, with when and by whom that was made. */
  readonly changed: { readonly revision: number; readonly at: number; readonly by: string } | undefined;
  /** What is wrong with it, of a document that this version of the program cannot use. */
  readonly problem: string | undefined;
  /** What makes its calls less safe than calls are, one sentence each. */
  readonly weaknesses: readonly string[];
}

/** A fact about a document, as people are told it: `Product version`, `7`. */
export interface LibraryFact {
  readonly name: string;
  readonly value: string;
}

/** Everything about one document. */
export interface LibraryDetails extends LibraryEntry {
  readonly file: string;
  readonly text: string;
  /** The name of its picture, whether the install has that, and the pack that brought it. */
  readonly logo: { readonly name: string; readonly isThere: boolean; readonly pack: string | undefined } | undefined;
  readonly facts: readonly LibraryFact[];
  /** What happens when a call fails, in one sentence; undefined for what makes no calls. */
  readonly errorPlan: string | undefined;
  /** The documents that it names, and those that name it. */
  readonly uses: readonly DocumentName[];
  readonly usedBy: readonly DocumentName[];
  /** What it wants of the install, and whether that has a value. */
  readonly settings: readonly { readonly name: string; readonly isSet: boolean }[];
  readonly secrets: readonly { readonly name: string; readonly isSet: boolean }[];
}

/** Which documents are looked for; all conditions hold. */
export interface LibraryFilter {
  readonly kind?: string;
  /** Name of the service that maps call. */
  readonly service?: string;
  /** A word in name, label, description, service or type; letter case and accents make no difference. */
  readonly search?: string;
}

export interface LibraryPage {
  readonly items: readonly LibraryEntry[];
  /** How many the filter finds. */
  readonly total: number;
  /** What `after` is for the page behind this one; undefined: this is the last. */
  readonly next: string | undefined;
}

/** Something that a removal does besides. */
export interface RemovalEffect extends DocumentName {
  readonly code: string;
  readonly message: string;
}

/** What removing documents does, or would do. */
export interface RemovalReport {
  /** The revision that was in force. */
  readonly before: number;
  /** The revision now in force. */
  readonly revision: number;
  readonly stored: boolean;
  /** What was asked to be removed; with `force` also what cannot be without it. */
  readonly removed: readonly DocumentName[];
  /** Documents that cannot be without what is removed, and those that cannot be without these, each with the reason. */
  readonly broken: readonly RemovalEffect[];
  /** Documents that go on and miss something. */
  readonly doubtful: readonly RemovalEffect[];
  /** Schedules that would fire no more. */
  readonly schedules: readonly string[];
  /** Runs that have not ended: they go on with the documents that they were accepted with. */
  readonly unfinished: readonly { readonly workflow: string; readonly runs: number }[];
  /** True: nothing was removed, because `force` was not given. */
  readonly needsForce: boolean;
}

/** The part of Administration that is about single documents. */
export interface LibraryAdministration {
  /** By kind and name. */
  library(
    params: LibraryFilter & { readonly after?: string | undefined; readonly limit: number },
  ): Promise<LibraryPage>;
  /** Rejects with DOCUMENT_UNKNOWN. */
  libraryDocument(params: DocumentName): Promise<LibraryDetails>;
  /**
   * Removes documents, all or none, as a new revision. What others need is removed only with `force`, and they with it.
   * Rejects with DOCUMENT_UNKNOWN, DOCUMENTS_CHANGED.
   */
  removeDocuments(params: {
    readonly documents: readonly DocumentName[];
    readonly force: boolean;
    readonly dryRun: boolean;
    readonly by: string;
  }): Promise<RemovalReport>;
  /**
   * Puts back what a revision took away, as it was before it. Rejects with REVISION_UNKNOWN, DOCUMENT_NOTHING_REMOVED,
   * DOCUMENTS_INVALID, DOCUMENTS_CHANGED.
   */
  undeleteDocuments(params: { readonly revision: number; readonly by: string }): Promise<{
    readonly revision: number;
    readonly documents: readonly DocumentName[];
  }>;
  /**
   * Puts a copy under another name into force. Rejects with DOCUMENT_UNKNOWN, DOCUMENT_EXISTS, DOCUMENT_NAME_INVALID,
   * DOCUMENT_NOT_COPIED, DOCUMENTS_INVALID, DOCUMENTS_CHANGED.
   */
  copyDocument(
    params: DocumentName & { readonly to: string; readonly by: string },
  ): Promise<{ readonly revision: number }>;
}
