import type { ModuleDefinition } from '../core/module.ts';
import type { RecordId, RecordValues } from '../core/record.ts';
import type { RelationEnd } from '../core/relation.ts';
import type { AcceptedRun, RunContext, TriggerEvent } from '../core/run.ts';
import { laneOf } from '../core/lane.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { GuardView } from '../catalog/compiled-guard.ts';
import type { CompiledTrigger } from '../catalog/compiled-workflow.ts';
import { plainKeys } from './business-keys.ts';
import { type EnvironmentSource, environmentFrom } from './environment.ts';

/** A trigger's condition gets this long when something happens; after that the run is accepted and judges it first thing. */
const TRIGGER_BUDGET_MS = 20;

/** Something that may start workflows, seen from one record. */
export interface Happening {
  readonly event: TriggerEvent;
  readonly module: ModuleDefinition | undefined;
  readonly recordId: RecordId | undefined;
  readonly record: RecordValues;
  readonly previous: RecordValues | undefined;
  readonly changed: readonly string[];
  /** The record at the other end of a link. */
  readonly related?: RelationEnd;
  /** What runs start with. */
  readonly context: RunContext;
  /** User id of whoever caused it. */
  readonly user: string;
}

/**
 * False for a trigger that the event does not concern whatever its condition: another module at the other end of the
 * link, or none of its fields changed. An update that changes nothing concerns nobody.
 */
export function concerns(
  { to, fields }: CompiledTrigger,
  happening: Pick<Happening, 'event' | 'changed' | 'related'>,
): boolean {
  const { event, changed, related } = happening;
  if (to !== undefined && to !== related?.module) return false;
  if (event !== 'update') return true;
  return fields === undefined ? changed.length > 0 : changed.some((field) => fields.has(field));
}

/** Whether the trigger's condition holds; undecided when it fails or takes too long. */
export async function judgeTrigger(
  trigger: CompiledTrigger,
  viewOf: () => Promise<GuardView>,
): Promise<boolean | 'undecided'> {
  if (trigger.guard.isAlwaysTrue) return true;
  const view = await viewOf();
  try {
    return await trigger.guard.holds(view, TRIGGER_BUDGET_MS);
  } catch {
    return 'undecided';
  }
}

/** What conditions are judged on. Made at its first use, and once. */
export function viewOnce(source: EnvironmentSource, happening: Happening): () => Promise<GuardView> {
  let view: Promise<GuardView> | undefined;
  return () => (view ??= makeView(source, happening));
}

async function makeView(source: EnvironmentSource, happening: Happening): Promise<GuardView> {
  const { record, previous, changed, recordId } = happening;
  return {
    record,
    previous,
    changed,
    environment: await environmentFrom(source, { ...happening, user: { id: happening.user }, run: {} }),
    ambience: { now: source.clock.now(), timeZone: source.timeZone, seed: recordId ?? '' },
  };
}

/** The run that a trigger starts. */
export function acceptedRun(
  catalog: Catalog,
  trigger: CompiledTrigger,
  happening: Happening,
  verdict: true | 'undecided',
): AcceptedRun {
  const { event, module, recordId, record, previous, changed, related, context, user } = happening;
  const workflow = catalog.workflows.get(trigger.workflow);
  const keys = workflow === undefined ? undefined : plainKeys(workflow.tracks, record);
  const stream = workflow?.document.stream;
  return {
    workflow: trigger.workflow,
    revision: catalog.revision,
    module: module?.name,
    recordId,
    lane: recordId === undefined ? '' : laneOf({ recordId, stream }),
    passWhenWaiting: workflow?.document.whenWaiting === 'pass',
    trigger: {
      event,
      record,
      previous,
      changed,
      ...(related === undefined ? {} : { related }),
      ...(trigger.on === 'first-true' ? { once: true } : {}),
    },
    undecided: verdict === 'undecided',
    rootRun: undefined,
    depth: 0,
    initiator: user,
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(keys === undefined ? {} : { keys }),
    ...(trigger.waitMs === undefined ? {} : { waitMs: trigger.waitMs }),
  };
}
