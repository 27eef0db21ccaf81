import type { ModuleDefinition } from '../core/module.ts';
import type { RecordId, RecordValues } from '../core/record.ts';
import type { RelationEnd } from '../core/relation.ts';
import type { RunSlot } from '../core/schedule.ts';
import type { AcceptedRun, RunContext, RunTrigger, TriggerEvent } from '../core/run.ts';
import { laneOf } from '../core/lane.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { GuardView } from '../catalog/compiled-guard.ts';
import type { CompiledTrigger } from '../catalog/compiled-workflow.ts';
import { plainKeys } from './business-keys.ts';
import { type EnvironmentSource, environmentFrom } from './environment.ts';
import { type Evaluator, type LegacyEvaluation, once } from './evaluation.ts';
import { conditionView } from './legacy/condition-view.ts';
import { slotFacts } from './schedule/slot-facts.ts';

/** A trigger's condition gets this long when something happens; after that the run is accepted and judges it first thing. */
const TRIGGER_BUDGET_MS = 20;
/** How long whoever saves waits besides for what the condition looks up, on a busy install as on an idle one. */
const TRIGGER_PATIENCE_MS = 250;

/** What triggers' conditions read. */
export interface ConditionSource extends EnvironmentSource {
  /** What conditions of the original reach of the install; asked for when there are such. */
  readonly evaluator: () => Evaluator;
}

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
  /** The slot, when a clock struck. */
  readonly schedule?: RunSlot;
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

/**
 * Whether the trigger's condition holds; undecided when it fails or takes too long.
 * @param budgetMs what it gets where nobody waits for the answer
 */
export async function judgeTrigger(
  trigger: CompiledTrigger,
  viewOf: () => Promise<GuardView>,
  budgetMs: number = TRIGGER_BUDGET_MS,
): Promise<boolean | 'undecided'> {
  if (trigger.guard.isAlwaysTrue) return true;
  return decidedSoon(trigger.guard.holds(await viewOf(), budgetMs), budgetMs + TRIGGER_PATIENCE_MS);
}

function decidedSoon(judging: Promise<boolean>, maxMs: number): Promise<boolean | 'undecided'> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, maxMs, 'undecided');
    const settle = (verdict: boolean | 'undecided'): void => {
      clearTimeout(timer);
      resolve(verdict);
    };
    judging.then(settle, () => settle('undecided'));
  });
}

/** What conditions are judged on. Made at its first use, and once. */
export function viewOnce(source: ConditionSource, happening: Happening, documents: Catalog): () => Promise<GuardView> {
  return once(() => makeView(source, happening, documents));
}

async function makeView(source: ConditionSource, happening: Happening, documents: Catalog): Promise<GuardView> {
  const { record, previous, changed, recordId } = happening;
  const ambience = { now: source.clock.now(), timeZone: source.timeZone, seed: recordId ?? '' };
  return {
    record,
    previous,
    changed,
    environment: await environmentFrom(source, {
      ...happening,
      user: { id: happening.user },
      run: { ...slotFacts(happening.schedule) },
    }),
    ambience,
    legacy: once(() => conditionView({ ...evaluationOf(source, happening), documents }, ambience)),
  };
}

/** The save as conditions of the original see it: nobody outside of the install is asked, as somebody waits for it. */
function evaluationOf(source: ConditionSource, happening: Happening): LegacyEvaluation {
  const { event, module, recordId, record, previous, changed, context, user, schedule } = happening;
  return {
    evaluator: source.evaluator(),
    module,
    recordId,
    record,
    image: undefined,
    previous,
    changed,
    context,
    run: { id: 0, workflow: '', initiator: user, depth: 0, ...slotFacts(schedule) },
    step: 0,
    permission: 'look',
    saved: event === 'create' ? 'create' : 'edit',
  };
}

/** What happened, as it is kept with the runs that it starts: one object for all of them, which is stored as one text. */
export function causeOf({ event, record, previous, changed, related, schedule }: Happening): RunTrigger {
  return {
    event,
    record,
    previous,
    changed,
    ...(related === undefined ? {} : { related }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** The run that a trigger starts. */
export function acceptedRun(params: {
  readonly catalog: Catalog;
  readonly trigger: CompiledTrigger;
  readonly happening: Happening;
  /** `causeOf` the happening. */
  readonly cause: RunTrigger;
  readonly verdict: true | 'undecided';
}): AcceptedRun {
  const { catalog, trigger, cause, verdict } = params;
  const { module, recordId, record, context, user } = params.happening;
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
    trigger: trigger.on === 'first-true' ? { ...cause, once: true } : cause,
    undecided: verdict === 'undecided',
    rootRun: undefined,
    depth: 0,
    initiator: user,
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(keys === undefined ? {} : { keys }),
    ...(trigger.waitMs === undefined ? {} : { waitMs: trigger.waitMs }),
  };
}
