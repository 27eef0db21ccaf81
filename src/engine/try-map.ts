import type { CallAnswer, CallTimings } from '../core/call.ts';
import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { type RecordImage, type RecordValues, changedFields } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { Redactor } from '../core/redactor.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest, StepEffect } from '../core/step.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import { judgeAnswer } from './answer/judge-answer.ts';
import { statusRule } from './answer/judge-native.ts';
import type { OutputWrite, ReadOutput } from './answer/judged-answer.ts';
import type { ReceivedRecords } from './answer/read-records.ts';
import type { Engine } from './engine.ts';
import { type Evaluation, type Evaluator, scopeFor } from './evaluation.ts';
import { personNameIn } from './request/call-credential.ts';
import { mergeHeaders } from './request/headers.ts';
import { requestForPage } from './request/page-request.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import { mapSources } from './scope.ts';
import { type StepFailure, failureOfCall, failureOfEvaluation, storedFailure } from './step-failure.ts';
import { taint } from './taint.ts';
import { withBody } from './trial/given-body.ts';
import { type OverriddenMap, overrideMap, type TrialOverrides } from './trial/trial-overrides.ts';
import { type AppliedRule, ruleApplied, shownOutputs, type TriedOutput } from './trial/tried-outputs.ts';
import { decideFields, effectsOf, type FieldPreview } from './trial/field-preview.ts';
import { refusalWarnings, shownRecords } from './trial-records.ts';

/** What came of trying a map by hand. */
export interface MapTrial {
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  /** What the outputs would write. Nothing is written. */
  readonly outputs: readonly StepEffect[];
  readonly warnings: readonly string[];
  /** Where the time of a call went to which no answer came. */
  readonly timings?: CallTimings | undefined;
  /** The statuses that count as a success, and whether this one did; undefined without an answer. */
  readonly rule?: AppliedRule | undefined;
  /** Each output by itself, those that came to nothing too; undefined without an answer. */
  readonly tried?: readonly TriedOutput[] | undefined;
  /** True when the call may change something at the other side. */
  readonly mayChange?: boolean | undefined;
}

export interface TrialParams {
  readonly catalog: Catalog;
  readonly map: string;
  /** The service in the place of the map's own, as a task names one. */
  readonly service?: string | undefined;
  readonly record: JsonObject;
  /** The record's values before the change that is tried; undefined when there was none. */
  readonly previous?: JsonObject | undefined;
  /** The stored record, for what lies behind its references. */
  readonly image?: RecordImage | undefined;
  readonly context: JsonObject;
  /** Context keys that are confidential besides those that maps say. */
  readonly sensitiveKeys?: ReadonlySet<string> | undefined;
  /** What a caller hands over; nothing when left out. */
  readonly input?: JsonObject | undefined;
  /** What stands in the place of what the documents say. */
  readonly overrides?: TrialOverrides | undefined;
  /** False: the request is built and shown, nothing is sent. */
  readonly send: boolean;
  /** Tells this call from the map's others, for the other side and for random values; all trials without one are alike. */
  readonly key?: string | undefined;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
}

/** The parts of the engine that a trial needs: no journal, no store. */
export type TrialEngine = Evaluator &
  Pick<Engine, 'connector' | 'readXml' | 'recorder' | 'soap'> & {
    readonly largeBodies?: Engine['largeBodies'];
    /** A host that decides changes has what would be written checked, and told with what was there before. */
    readonly host: Partial<Pick<RecordHost, 'decideUpdate'>>;
  };

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
  readonly timings?: CallTimings | undefined;
  /** Each output of a native map. */
  readonly read?: readonly ReadOutput[] | undefined;
  /** What would become of the record; undefined without a stored one. */
  readonly preview?: FieldPreview | undefined;
  /** The map as it was tried; undefined in what was never built. */
  readonly map?: CompiledMap | undefined;
}

/** Builds a map's request from the given data and, when asked, sends it. Nothing is stored. Rejects as {@link tryMapPlainly}. */
export async function tryMap(engine: TrialEngine, params: TrialParams): Promise<MapTrial> {
  return shownTrial(engine, await tryMapPlainly(engine, params), params.map);
}

/** The trial as people may see it. */
export function shownTrial({ recorder }: Pick<TrialEngine, 'recorder'>, trial: PlainTrial, name: string): MapTrial {
  const { prepared, answer, failure, writes, records = [], warnings, redactor, preview, map, read } = trial;
  const show = (value: Json): Json => recorder.redactJson(value, redactor);
  const request = prepared?.request;
  const mayChange = request && !(SAFE_METHODS.has(request.method) || map?.document.call.isSafe === true);
  const doubts = mayChange === true && failure?.inDoubt === true ? [IN_DOUBT] : [];
  return {
    request: request && recorder.recordRequest(request, redactor, prepared?.parameters ?? []),
    answer: answer && recorder.recordAnswer(answer, redactor),
    failure: failure && storedFailure(failure, name, (text) => redactor.redact(text)),
    outputs: [...effectsOf(writes, { preview, show }), ...shownRecords(records, show)],
    warnings: [...doubts, ...warnings, ...refusalWarnings(records)].map((warning) => redactor.redact(warning)),
    timings: answer === undefined ? trial.timings : undefined,
    rule: map && answer && ruleApplied(statusRule({ map, service: map.service }), answer.status),
    tried: read && shownOutputs(read, { writes, show, redact: (text) => redactor.redact(text) }),
    mayChange,
  };
}

const IN_DOUBT = 'nobody knows whether the other side acted: look there before it is sent again';

/** RFC 9110 section 9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** As {@link tryMap}, with everything in plain text. Rejects with MAP_UNKNOWN and what `overrideMap` throws. */
export async function tryMapPlainly(engine: TrialEngine, params: TrialParams): Promise<PlainTrial> {
  const { catalog, overrides = {} } = params;
  const overridden = overrideMap(catalog, withService(findMap(catalog, params.map), params), overrides);
  const { map } = overridden;
  const evaluation = evaluationOf(withGivenSettings(engine, overrides), params, map);
  const nothing = { answer: undefined, failure: undefined, writes: [], redactor: evaluation.redactor, map };
  let prepared: PreparedCall | undefined;
  const warned = (): string[] => [...overridden.warnings, ...(prepared?.brokenJson ?? [])];
  try {
    const scope = await scopeFor(evaluation, {
      sources: mapSources(map, map.service),
      frozen: params.key === undefined ? undefined : { seed: params.key },
      task: params.key === undefined ? map.name : `${map.name}-${params.key}`,
    });
    prepared = await prepare(engine, { overridden, overrides, scope });
    if (!params.send) return { ...nothing, prepared, warnings: warned() };
    const came = await send(engine, { map, prepared, scope, evaluation, signal: params.signal });
    const preview = await decideFields(engine, params.image, came.writes);
    const failure = came.failure ?? preview?.failure;
    return { ...nothing, prepared, ...came, failure, preview, warnings: [...overridden.warnings, ...came.warnings] };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { ...nothing, prepared, failure: failureOfEvaluation(thrown), warnings: warned() };
  }
}

async function prepare(
  engine: TrialEngine,
  trial: { readonly overridden: OverriddenMap; readonly overrides: TrialOverrides; readonly scope: Scope },
): Promise<PreparedCall> {
  const { overridden, overrides, scope } = trial;
  const { map, headers } = overridden;
  const personName = personNameIn(engine.reach?.people);
  const built = await prepareCall({ map, service: map.service, scope, soap: engine.soap, personName });
  const paged = map.pages === undefined ? built.request : requestForPage(built.request, map.pages.document, undefined);
  const { body } = overrides;
  const filled = body === undefined ? paged : await withBody(paged, body, { map, files: scope.files });
  if (headers.length === 0) return { ...built, request: filled };
  const merged = mergeHeaders([filled.headers, headers]);
  const leftOut = new Set(headers.flatMap(([name, value]) => (value === '' ? [name.toLowerCase()] : [])));
  return {
    ...built,
    request: { ...filled, headers: merged.filter(([name]) => !leftOut.has(name.toLowerCase())) },
  };
}

function withGivenSettings(engine: TrialEngine, { settings }: TrialOverrides): TrialEngine {
  if (settings === undefined) return engine;
  return { ...engine, settings: { all: async () => ({ ...(await engine.settings.all()), ...settings }) } };
}

/** The service that a task names stands in the place of the map's. */
function withService(map: CompiledMap, { service: name, catalog }: TrialParams): CompiledMap {
  const service = name === undefined ? undefined : catalog.services.get(name);
  return service === undefined ? map : { ...map, service };
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
): Promise<Pick<PlainTrial, 'answer' | 'failure' | 'writes' | 'records' | 'warnings' | 'timings' | 'read'>> {
  const { map, prepared, scope, evaluation, signal } = trial;
  const onSecret = (secret: string): void => evaluation.redactor.add(secret);
  const control = { onSecret, ...(signal === undefined ? {} : { signal }) };
  const outcome = await engine.connector.send(prepared.request, control);
  if (outcome.kind === 'failed') {
    const { failure } = outcome;
    return {
      answer: failure.partial,
      failure: failureOfCall(failure),
      timings: failure.timings,
      writes: [],
      warnings: prepared.brokenJson,
    };
  }
  const read = new Map<ReadOutput['document'], ReadOutput>();
  const judged = await judgeAnswer(engine, {
    // After a failure the outputs are gone through once more, for what is meant for one.
    onOutput: (told) =>
      void (told.outcome === 'unasked' && read.has(told.document) ? 0 : read.set(told.document, told)),
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
    read: map.document.dialect === 'native' ? [...read.values()] : undefined,
    warnings: [...judged.warnings, ...prepared.brokenJson, ...(map.pages === undefined ? [] : [ONE_PAGE])],
  };
}

const ONE_PAGE = 'only the first page was asked for: a run asks for all of them';

/** By revision: applications make many calls under one. */
const sensitiveKeys = new WeakMap<Catalog, ReadonlySet<string>>();

/** Context keys that an output of some map fills with what is not to be shown: given by hand it is no less so. */
function sensitiveKeysOf(catalog: Catalog): ReadonlySet<string> {
  const known = sensitiveKeys.get(catalog);
  if (known !== undefined) return known;
  const keys = new Set<string>();
  sensitiveKeys.set(catalog, keys);
  const { maps } = catalog;
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
  const sensitiveKeys = new Set([...sensitiveKeysOf(params.catalog), ...(params.sensitiveKeys ?? [])]);
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
