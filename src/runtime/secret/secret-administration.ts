/** A place where a secret is named. */
export interface SecretUse {
  /** The kind of the document: `credential`, `map`; `install` for what the install itself reads. */
  readonly kind: string;
  readonly name: string;
  /** The file of the document, and the line in it. */
  readonly file?: string;
  readonly line?: number;
}

/** A secret that has a value; the value itself is never given. */
export interface SecretEntry {
  readonly name: string;
  readonly setAt: number;
  readonly setBy: string;
  readonly usedBy: readonly SecretUse[];
}

/** A secret that documents in force name, and that has no value. */
export type MissingSecret = Pick<SecretEntry, 'name' | 'usedBy'>;

/** The part of Administration that is about secrets. */
export interface SecretAdministration {
  secrets(): Promise<readonly SecretEntry[]>;
  /** What calls will fail for. */
  missingSecrets(): Promise<readonly MissingSecret[]>;
  /**
   * The next call uses the new value, also one of a run under way. Rejects with SECRET_EMPTY, SECRET_TOO_LARGE,
   * NAME_INVALID, or SECRET_UNREADABLE when this process has another key than the install.
   * @param params.replace True: SECRET_UNKNOWN when there is none of that name.
   */
  setSecret(params: { name: string; value: string; by: string; replace?: boolean | undefined }): Promise<void>;
  /** True when there was one. Rejects with SECRET_IN_USE while something names it, unless `force`. */
  removeSecret(params: { name: string; force?: boolean | undefined }): Promise<boolean>;
}
