import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { RecordImage } from '../../core/record.ts';
import type { Run } from '../../core/run.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { CompiledWorkflow } from '../../catalog/compiled-workflow.ts';
import type { Engine } from '../../engine/engine.ts';
import { openContext } from '../../engine/run-state.ts';

/** What a task of a stored run calls its map with. */
interface StepSource {
  readonly map: string;
  readonly service: string | undefined;
  readonly record: JsonObject;
  /** Undefined when the run has no record, or it is gone. */
  readonly image: RecordImage | undefined;
  readonly previous: JsonObject | undefined;
  readonly context: JsonObject;
  readonly sensitiveKeys: ReadonlySet<string>;
}

/** Reads what the latest try of a task went by. Rejects with TRIAL_STEP_UNKNOWN for a task that calls no map. */
export async function stepSource(engine: Engine, run: Run, task: string): Promise<StepSource> {
  const workflow = (await engine.catalogAt(run.revision))?.workflows.get(run.workflow);
  const compiled = workflow?.tasks.get(task);
  if (compiled?.kind !== 'webservice') throw unknownStep(run, task, workflow);
  const [steps, image] = await Promise.all([
    engine.journal.steps(run.id),
    run.recordId === undefined ? undefined : engine.host.read(run.recordId),
  ]);
  const frozen = steps.findLast((step) => step.task === task && step.frozen?.['record'] !== undefined)?.frozen?.[
    'record'
  ];
  const values = isJsonObject(frozen) ? frozen : (image?.values ?? run.trigger.record);
  const { context, sensitiveKeys } = openContext(engine, run.context);
  return {
    map: compiled.map.name,
    service: compiled.service?.name,
    record: { ...values, ...(run.recordId === undefined ? {} : { id: run.recordId }) },
    image,
    previous: run.trigger.previous,
    context: { ...context },
    sensitiveKeys,
  };
}

function unknownStep(run: Run, task: string, workflow: CompiledWorkflow | undefined): MapwrightError {
  const callers = [...(workflow?.tasks.entries() ?? [])].flatMap(([id, { kind }]) =>
    kind === 'webservice' ? [id] : [],
  );
  const known = callers.length === 0 ? 'its workflow calls no map' : `those that do: ${callers.join(', ')}`;
  return new MapwrightError('TRIAL_STEP_UNKNOWN', `run ${run.id} has no task "${task}" that calls a map`, {
    hint: didYouMean(task, callers) ?? known,
  });
}
