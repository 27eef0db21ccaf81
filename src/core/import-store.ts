/** Records on their way between this install and another one: one for each source, module and direction. */
export interface TransferKey {
  /** The address of the other install's web service. */
  readonly source: string;
  /** Name of the module here. */
  readonly module: string;
  readonly direction: 'in' | 'out';
}

/** How far a transfer has come. */
export interface TransferProgress {
  /** Tells what was asked for: a transfer that asks for something else begins anew. */
  readonly asked: string;
  /** The last id of the last page that is done; undefined before the first. */
  readonly after: string | undefined;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly failed: number;
  /** True when the last page is done. */
  readonly done: boolean;
}

/** A reference that waits for its record. */
export interface PendingReference {
  /** The record here, and its field. */
  readonly record: string;
  readonly field: string;
  /** What it refers to, by its id at the other install. */
  readonly remote: string;
}

/** What one step of a transfer leaves behind; committed whole. */
export interface TransferStep {
  readonly source: string;
  /** Ids there and here; an empty id here takes back what was said before. */
  readonly identities?: readonly (readonly [remote: string, local: string])[];
  readonly pending?: readonly PendingReference[];
  /** References that wait no longer. */
  readonly settled?: readonly Pick<PendingReference, 'record' | 'field'>[];
  readonly progress?: { readonly key: TransferKey; readonly progress: TransferProgress };
}

/** What an install remembers of other installs whose records it took or gave. */
export interface ImportStore {
  progress(key: TransferKey): Promise<TransferProgress | undefined>;
  /** The ids here of those ids there that are known. */
  identities(source: string, remotes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The other way round: the ids there of those ids here that are known. */
  remotes(source: string, locals: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** References that wait, in the order of record and field, after the one given. */
  pending(params: {
    readonly source: string;
    readonly after: PendingReference | undefined;
    readonly limit: number;
  }): Promise<readonly PendingReference[]>;
  save(step: TransferStep): Promise<void>;
}
