import type { RecordChange } from './record.ts';
import type { RelationChange } from './relation.ts';
import type { AcceptedRun } from './run.ts';

/** Says which workflows a change of a record, or of its links, starts. Never rejects and never waits for a remote. */
export interface TriggerMatcher {
  match(change: RecordChange): Promise<readonly AcceptedRun[]>;
  /** For both records of the link, the source's workflows first. */
  matchRelation(change: RelationChange): Promise<readonly AcceptedRun[]>;
}
