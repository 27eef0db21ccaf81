import type { RecordChange } from './record.ts';
import type { AcceptedRun } from './run.ts';

/** Says which workflows a change of a record starts. Never rejects and never waits for a remote. */
export interface TriggerMatcher {
  match(change: RecordChange): Promise<readonly AcceptedRun[]>;
}
