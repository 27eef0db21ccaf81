import type { DestinationRules } from '../core/destination.ts';
import type { Json } from '../core/json.ts';
import { wholeBody } from '../core/large-body.ts';
import type { RecordValues } from '../core/record.ts';
import { emptyValues } from '../core/record-store.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest } from '../core/step.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import { destinationRules } from './destination.ts';
import type { Engine } from './engine.ts';
import { gatedConnector } from './gated-connector.ts';
import { type StepFailure, storedFailure } from './step-failure.ts';
import { type PlainTrial, type TrialParams, tryMapPlainly } from './try-map.ts';

/** What came of one call. */
export interface MapOutcome {
  /** What the outputs say for fields of the record and for the context, in plain text. Nothing has been written. */
  readonly fields: Readonly<Record<string, Json>>;
  readonly context: Readonly<Record<string, Json>>;
  /** As history would show them: secrets as dots, bodies cut. */
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  /** The answer's body as it came. */
  readonly body: Uint8Array | undefined;
  readonly warnings: readonly string[];
  /** `shown` is the failure with secrets as dots. */
  readonly failure: { readonly shown: Failure; readonly kind: StepFailure } | undefined;
}

/**
 * Makes one map's call now, with a place at its destination like any step's, and outside of every run: nothing is
 * stored, nothing is tried again. Rejects with MAP_UNKNOWN; every other failure is told in the outcome.
 */
export async function runMap(engine: Engine, params: Omit<TrialParams, 'send'>): Promise<MapOutcome> {
  const map = params.catalog.maps.get(params.map);
  const rulesOf = map && ((): DestinationRules => destinationRules({ map, service: map.service }));
  const connector = rulesOf === undefined ? engine.connector : gatedConnector(engine, { rulesOf });
  const record = { ...emptyFields(params.catalog, map), ...params.record };
  const trial = await tryMapPlainly({ ...engine, connector }, { ...params, record, send: true });
  return outcomeOf(engine, params.map, trial);
}

/** The fields of the map's module: those that the caller leaves out are empty, not unknown. */
function emptyFields({ modules }: TrialParams['catalog'], map: CompiledMap | undefined): RecordValues {
  const module = modules.get(map?.document.module?.value ?? '');
  return module === undefined ? {} : emptyValues(module);
}

function outcomeOf({ recorder }: Engine, map: string, trial: PlainTrial): MapOutcome {
  const { prepared, answer, failure, writes, redactor, warnings } = trial;
  const named = (which: 'field' | 'context'): Record<string, Json> =>
    Object.fromEntries(writes.flatMap((write) => (write[which] === undefined ? [] : [[write[which], write.value]])));
  return {
    fields: named('field'),
    context: named('context'),
    request: prepared && recorder.recordRequest(prepared.request, redactor, prepared.parameters),
    answer: answer && recorder.recordAnswer(answer, redactor),
    body: answer && wholeBody(answer.body),
    warnings,
    failure: failure && { kind: failure, shown: storedFailure(failure, map, (text) => redactor.redact(text)) },
  };
}
