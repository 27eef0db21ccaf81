import type { PendingReference, TransferKey, TransferProgress } from '../../core/import-store.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordId } from '../../core/record.ts';
import type { UserDetails } from '../people-administration.ts';

/** A user of another install. */
export interface RemoteUser extends UserDetails {
  /** Its id there. */
  readonly id: string;
  /** What it logs in with. */
  readonly name: string;
  readonly admin: boolean;
  readonly active: boolean;
}

/** A group of another install. */
export interface RemoteGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Names of users; undefined when that is not told. */
  readonly members: readonly string[] | undefined;
}

/** What became, or would become, of one user or group. */
export interface PersonOutcome {
  readonly kind: 'user' | 'group';
  /** Here. */
  readonly name: string;
  readonly outcome: 'created' | 'changed' | 'unchanged' | 'unknown' | 'refused';
  /** Why it was refused, or what it is called there. */
  readonly reason?: string;
}

export interface PeopleImport {
  readonly source: string;
  readonly users: readonly RemoteUser[];
  readonly groups: readonly RemoteGroup[];
  /** `match`: only notes who is who, by the names. `plan`: tells what would be done. */
  readonly mode: 'create' | 'match' | 'plan';
}

/**
 * What an imported record is found by when it is not known yet. `id`: it keeps its number, and none is taken away.
 * `key`: a field that has the same value there and here. `link`: a field here that holds the id there.
 */
export type RecordIdentity =
  | { readonly by: 'id' }
  | { readonly by: 'key'; readonly field: string }
  | { readonly by: 'link'; readonly field: string };

/** Why one record was not taken or given. */
export interface RecordFailure {
  /** At the side it comes from. */
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

/** One page of records of another install. */
export interface RecordBatch {
  readonly key: TransferKey;
  readonly identity: RecordIdentity;
  /** As the other install's queries answer them. */
  readonly records: readonly JsonObject[];
  /** True: workflows start, as with every save. */
  readonly fires: boolean;
  /** Who gave the command: the user of that name is the author of the changes, else the first administrator. */
  readonly by: string;
  /** How far the transfer was before this page. */
  readonly progress: TransferProgress;
}

export interface BatchReport {
  /** How far the transfer is now. */
  readonly progress: TransferProgress;
  readonly failures: readonly RecordFailure[];
  /** Fields of the records that the module here does not have. */
  readonly leftOut: readonly string[];
}

/** References that found their records, and those that still wait. */
export interface SettlementReport {
  readonly settled: number;
  readonly waiting: readonly PendingReference[];
  /** Where to go on; undefined when all were looked at. */
  readonly next?: PendingReference | undefined;
}

/** A record of this install on its way to another. */
export interface RecordToGive {
  readonly id: RecordId;
  /** Its id there; undefined when it is not known to be there. */
  readonly remote?: string | undefined;
  /** Its values on the wire, with what they refer to by the ids there. */
  readonly values: JsonObject;
  /** The same for every try to create it there. */
  readonly requestIdentifier: string;
  /** References left out, because what they refer to is not known there. */
  readonly leftOut: readonly string[];
}

/** Records on their way between installs. Methods reject with MODULE_UNKNOWN, FIELD_UNKNOWN and what the store does. */
export interface ImportAdministration {
  /** The modules in force. */
  modules(): Promise<readonly ModuleDefinition[]>;
  importPeople(params: PeopleImport): Promise<readonly PersonOutcome[]>;
  transferProgress(params: TransferKey): Promise<TransferProgress | undefined>;
  /** Creates and changes records, each in a commit of its own; what is refused is told, and stops nothing. Repeating it changes nothing more. */
  takeRecords(params: RecordBatch): Promise<BatchReport>;
  /** Sets references that had to wait, a few hundred at a time. */
  settleReferences(params: {
    readonly source: string;
    readonly by: string;
    readonly after?: PendingReference | undefined;
  }): Promise<SettlementReport>;
  /** One page of records by rising ids, and how many there are from there on. Rejects as the query language does. */
  recordsToGive(params: {
    readonly key: TransferKey;
    readonly identity: RecordIdentity;
    readonly where: string;
    readonly limit: number;
    readonly after: string | undefined;
  }): Promise<{ readonly records: readonly RecordToGive[]; readonly remaining: number }>;
  /** Remembers what records given are called there, and writes it into the linking field, if there is one. */
  noteGiven(params: {
    readonly key: TransferKey;
    readonly identity: RecordIdentity;
    readonly given: readonly { readonly id: RecordId; readonly remote: string }[];
    readonly by: string;
    readonly progress: TransferProgress;
  }): Promise<void>;
}
