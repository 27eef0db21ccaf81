import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { Actor, RecordId, RecordImage } from '../core/record.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { RelationEnd, RelationKind } from '../core/relation.ts';
import type { AcceptedRun, RunId } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import { recordNotFound } from './record-error.ts';
import { type Directory, readRecord } from './reference.ts';

/** A record and those it is linked with, or no longer. */
export interface RelateParams {
  readonly source: RecordId;
  readonly targets: readonly RecordId[];
  readonly actor: Actor;
}

/** What links are decided and committed with. */
export interface RelationParts extends Directory {
  readonly store: Pick<RecordStore, 'read' | 'linked' | 'commit'>;
  readonly matcher: TriggerMatcher;
  readonly onAccepted: (runs: readonly RunId[]) => void;
  readonly clock: Clock;
}

const MOST_TRIES = 10;
const MOST_TARGETS = 1_000;

/**
 * Makes or takes away links in one commit, with the runs they start for either record. A link that is as wanted already
 * changes nothing and starts nothing. Gives the targets whose link changed.
 * Rejects with RECORD_NOT_FOUND, INVALID_PARAMETER or RECORD_CONFLICT (retryable).
 */
export async function changeRelations(
  parts: RelationParts,
  kind: RelationKind,
  params: RelateParams,
): Promise<readonly RecordId[]> {
  const targets = [...new Set(params.targets)];
  requireSensible(params.source, targets);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const source = await requireRecord(parts, params.source);
    const found = await Promise.all(targets.map((id) => requireRecord(parts, id)));
    const differing = await differingLinks(parts, kind, { source, targets: found });
    const result = await parts.store.commit({
      at: parts.clock.now(),
      records: [],
      runs: await startedRuns(parts, kind, { source, targets: differing, actor: params.actor }),
      relations: differing.map((target) => ({
        kind,
        source: endOf(source),
        target: endOf(target),
        actor: params.actor,
      })),
      dedup: undefined,
    });
    if (result.kind !== 'committed') continue;
    if (result.runs.length > 0) parts.onAccepted(result.runs);
    return differing.map(({ id }) => id);
  }
  throw new MapwrightError('RECORD_CONFLICT', 'The links are changed by others too often to change them now', {
    retryable: true,
  });
}

function requireSensible(source: RecordId, targets: readonly RecordId[]): void {
  if (targets.includes(source)) {
    throw new MapwrightError('INVALID_PARAMETER', `${source} cannot be linked with itself`);
  }
  if (targets.length > MOST_TARGETS) {
    throw new MapwrightError('INVALID_PARAMETER', `At most ${MOST_TARGETS} records can be linked at once`);
  }
}

async function requireRecord(parts: RelationParts, id: RecordId): Promise<RecordImage> {
  const image = await readRecord(parts, id);
  if (image === undefined) throw recordNotFound(id);
  return image;
}

async function differingLinks(
  { store }: RelationParts,
  kind: RelationKind,
  { source, targets }: { readonly source: RecordImage; readonly targets: readonly RecordImage[] },
): Promise<readonly RecordImage[]> {
  const linked = await Promise.all(targets.map(({ id }) => store.linked(source.id, id)));
  return targets.filter((_, index) => linked[index] === (kind === 'unrelate'));
}

async function startedRuns(
  { matcher }: RelationParts,
  kind: RelationKind,
  change: { readonly source: RecordImage; readonly targets: readonly RecordImage[]; readonly actor: Actor },
): Promise<AcceptedRun[]> {
  const { source, targets, actor } = change;
  const runs: AcceptedRun[] = [];
  for (const target of targets) runs.push(...(await matcher.matchRelation({ kind, source, target, actor })));
  return runs;
}

function endOf({ module, id }: RecordImage): RelationEnd {
  return { module, id };
}
