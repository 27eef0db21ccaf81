import type { Diagnostic } from '../core/diagnostic.ts';
import type { Delivery } from '../core/delivery.ts';
import type { Revision, RevisionSummary } from '../core/document-store.ts';
import type { RunFilter } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { NodeEntry } from '../core/node.ts';
import type { RecordId, RecordImage } from '../core/record.ts';
import type { Run, RunId, RunStatus } from '../core/run.ts';
import type { StartReport } from '../core/awaited-run.ts';
import type { Step } from '../core/step.ts';
import type { CredentialAdministration } from './credential/credential-administration.ts';
import type { AccessAdministration } from './access/access-administration.ts';
import type { BackupAdministration } from './backup/backup-administration.ts';
import type { FileAdministration } from './files/file-administration.ts';
import type { ImportAdministration } from './import/import-administration.ts';
import type { InboxAdministration } from './inbox-administration.ts';
import type { DestinationAdministration } from './destination-administration.ts';
import type { LibraryAdministration } from './library/library-administration.ts';
import type { NotificationAdministration } from './notification-administration.ts';
import type { PackAdministration } from './pack/pack-administration.ts';
import type { PeopleAdministration } from './people-administration.ts';
import type { RetentionAdministration } from './retention/retention-administration.ts';
import type { ScheduleAdministration } from './schedule/schedule-administration.ts';
import type { ScheduleTimes } from './schedule/schedule-times.ts';
import type { KeyAdministration } from './secret/key-administration.ts';
import type { SecretAdministration } from './secret/secret-administration.ts';
import type { TrialAdministration } from './trial/trial-administration.ts';

export type { BackupAdministration, BackupState } from './backup/backup-administration.ts';
export type {
  CredentialConnection,
  CredentialEntry,
  CredentialTrial,
  CredentialTrialParams,
  SignInProgress,
} from './credential/credential-administration.ts';
export type { RemovalReport } from './library/library-administration.ts';
export type { PackImportReport } from './pack/pack-administration.ts';
export type { GroupEntry, UnitEntry, UserDetails, UserEntry } from './people-administration.ts';
export type { KeyRotation } from './secret/key-administration.ts';
export type { MissingSecret, SecretEntry, SecretUse } from './secret/secret-administration.ts';
export type { TryMapParams, TryMapReport } from './trial/trial-administration.ts';

/** A document as given to `apply`: the file's name and its text. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

export interface DocumentChange {
  readonly kind: string;
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged';
}

export interface ApplyReport {
  /** The revision now in force; unchanged when nothing differed or there were errors. */
  readonly revision: number;
  /** True when a new revision was stored. */
  readonly stored: boolean;
  readonly changes: readonly DocumentChange[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A text that differs from the one in force, with the changed documents that it holds. */
export interface TextChange {
  readonly file: string;
  readonly documents: readonly { readonly kind: string; readonly name: string }[];
  readonly before: string;
  readonly after: string;
}

/** What a module's table would gain, and which fields would no longer be shown; columns are never dropped. */
export interface ModuleChange {
  readonly module: string;
  /** True when its table would be made. */
  readonly isNew: boolean;
  /** Fields that would get a column. */
  readonly columns: readonly string[];
  /** Fields that would get an index. */
  readonly indexes: readonly string[];
  /** Fields that the module would no longer have; their values stay in the database. */
  readonly hidden: readonly string[];
}

/** What `apply` would do. */
export interface PlanReport {
  /** The revision in force; 0 when there is none. */
  readonly revision: number;
  readonly changes: readonly DocumentChange[];
  /** The texts of the changed documents. */
  readonly texts: readonly TextChange[];
  readonly modules: readonly ModuleChange[];
  /** Of the added and changed workflows with error plans. */
  readonly plans: readonly WorkflowPlans[];
  /** When the schedules of added and changed workflows fire. */
  readonly schedules?: readonly ScheduleTimes[];
  /** How many runs of each workflow have not ended: they keep to the revision they were accepted with. */
  readonly unfinished: Readonly<Record<string, number>>;
  /** With errors, `apply` would change nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What happens when the tasks of a workflow fail, in one sentence each. */
export interface WorkflowPlans {
  readonly workflow: string;
  readonly tasks: readonly { readonly task: string; readonly sentence: string }[];
}

/** What reading and compiling documents found. */
export interface CheckReport {
  /** Of the workflows with error plans. */
  readonly plans: readonly WorkflowPlans[];
  /** When the schedules fire; left out where nobody said from when on. */
  readonly schedules?: readonly ScheduleTimes[];
  /** How many documents of each kind were read. */
  readonly counts: Readonly<Record<string, number>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A workflow to start by hand. */
export interface StartWorkflowParams {
  readonly workflow: string;
  /** One run for each; none for a workflow without a module. */
  readonly records?: readonly RecordId[];
  /** What each run's context starts with. */
  readonly context?: JsonObject;
  /** The same key with the same content starts nothing more, for 30 days. */
  readonly key?: string;
  /** Milliseconds; when left out, as long as the trigger says. */
  readonly waitMs?: number;
  /** Name of the user who starts it; one that the install does not know acts as its administrator. */
  readonly by: string;
}

export interface RunDetails {
  readonly run: Run;
  readonly steps: readonly Step[];
  /** What happens when the task at which the run stands fails, in one sentence; undefined when it stands at none. */
  readonly plan?: string | undefined;
  /** What left the product to tell people of it, by mail or through a map. */
  readonly deliveries?: readonly Delivery[];
}

export interface InstallStatus {
  readonly version: string;
  readonly folder: string;
  /** Where webservice.php is; undefined when no server runs. */
  readonly url: string | undefined;
  readonly revision: number;
  /** `handled` have ended after an abort, and count under their status too. */
  readonly runs: Readonly<Record<RunStatus, number>> & { readonly waiting: number; readonly handled: number };
}

/**
 * Everything an administrator can do to one install. The same interface is served by the process that owns the install
 * and, over its local socket, to other commands. Methods reject with MapwrightError.
 */
export interface Administration
  extends
    PeopleAdministration,
    DestinationAdministration,
    NotificationAdministration,
    ScheduleAdministration,
    ImportAdministration,
    AccessAdministration,
    RetentionAdministration,
    BackupAdministration,
    FileAdministration,
    LibraryAdministration,
    PackAdministration,
    CredentialAdministration,
    InboxAdministration,
    SecretAdministration,
    KeyAdministration,
    TrialAdministration {
  status(): Promise<InstallStatus>;
  /** The processes that work on the install; none of one in a folder, which has a single process. */
  nodes(): Promise<readonly NodeEntry[]>;
  check(params: { documents: readonly SourceFile[] }): Promise<CheckReport>;
  /** All or none. `prune` removes the documents that are not given. `dryRun` tells what would change. */
  apply(params: {
    documents: readonly SourceFile[];
    prune: boolean;
    dryRun: boolean;
    by: string;
    /** The revision that the documents were made for: another one in force is DOCUMENTS_CHANGED. */
    basedOn?: number | undefined;
  }): Promise<ApplyReport>;
  /** What `apply` would change; changes nothing. */
  plan(params: { documents: readonly SourceFile[]; prune: boolean }): Promise<PlanReport>;
  /** Revisions, newest first. */
  revisions(params: { limit: number }): Promise<readonly RevisionSummary[]>;
  /** A revision with its documents as they were applied: the one in force when no number is given. Rejects with REVISION_UNKNOWN. */
  revision(params: { number?: number | undefined }): Promise<Revision>;
  runs(filter: RunFilter): Promise<readonly Run[]>;
  /** Rejects with RUN_UNKNOWN. */
  run(params: { id: RunId }): Promise<RunDetails>;
  /** Tries the failed or waiting step again now; rejects with RUN_NOT_WAITING when that does not fit. */
  retry(params: { id: RunId; by: string }): Promise<void>;
  cancel(params: { id: RunId; by: string; reason: string }): Promise<void>;
  /** Starts a workflow by hand; rejects with what `WorkflowStarter` rejects with. */
  start(params: StartWorkflowParams): Promise<StartReport>;
  /**
   * Saves as the user named `by`, else as the install's first administrator, and starts workflows as every save does.
   * Rejects as the record host does. The same `key` with the same values creates nothing more, for 30 days.
   */
  createRecord(params: {
    module: string;
    values: JsonObject;
    by?: string | undefined;
    key?: string | undefined;
  }): Promise<RecordImage>;
  /** Changes the fields named, and no others. */
  changeRecord(params: { id: RecordId; values: JsonObject; by?: string | undefined }): Promise<RecordImage>;
  record(params: { id: RecordId }): Promise<RecordImage>;
  settings(): Promise<Readonly<Record<string, string>>>;
  setSetting(params: { name: string; value: string }): Promise<void>;
  /** True when there was one. */
  removeSetting(params: { name: string }): Promise<boolean>;
}
