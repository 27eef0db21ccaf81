/** Where an encryption key comes from: a file of the install's folder, or whoever started the process. */
export type KeySource = { readonly kind: 'file'; readonly file: string } | { readonly kind: 'given' };

/** The keys that this process was given, and the one under which everything is sealed. */
export interface KeyState {
  /** The id of the key that the install seals under. */
  readonly inForce: string;
  /** The ids of the keys given, in their order; a rotation goes over to the first. */
  readonly given: readonly string[];
  readonly source: KeySource;
  /** When the install went over to the key in force; undefined when everything older has been sealed anew since. */
  readonly rotatingSince: number | undefined;
}

/** A place in the order in which the rows of a table are walked through: the values of its key. */
export type RowPlace = readonly (string | number)[];

/** What one look at some rows found. All are numbers of sealed values. */
export interface SealedRows {
  /** Where to go on; undefined at the end. */
  readonly next: RowPlace | undefined;
  readonly values: number;
  /** Under another key than the one in force. With `change` they have been sealed anew, those in `left` excepted. */
  readonly outdated: number;
  /** Outdated ones whose row was changed by somebody else meanwhile: the next look finds them. */
  readonly left: number;
  /** Under a key that was not given, by its id. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** Who carries a rotation out; times are milliseconds since the epoch. */
export interface RotationHold {
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** The keys of an install, and what is sealed under them. */
export interface KeyStore {
  state(): Promise<KeyState>;
  /** Looks at the keys anew: another process may have gone over to another key, or written one into the file. */
  refresh(): Promise<void>;
  /** Rejects with SECRET_UNREADABLE when a rotation is under way to a key that this process does not have. */
  requireFit(): Promise<void>;
  /** Makes a key to go over to, first in the file. Gives its id. Rejects with KEY_NEXT_MISSING or KEY_FILE_UNWRITABLE. */
  makeNext(): Promise<string>;
  /** False while another process carries a rotation out. To be repeated before the lease is over. */
  hold(hold: RotationHold): Promise<boolean>;
  letGo(holder: string): Promise<void>;
  /** From now on everything is sealed under this key: here at once, by other processes when they look. */
  goOverTo(params: { readonly key: string; readonly at: number }): Promise<void>;
  /** The places where sealed values are, in the order in which they are to be walked through. */
  readonly places: readonly string[];
  /** Looks at some rows of a place after `after`, and with `change` seals anew what is under another key than the one in force. */
  walk(params: {
    readonly place: string;
    readonly after: RowPlace | undefined;
    readonly change: boolean;
  }): Promise<SealedRows>;
  /** Nothing is left under another key: the file keeps the one in force alone. Gives the files that hold the others now. */
  finish(): Promise<readonly string[]>;
}
