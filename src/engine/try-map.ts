import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RecordValue } from '../core/record.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest, StepEffect } from '../core/step.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import type { OutputWrite } from './answer/judged-answer.ts';
import type { Engine } from './engine.ts';
import { type Evaluation, type Evaluator, scopeFor } from './evaluation.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import { mapSources } from './scope.ts';
import { failureOfCall, failureOfEvaluation, storedFailure } from './step-failure.ts';
import { taint } from './taint.ts';

/** What came of trying a map by hand. */
export interface MapTrial {
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  /** What the outputs would write. Nothing is written. */
  readonly outputs: readonly StepEffect[];
  readonly warnings: readonly string[];
}

export interface TrialParams {
  readonly catalog: Catalog;
  readonly map: string;
  readonly record: JsonObject;
  readonly context: JsonObject;
  /** False: the request is built and shown, nothing is sent. */
  readonly send: boolean;
}

/** The parts of the engine that a trial needs: no journal, no store. */
export type TrialEngine = Evaluator & Pick<Engine, 'connector' | 'readXml' | 'recorder'>;

/** Builds a map's request from the given data and, when asked, sends it. Nothing is stored. Rejects with MAP_UNKNOWN. */
export async function tryMap(engine: TrialEngine, params: TrialParams): Promise<MapTrial> {
  const map = findMap(params.catalog, params.map);
  const evaluation = evaluationOf(engine, params, map);
  const { redactor } = evaluation;
  const nothing = { answer: undefined, failure: undefined, outputs: [] };
  let prepared: PreparedCall | undefined;
  let request: RecordedRequest | undefined;
  try {
    const scope = await scopeFor(evaluation, {
      sources: mapSources(map, map.service),
      frozen: undefined,
      task: map.name,
    });
    prepared = await prepareCall({ map, service: map.service, scope });
    request = engine.recorder.recordRequest(prepared.request, redactor, prepared.parameters);
    if (!params.send) return { ...nothing, request, warnings: prepared.brokenJson };
    return { request, ...(await send(engine, { map, prepared, scope, evaluation })) };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const failure = storedFailure(failureOfEvaluation(thrown), map.name, (text) => redactor.redact(text));
    return { ...nothing, request, failure, warnings: prepared?.brokenJson ?? [] };
  }
}

function findMap(catalog: Catalog, name: string): CompiledMap {
  const map = catalog.maps.get(name);
  if (map !== undefined) return map;
  const hint = didYouMean(name, catalog.maps.keys()) ?? 'apply it first, or give its file with --documents';
  throw new MapwrightError('MAP_UNKNOWN', `there is no map "${name}" without errors`, { hint });
}

async function send(
  engine: TrialEngine,
  trial: { map: CompiledMap; prepared: PreparedCall; scope: Scope; evaluation: Evaluation },
): Promise<Omit<MapTrial, 'request'>> {
  const { recorder } = engine;
  const { map, prepared, scope, evaluation } = trial;
  const { redactor } = evaluation;
  const redact = (text: string): string => redactor.redact(text);
  const outcome = await engine.connector.send(prepared.request, {});
  if (outcome.kind === 'failed') {
    const { partial } = outcome.failure;
    return {
      answer: partial && recorder.recordAnswer(partial, redactor),
      failure: storedFailure(failureOfCall(outcome.failure), map.name, redact),
      outputs: [],
      warnings: prepared.brokenJson,
    };
  }
  const judged = await judgeAnswer(engine, { map, service: map.service, scope, answer: outcome.answer });
  for (const { sensitive, value } of judged.writes) if (sensitive) taint(redactor, value);
  const show = (write: OutputWrite): Json => (write.sensitive ? '••••' : recorder.redactJson(write.value, redactor));
  return {
    answer: recorder.recordAnswer(outcome.answer, redactor),
    failure: judged.failure && storedFailure(judged.failure, map.name, redact),
    outputs: judged.writes.flatMap((write) => effectsOf(write, show(write))),
    warnings: [...judged.warnings, ...prepared.brokenJson],
  };
}

function effectsOf({ field, context, from }: OutputWrite, value: Json): StepEffect[] {
  return [
    ...(field === undefined ? [] : [{ kind: 'field' as const, name: field, from, value }]),
    ...(context === undefined ? [] : [{ kind: 'context' as const, name: context, from, value }]),
  ];
}

/** The given data as a step would see it; `id` among the record's members names the record. */
function evaluationOf(engine: TrialEngine, params: TrialParams, map: CompiledMap): Evaluation {
  const { id, ...fields } = params.record;
  const module = map.document.module === undefined ? undefined : params.catalog.modules.get(map.document.module.value);
  return {
    evaluator: engine,
    redactor: engine.recorder.createRedactor(),
    module,
    recordId: typeof id === 'string' ? id : undefined,
    record: fields as Readonly<Record<string, RecordValue>>,
    image: undefined,
    previous: undefined,
    changed: [],
    context: params.context,
    sensitiveKeys: new Set(),
    run: { id: 0, workflow: '', initiator: engine.serviceUser.id, depth: 0 },
    step: 0,
  };
}
