import { laneOf } from '../core/lane.ts';
import type { RecordChange } from '../core/record.ts';
import type { AcceptedRun } from '../core/run.ts';
import type { TriggerMatcher } from '../core/trigger-matcher.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { GuardView } from '../catalog/compiled-guard.ts';
import type { CompiledTrigger } from '../catalog/compiled-workflow.ts';
import { type EnvironmentSource, environmentFrom } from './environment.ts';

/** A trigger's condition gets this long at a save; after that the run is accepted and judges it first thing. */
const TRIGGER_BUDGET_MS = 20;

/**
 * Says which workflows a change starts, on the catalog in force. A condition that fails or takes too long never fails
 * the save: the run is accepted undecided.
 */
export function createTriggerMatcher(source: EnvironmentSource & { catalog(): Promise<Catalog> }): TriggerMatcher {
  return {
    async match(change) {
      const catalog = await source.catalog();
      const candidates = catalog.triggersOf(change.module, change.kind).filter((one) => concerns(one, change));
      if (candidates.length === 0) return [];
      const runs = new Map<string, AcceptedRun>();
      for (const trigger of candidates) {
        if (runs.has(trigger.workflow)) continue;
        const verdict = trigger.guard.isAlwaysTrue ? true : await judge(trigger, await viewOf(source, catalog, change));
        if (verdict !== false) runs.set(trigger.workflow, acceptedRun(catalog, trigger.workflow, change, verdict));
      }
      return [...runs.values()];
    },
  };
}

/** An update with a list of fields concerns only changes of one of them; an update that changes nothing concerns nobody. */
export function concerns({ fields }: CompiledTrigger, change: Pick<RecordChange, 'kind' | 'changed'>): boolean {
  if (change.kind !== 'update') return true;
  return fields === undefined ? change.changed.length > 0 : change.changed.some((field) => fields.has(field));
}

async function judge(trigger: CompiledTrigger, view: GuardView): Promise<boolean | 'undecided'> {
  try {
    return await trigger.guard.holds(view, TRIGGER_BUDGET_MS);
  } catch {
    return 'undecided';
  }
}

async function viewOf(source: EnvironmentSource, catalog: Catalog, change: RecordChange): Promise<GuardView> {
  const module = catalog.modules.get(change.module);
  return {
    record: change.after,
    previous: change.before?.values,
    changed: change.changed,
    environment: await environmentFrom(source, {
      module,
      recordId: change.id,
      record: change.after,
      previous: change.before?.values,
      changed: change.changed,
      context: {},
      user: { id: change.actor.user },
      run: {},
    }),
    ambience: { now: source.clock.now(), timeZone: source.timeZone, seed: change.id },
  };
}

function acceptedRun(catalog: Catalog, name: string, change: RecordChange, verdict: true | 'undecided'): AcceptedRun {
  const document = catalog.workflows.get(name)?.document;
  return {
    workflow: name,
    revision: catalog.revision,
    module: change.module,
    recordId: change.id,
    lane: laneOf({ recordId: change.id, stream: document?.stream }),
    passWhenWaiting: document?.whenWaiting === 'pass',
    trigger: { event: change.kind, record: change.after, previous: change.before?.values, changed: change.changed },
    undecided: verdict === 'undecided',
    rootRun: undefined,
    depth: 0,
    initiator: change.actor.user,
  };
}
