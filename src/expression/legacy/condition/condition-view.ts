import type { JsonObject } from '../../../core/json.ts';
import type { LegacyEnvironment } from '../environment.ts';

/** What conditions are judged on. */
export interface LegacyConditionView {
  /** The record as it is now. */
  readonly environment: LegacyEnvironment;
  /** Its values before the save, as texts; undefined for a creation. */
  readonly previous: JsonObject | undefined;
}
