import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record.ts';
import type { RunId } from '../core/run.ts';
import type { EngineEvent } from '../engine/engine-event.ts';
import type { Administration, SourceFile } from './administration.ts';
import type { ApplicationRecords } from './application-records.ts';
import type { EventListener } from './event-hub.ts';
import type { MapResult } from './map-result.ts';
import type { ChangeAnswer, ReportedChange } from './reported-change.ts';
import type { RuntimeFiles } from './files/runtime-files.ts';
import type { FinishedRun, WaitOptions } from './run-waiters.ts';
import type { BuiltInRecords } from './runtime-records.ts';

/** What a runtime is created with. */
export interface RuntimeOptions {
  /**
   * The folder of the install: database, key, lock. Made when there is none. `:memory:` takes a folder among the
   * system's temporary ones and removes it at `close`: nothing is kept, and a process that is killed leaves it behind.
   */
  readonly folder: string;
  /**
   * The documents in force from now on, all of them and no others: texts, or a folder whose *.xml are read, those in
   * folders below too. Left out: those applied before.
   */
  readonly documents?: string | readonly SourceFile[];
  /** Set before the documents are applied; others that were set before stay. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Stored encrypted; others that were stored before stay. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The application's own records, instead of the built-in ones. */
  readonly records?: ApplicationRecords;
  /** Runs worked on at once; 256 when left out. */
  readonly capacity?: number;
}

/** What a map is run with. */
export interface RunMapOptions {
  /**
   * The id of a record, which is read, or field values, whose member `id` names the record. Fields of the map's module
   * that are left out are empty.
   */
  readonly record?: RecordId | JsonObject;
  /** The values before the change that the map is to tell of. */
  readonly previous?: JsonObject;
  readonly context?: Readonly<Record<string, Json>>;
  /**
   * Names this call for the other side (`{step.key}`, the header Idempotency-Key): give the same one when repeating a
   * call, so that a remote that honours it acts once. A new one each time when left out.
   */
  readonly key?: string;
  /** Gives the call up: MapFailedError with CALL_ABORTED. */
  readonly signal?: AbortSignal;
}

/** What a workflow is started with. */
export interface StartOptions {
  /** The id of the record that the run is about. */
  readonly record?: RecordId;
  /** What the run's context starts with. */
  readonly context?: JsonObject;
  /** The same key starts one run, however often it is given, for 30 days. */
  readonly key?: string;
  /** The id of the user who starts it; the administrator when left out. */
  readonly user?: string;
}

/** A run that has been accepted: it is stored, and will be worked on whatever happens to this process. */
export interface StartedRun {
  readonly id: RunId;
  /**
   * Resolves when the run has ended, however it ended. Rejects with RUN_NOT_FINISHED when `timeoutMs` is over,
   * RUNTIME_CLOSED when the runtime is closed before (the run goes on in both cases), RUN_UNKNOWN, or the reason of the
   * signal.
   */
  finished(options?: WaitOptions): Promise<FinishedRun>;
}

/** What can be listened to. */
export type RuntimeEvent = EngineEvent;

/**
 * Mapwright inside an application: one install, owned by this process. It keeps the process alive until it is closed.
 * Every method rejects with a MapwrightError; after `close` with RUNTIME_CLOSED.
 */
export interface Runtime extends AsyncDisposable {
  /** The built-in records. */
  readonly records: BuiltInRecords;
  /** Files, which fields of type `file` hold. */
  readonly files: RuntimeFiles;
  /** Everything else that an administrator can do: runs, settings, secrets, documents, users. */
  readonly administration: Administration;
  /** What is worth a warning about the documents that were applied at the start. */
  readonly warnings: readonly Diagnostic[];
  /**
   * Calls the other system as the map says, now, once. Not durable: no run is made, nothing is stored, written to
   * records or tried again, and a crash forgets it. Settings and secrets are the install's. Rejects with MAP_UNKNOWN,
   * RECORD_GONE, and MapFailedError when the call failed.
   */
  runMap(map: string, options?: RunMapOptions): Promise<MapResult>;
  /**
   * Starts a workflow that has the trigger `manual`. Durable: when this resolves, the run is stored. Rejects with
   * WORKFLOW_UNKNOWN, WORKFLOW_INACTIVE, WORKFLOW_NOT_MANUAL, START_RECORD_MISSING, START_RECORD_NEEDLESS,
   * START_RECORD_UNKNOWN, START_RECORD_MODULE, START_CONDITION_FALSE, and DUPLICATE_REQUEST_IDENTIFIER when the key was
   * used for another start.
   */
  start(workflow: string, options?: StartOptions): Promise<StartedRun>;
  /** A run by its id, to wait for its end. */
  run(id: RunId): StartedRun;
  /**
   * Tells of a change that the application made to one of its own records, and starts the workflows whose triggers it
   * meets. Durable: when this resolves, the runs are stored. Repeating it with the same key starts nothing more. Rejects
   * with CHANGE_INVALID, CHANGE_KEY_REUSED, and RUNTIME_BUILT_IN_RECORDS when there are no records of the application.
   */
  changed(change: ReportedChange): Promise<ChangeAnswer>;
  /**
   * Calls the listener with every event of a kind until the function it gives is called. Events are told after what they
   * tell of is stored, to this process only, and are not kept: what must not be missed is read with `administration.runs`.
   * A listener that throws or rejects harms nothing: it is told as a `fault`.
   */
  on<K extends RuntimeEvent['kind']>(kind: K, listener: EventListener<K>): () => void;
  /**
   * Takes no more work, lets calls under way end for up to `graceMs` (10 000 when left out), hands runs back to be gone
   * on with when the install is opened again, and lets go of the folder. Safe to repeat.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
