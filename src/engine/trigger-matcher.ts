import type { RecordChange } from '../core/record.ts';
import { type RelationChange, relationContext } from '../core/relation.ts';
import type { AcceptedRun, RunTrigger } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledTrigger } from '../catalog/compiled-workflow.ts';
import {
  type ConditionSource,
  type Happening,
  acceptedRun,
  causeOf,
  concerns,
  judgeTrigger,
  viewOnce,
} from './happening.ts';

/** What triggers are matched on: the catalog in force, and what conditions read. */
export type TriggerSource = ConditionSource & { catalog(): Promise<Catalog> };

/**
 * Says which workflows a change starts, on the catalog in force. A condition that fails or takes too long never fails
 * the save: the run is accepted undecided.
 */
export function createTriggerMatcher(source: TriggerSource): TriggerMatcher {
  return {
    match: async (change) => {
      const catalog = await source.catalog();
      return matchHappening(source, catalog, happeningOf(catalog, change));
    },
    matchRelation: async (change) => {
      const catalog = await source.catalog();
      const runs: AcceptedRun[] = [];
      for (const happening of endsOf(catalog, change)) runs.push(...(await matchHappening(source, catalog, happening)));
      return runs;
    },
  };
}

/** Each workflow is started once, by the first of its triggers that holds. */
async function matchHappening(source: TriggerSource, catalog: Catalog, happening: Happening): Promise<AcceptedRun[]> {
  const { module, event } = happening;
  const candidates = catalog.triggersOf(module?.name, event).filter((one) => concerns(one, happening));
  const runs: AcceptedRun[] = [];
  const settled = new Set<string>();
  const view = viewOnce(source, happening, catalog);
  let cause: RunTrigger | undefined;
  for (const trigger of candidates) {
    const own = kindOf(trigger);
    if (settled.has(trigger.workflow) || settled.has(own)) continue;
    const verdict = await judgeTrigger(trigger, view);
    if (verdict === false) continue;
    cause ??= causeOf(happening);
    runs.push(acceptedRun({ catalog, trigger, happening, cause, verdict }));
    settled.add(verdict === true ? trigger.workflow : own);
  }
  return runs;
}

/**
 * What an undecided run is judged on later: all triggers of its workflow, those that fire once apart from the others.
 */
function kindOf({ workflow, on }: CompiledTrigger): string {
  return `${workflow} ${on === 'first-true' ? 'once' : 'always'}`;
}

function happeningOf(catalog: Catalog, change: RecordChange): Happening {
  return {
    event: change.kind,
    module: catalog.modules.get(change.module),
    recordId: change.id,
    record: change.after,
    previous: change.before?.values,
    changed: change.changed,
    context: {},
    user: change.actor.user,
  };
}

/** The link as each of its two records sees it. */
function endsOf(catalog: Catalog, change: RelationChange): Happening[] {
  const { kind, source, target, actor } = change;
  const pairs = [
    [source, target],
    [target, source],
  ] as const;
  return pairs.map(([own, other]) => {
    const related = { module: other.module, id: other.id };
    return {
      event: kind,
      module: catalog.modules.get(own.module),
      recordId: own.id,
      record: own.values,
      previous: undefined,
      changed: [],
      related,
      context: relationContext(change, related),
      user: actor.user,
    };
  });
}
