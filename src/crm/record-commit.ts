import type { WaitedRun } from '../core/awaited-run.ts';
import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { ChangeKind, RecordImage } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { AcceptedRun, RunId } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { CommitResult, Committed, RecordWrite, UnitOfWork } from '../core/unit-of-work.ts';
import type { CommittedChange } from './changed-record.ts';
import { writeOf } from './record-decision.ts';
import type { Decision } from './record-decision.ts';
import { dedupKey, identifierReused, readStoredImage } from './request-identifier.ts';
import type { RequestKey } from './request-identifier.ts';

/** What a decided change is committed with. */
export interface CommitParts {
  readonly store: Pick<RecordStore, 'commit' | 'findDedup'>;
  readonly matcher: TriggerMatcher;
  readonly onAccepted: (runs: readonly RunId[]) => void;
  readonly clock: Clock;
}

const MOST_TRIES = 10;

/**
 * Decides and commits until no other change comes in between, at most ten times; then RECORD_CONFLICT (retryable).
 * A request seen before is answered with its stored record, or DUPLICATE_REQUEST_IDENTIFIER when its content differs.
 */
export async function commitDecision(
  parts: CommitParts,
  request: RequestKey | undefined,
  decide: (at: number) => Promise<Decision>,
): Promise<CommittedChange> {
  const earlier = await findEarlier(parts, request);
  if (earlier !== undefined) return unwaited(earlier);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const at = parts.clock.now();
    const decision = await decide(at);
    const runs = decision.change === undefined ? [] : await parts.matcher.match(decision.change);
    const result = await parts.store.commit(unitOf({ request, decision, at, runs }));
    if (result.kind === 'duplicate') return unwaited(answerDuplicate(result));
    if (result.kind === 'conflict') continue;
    if (result.runs.length > 0) parts.onAccepted(result.runs);
    return { image: result.records[0] ?? decision.image, waited: waitedRuns(runs, result) };
  }
  throw new MapwrightError('RECORD_CONFLICT', 'The record is changed by others too often to change it now', {
    retryable: true,
  });
}

async function findEarlier(parts: CommitParts, request: RequestKey | undefined): Promise<RecordImage | undefined> {
  if (request === undefined) return undefined;
  const found = await parts.store.findDedup({ scope: request.scope, key: request.key, now: parts.clock.now() });
  if (found === undefined) return undefined;
  return answerDuplicate({ sameBody: found.bodyHash === request.bodyHash, answer: found.answer });
}

function unitOf(params: {
  readonly request: RequestKey | undefined;
  readonly decision: Decision;
  readonly at: number;
  readonly runs: readonly AcceptedRun[];
}): UnitOfWork {
  const { request, at, runs } = params;
  const { change, basedOn, image, unmatched } = params.decision;
  return {
    at,
    records: change === undefined ? [] : [{ ...writeOf(change, basedOn), ...madeBefore(change.kind, image, at) }],
    runs,
    ...(unmatched === undefined ? {} : { unmatched: [unmatched] }),
    dedup: request === undefined ? undefined : dedupKey(request, image, at),
  };
}

/** What was made elsewhere keeps the time at which that was. */
function madeBefore(kind: ChangeKind, { createdAt }: RecordImage, at: number): Pick<RecordWrite, 'createdAt'> {
  return kind === 'create' && createdAt !== at ? { createdAt } : {};
}

/** Nobody waits for a run that was left out: it had been started before. */
function waitedRuns(runs: readonly AcceptedRun[], { acceptedAs }: Committed): WaitedRun[] {
  return runs.flatMap(({ waitMs }, index) => {
    const id = acceptedAs[index];
    return id === undefined || waitMs === undefined ? [] : [{ id, waitMs }];
  });
}

function unwaited(image: RecordImage): CommittedChange {
  return { image, waited: [] };
}

function answerDuplicate(
  duplicate: Pick<Extract<CommitResult, { kind: 'duplicate' }>, 'sameBody' | 'answer'>,
): RecordImage {
  if (!duplicate.sameBody) throw identifierReused();
  return readStoredImage(duplicate.answer);
}
