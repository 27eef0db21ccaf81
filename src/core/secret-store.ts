/** Plain settings: readable, shown, never secret. */
export interface SettingStore {
  all(): Promise<Readonly<Record<string, string>>>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<boolean>;
  /**
   * Reads and writes with nobody in between: `decide` gets the value and gives the next one, undefined to leave it as it
   * is. It may be called twice, and must do nothing else. Gives what it decided.
   */
  change(name: string, decide: (value: string | undefined) => string | undefined): Promise<string | undefined>;
}

/** Confidential values, encrypted at rest (AES-256-GCM, NIST SP 800-38D). */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  set(params: { name: string; value: string; at: number; by: string }): Promise<void>;
  remove(name: string): Promise<boolean>;
  /** Names and when they were last set; never values. */
  list(): Promise<readonly { readonly name: string; readonly setAt: number; readonly setBy: string }[]>;
}

/** Encrypts values that are stored among others. `open(seal(x))` is x; `open` throws SECRET_UNREADABLE where the key is missing. */
export interface Sealer {
  seal(plain: string): string;
  open(sealed: string): string;
  /** False for what was sealed under a key that has been replaced since: it is to be sealed anew when it is stored again. */
  isCurrent(sealed: string): boolean;
}
