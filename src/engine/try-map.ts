import type { CallAnswer } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { type RecordImage, type RecordValues, changedFields } from '../core/record.ts';
import type { Redactor } from '../core/redactor.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest, StepEffect } from '../core/step.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import type { OutputWrite } from './answer/judged-answer.ts';
import type { ReceivedRecords } from './answer/read-records.ts';
import type { Engine } from './engine.ts';
import { type Evaluation, type Evaluator, scopeFor } from './evaluation.ts';
import { personNameIn } from './request/call-credential.ts';
import { requestForPage } from './request/page-request.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import { mapSources } from './scope.ts';
import { type StepFailure, failureOfCall, failureOfEvaluation, storedFailure } from './step-failure.ts';
import { taint } from './taint.ts';
import { refusalWarnings, shownRecords } from './trial-records.ts';

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
  /** The record's values before the change that is tried; undefined when there was none. */
  readonly previous?: JsonObject | undefined;
  /** The stored record, for what lies behind its references. */
  readonly image?: RecordImage | undefined;
  readonly context: JsonObject;
  /** What a caller hands over; nothing when left out. */
  readonly input?: JsonObject | undefined;
  /** False: the request is built and shown, nothing is sent. */
  readonly send: boolean;
  /** Tells this call from the map's others, for the other side and for random values; all trials without one are alike. */
  readonly key?: string | undefined;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
}

/** The parts of the engine that a trial needs: no journal, no store. */
export type TrialEngine = Evaluator & Pick<Engine, 'connector' | 'readXml' | 'recorder' | 'soap'>;

/** A trial as it was, in plain text: for comparing, never for storing or showing as it is. */
export interface PlainTrial {
  readonly prepared: PreparedCall | undefined;
  readonly answer: CallAnswer | undefined;
  readonly failure: StepFailure | undefined;
  readonly writes: readonly OutputWrite[];
  /** Lists that would become records. */
  readonly records?: readonly ReceivedRecords[] | undefined;
  readonly warnings: readonly string[];
  /** Knows every secret that was used, and the values of sensitive outputs. */
  readonly redactor: Redactor;
}

/** Builds a map's request from the given data and, when asked, sends it. Nothing is stored. Rejects with MAP_UNKNOWN. */
export async function tryMap(engine: TrialEngine, params: TrialParams): Promise<MapTrial> {
  const { recorder } = engine;
  const trial = await tryMapPlainly(engine, params);
  const { prepared, answer, failure, writes, records = [], warnings, redactor } = trial;
  const show = (write: OutputWrite): Json => (write.sensitive ? '••••' : recorder.redactJson(write.value, redactor));
  return {
    request: prepared && recorder.recordRequest(prepared.request, redactor, prepared.parameters),
    answer: answer && recorder.recordAnswer(answer, redactor),
    failure: failure && storedFailure(failure, params.map, (text) => redactor.redact(text)),
    outputs: [
      ...writes.flatMap((write) => effectsOf(write, show(write))),
      ...shownRecords(records, (value) => recorder.redactJson(value, redactor)),
    ],
    warnings: [...warnings, ...refusalWarnings(records)],
  };
}

/** As {@link tryMap}, with everything in plain text. */
export async function tryMapPlainly(engine: TrialEngine, params: TrialParams): Promise<PlainTrial> {
  const map = findMap(params.catalog, params.map);
  const evaluation = evaluationOf(engine, params, map);
  const nothing = { answer: undefined, failure: undefined, writes: [], redactor: evaluation.redactor };
  let prepared: PreparedCall | undefined;
  try {
    const scope = await scopeFor(evaluation, {
      sources: mapSources(map, map.service),
      frozen: params.key === undefined ? undefined : { seed: params.key },
      task: params.key === undefined ? map.name : `${map.name}-${params.key}`,
    });
    const personName = personNameIn(engine.reach?.people);
    const built = await prepareCall({ map, service: map.service, scope, soap: engine.soap, personName });
    prepared =
      map.pages === undefined
        ? built
        : { ...built, request: requestForPage(built.request, map.pages.document, undefined) };
    if (!params.send) return { ...nothing, prepared, warnings: prepared.brokenJson };
    return {
      ...nothing,
      prepared,
      ...(await send(engine, { map, prepared, scope, evaluation, signal: params.signal })),
    };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { ...nothing, prepared, failure: failureOfEvaluation(thrown), warnings: prepared?.brokenJson ?? [] };
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
  trial: {
    readonly map: CompiledMap;
    readonly prepared: PreparedCall;
    readonly scope: Scope;
    readonly evaluation: Evaluation;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Pick<PlainTrial, 'answer' | 'failure' | 'writes' | 'records' | 'warnings'>> {
  const { map, prepared, scope, evaluation, signal } = trial;
  const onSecret = (secret: string): void => evaluation.redactor.add(secret);
  const control = { onSecret, ...(signal === undefined ? {} : { signal }) };
  const outcome = await engine.connector.send(prepared.request, control);
  if (outcome.kind === 'failed') {
    const { failure } = outcome;
    return {
      answer: failure.partial,
      failure: failureOfCall(failure),
      writes: [],
      warnings: prepared.brokenJson,
    };
  }
  const judged = await judgeAnswer(engine, {
    map,
    service: map.service,
    scope,
    answer: outcome.answer,
    soap: prepared.soap,
  });
  const writes = [...judged.writes, ...(judged.returned ?? [])];
  for (const { sensitive, value } of writes) if (sensitive) taint(evaluation.redactor, value);
  return {
    answer: outcome.answer,
    failure: judged.failure,
    writes,
    records: judged.records,
    warnings: [...judged.warnings, ...prepared.brokenJson, ...(map.pages === undefined ? [] : [ONE_PAGE])],
  };
}

const ONE_PAGE = 'only the first page was asked for: a run asks for all of them';

function effectsOf({ field, context, from }: OutputWrite, value: Json): StepEffect[] {
  return [
    ...(field === undefined ? [] : [{ kind: 'field' as const, name: field, from, value }]),
    ...(context === undefined ? [] : [{ kind: 'context' as const, name: context, from, value }]),
  ];
}

/** Context keys that an output of some map fills with what is not to be shown: given by hand it is no less so. */
function sensitiveKeysOf({ maps }: Catalog): Set<string> {
  const keys = new Set<string>();
  for (const { document } of maps.values()) {
    for (const { context, sensitive } of document.response.outputs) {
      if (sensitive && context !== undefined) keys.add(context.value.split('.')[0] ?? '');
    }
  }
  return keys;
}

/** The id by which a caller of the original says that there is no record. */
const NO_RECORD = '0x0';

/** The given data as a step would see it; `id` among the record's members names the record. */
function evaluationOf(engine: TrialEngine, params: TrialParams, map: CompiledMap): Evaluation {
  const { id, ...fields } = params.record;
  const { previous } = params;
  const module = map.document.module === undefined ? undefined : params.catalog.modules.get(map.document.module.value);
  const redactor = engine.recorder.createRedactor();
  const sensitiveKeys = sensitiveKeysOf(params.catalog);
  for (const key of sensitiveKeys) taint(redactor, params.context[key]);
  return {
    evaluator: engine,
    redactor,
    module,
    recordId: typeof id === 'string' && id !== NO_RECORD ? id : undefined,
    record: fields as RecordValues,
    image: params.image,
    previous: previous as RecordValues | undefined,
    changed: previous === undefined ? [] : changedFields(previous as RecordValues, fields as RecordValues),
    context: params.context,
    sensitiveKeys,
    run: { id: 0, workflow: '', initiator: engine.serviceUser.id, depth: 0 },
    step: 0,
    documents: params.catalog,
    ...(params.input === undefined ? {} : { input: params.input }),
    permission: params.send ? 'trial' : 'look',
  };
}
