import type { Diagnostic } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record.ts';
import type { RunId } from '../../core/run.ts';
import type { TrialOverrides } from '../../engine/trial/trial-overrides.ts';
import type { MapTrial } from '../../engine/try-map.ts';
import type { SourceFile } from '../administration.ts';
import type { CurlCommand } from './curl-command.ts';

/** One map, called once by hand. */
export interface TryMapParams {
  /** Name of the map, in `documents` or else in the revision in force; that of `step` when left out. */
  readonly map?: string | undefined;
  /** Documents not applied yet, which stand before those of the revision. */
  readonly documents: readonly SourceFile[];
  readonly record: JsonObject;
  /** A stored record: what is behind its references is read too. What `record` gives stands before its own values. */
  readonly recordId?: RecordId | undefined;
  readonly context: JsonObject;
  /** What a caller hands over. */
  readonly input?: JsonObject | undefined;
  /**
   * A task of a stored run: the map is called with the record's values of its latest try, and the run's context as it is now.
   * What is given besides stands before that. The documents are those in force, whatever the run goes by.
   */
  readonly step?: { readonly run: RunId; readonly task: string } | undefined;
  /** What stands in the place of what documents and settings say, for this call. */
  readonly overrides?: TrialOverrides | undefined;
  /** False: the request is built and shown, nothing is sent. */
  readonly send: boolean;
  /** True: what the outputs say for fields is written to the stored record. No workflow is started by it. */
  readonly write?: boolean | undefined;
  /** The request as a command of curl: with variables in the place of secrets, or with the secrets. */
  readonly curl?: 'placeholders' | 'secrets' | undefined;
  /** Who writes; the first administrator when left out. */
  readonly by?: string | undefined;
}

/** What came of calling a map by hand, as people may see it. */
export interface TryMapReport extends MapTrial {
  readonly diagnostics: readonly Diagnostic[];
  /** The map that was tried. */
  readonly map?: string | undefined;
  /** The record that was written to, and the fields that differ now. */
  readonly written?: { readonly id: RecordId; readonly fields: readonly string[] } | undefined;
  readonly curl?: CurlCommand | undefined;
}

/** The part of Administration that calls maps by hand. */
export interface TrialAdministration {
  /**
   * Builds a map's request and, when asked, sends it, behind the same guard and limits as every call; what goes wrong with the
   * call is told in the report. Rejects with MAP_UNKNOWN, RECORD_UNKNOWN, MAP_RECORD_MODULE, RUN_UNKNOWN, TRIAL_MAP_MISSING,
   * TRIAL_STEP_UNKNOWN, TRIAL_WRITE, TRIAL_PARAMETER_UNKNOWN, TRIAL_BODY, TRIAL_SETTING_UNKNOWN, TRIAL_SETTING_INVALID,
   * TRIAL_CREDENTIAL, CREDENTIAL_UNKNOWN, FILE_GONE, RECORD_CONFLICT.
   */
  tryMap(params: TryMapParams): Promise<TryMapReport>;
}
