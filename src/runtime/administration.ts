import type { Diagnostic } from '../core/diagnostic.ts';
import type { RunFilter } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { Failure, Run, RunId, RunStatus } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest, Step, StepEffect } from '../core/step.ts';

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

export interface CheckReport {
  /** How many documents of each kind were read. */
  readonly counts: Readonly<Record<string, number>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** One map, run once by hand. */
export interface TryMapParams {
  /** Name of the map, in `documents` or else in the revision in force. */
  readonly map: string;
  /** Documents not applied yet, which stand before those of the revision. */
  readonly documents: readonly SourceFile[];
  readonly record: JsonObject;
  readonly context: JsonObject;
  /** False: the request is built and shown, nothing is sent. */
  readonly send: boolean;
}

export interface TryMapReport {
  readonly diagnostics: readonly Diagnostic[];
  /** What was or would be sent, secrets as dots, with the source of every value. */
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  /** What the outputs would write. Nothing is written. */
  readonly outputs: readonly StepEffect[];
  readonly warnings: readonly string[];
}

export interface RunDetails {
  readonly run: Run;
  readonly steps: readonly Step[];
}

export interface InstallStatus {
  readonly version: string;
  readonly folder: string;
  /** Where webservice.php is; undefined when no server runs. */
  readonly url: string | undefined;
  readonly revision: number;
  readonly runs: Readonly<Record<RunStatus, number>> & { readonly waiting: number };
}

export interface UserEntry {
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
  readonly active: boolean;
}

/**
 * Everything an administrator can do to one install. The same interface is served by the process that owns the install
 * and, over its local socket, to other commands. Methods reject with MapwrightError.
 */
export interface Administration {
  status(): Promise<InstallStatus>;
  check(params: { documents: readonly SourceFile[] }): Promise<CheckReport>;
  /** All or none. `prune` removes the documents that are not given. `dryRun` tells what would change. */
  apply(params: {
    documents: readonly SourceFile[];
    prune: boolean;
    dryRun: boolean;
    by: string;
  }): Promise<ApplyReport>;
  tryMap(params: TryMapParams): Promise<TryMapReport>;
  runs(filter: RunFilter): Promise<readonly Run[]>;
  /** Rejects with RUN_UNKNOWN. */
  run(params: { id: RunId }): Promise<RunDetails>;
  /** Tries the failed or waiting step again now; rejects with RUN_NOT_WAITING when that does not fit. */
  retry(params: { id: RunId; by: string }): Promise<void>;
  cancel(params: { id: RunId; by: string; reason: string }): Promise<void>;
  settings(): Promise<Readonly<Record<string, string>>>;
  setSetting(params: { name: string; value: string }): Promise<void>;
  /** True when there was one. */
  removeSetting(params: { name: string }): Promise<boolean>;
  secrets(): Promise<readonly { readonly name: string; readonly setAt: number; readonly setBy: string }[]>;
  setSecret(params: { name: string; value: string; by: string }): Promise<void>;
  removeSecret(params: { name: string }): Promise<boolean>;
  users(): Promise<readonly UserEntry[]>;
  /** Gives the new user's web service access key: it is shown once. */
  addUser(params: { name: string; admin: boolean }): Promise<{ readonly user: UserEntry; readonly accessKey: string }>;
  /** Gives a new access key; the old one stops working. */
  renewAccessKey(params: { name: string }): Promise<{ readonly accessKey: string }>;
}
