import { MapwrightError } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import type { RecordValue } from '../core/record.ts';
import type { Failure, Lease, Run } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest, StepEffect } from '../core/step.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { CompiledWorkflow } from '../catalog/compiled-workflow.ts';
import { judgeCorebos } from './answer/judge-corebos.ts';
import { judgeNative } from './answer/judge-native.ts';
import type { OutputWrite } from './answer/judged-answer.ts';
import type { Engine } from './engine.ts';
import { type PreparedCall, prepareCall } from './request/prepared-call.ts';
import { type RunState, openRunState, setContext } from './run-state.ts';
import { mapSources, scopeOf } from './scope.ts';
import { failureOfCall, failureOfEvaluation, storedFailure } from './step-failure.ts';

/** What came of trying a map by hand. */
export interface MapTrial {
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  readonly failure: Failure | undefined;
  /** What the outputs would write. Nothing is written. */
  readonly outputs: readonly StepEffect[];
  readonly warnings: readonly string[];
}

/** Builds a map's request from the given data and, when asked, sends it. Nothing is stored. Rejects with MAP_UNKNOWN. */
export async function tryMap(
  engine: Engine,
  params: {
    readonly catalog: Catalog;
    readonly map: string;
    readonly record: JsonObject;
    readonly context: JsonObject;
    readonly send: boolean;
  },
): Promise<MapTrial> {
  const map = findMap(params.catalog, params.map);
  const state = trialState(engine, params, map);
  let prepared: PreparedCall | undefined;
  let request: RecordedRequest | undefined;
  try {
    const scope = await scopeOf(state, { sources: mapSources(map, map.service), frozen: undefined, task: map.name });
    prepared = await prepareCall({ map, service: map.service, scope });
    request = engine.recorder.recordRequest(prepared.request, state.redactor, prepared.parameters);
    if (!params.send)
      return { request, answer: undefined, failure: undefined, outputs: [], warnings: prepared.brokenJson };
    return { request, ...(await send(state, map, prepared, scope)) };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const failure = storedFailure(failureOfEvaluation(thrown), map.name, (text) => state.redactor.redact(text));
    return { request, answer: undefined, failure, outputs: [], warnings: prepared?.brokenJson ?? [] };
  }
}

function findMap(catalog: Catalog, name: string): CompiledMap {
  const map = catalog.maps.get(name);
  if (map !== undefined) return map;
  const hint = didYouMean(name, catalog.maps.keys()) ?? 'apply it first, or give its file with --documents';
  throw new MapwrightError('MAP_UNKNOWN', `there is no map "${name}" without errors`, { hint });
}

async function send(
  state: RunState,
  map: CompiledMap,
  prepared: PreparedCall,
  scope: Awaited<ReturnType<typeof scopeOf>>,
): Promise<Omit<MapTrial, 'request'>> {
  const { engine, redactor } = state;
  const outcome = await engine.connector.send(prepared.request, {});
  const redact = (text: string): string => redactor.redact(text);
  if (outcome.kind === 'failed') {
    const { partial } = outcome.failure;
    return {
      answer: partial && engine.recorder.recordAnswer(partial, redactor),
      failure: storedFailure(failureOfCall(outcome.failure), map.name, redact),
      outputs: [],
      warnings: prepared.brokenJson,
    };
  }
  const judge = map.document.dialect === 'native' ? judgeNative : judgeCorebos;
  const isSensitiveName = (name: string): boolean => engine.recorder.isSensitiveName(name);
  const judged = await judge({
    map,
    service: map.service,
    scope,
    answer: outcome.answer,
    isSensitiveName,
    readXml: engine.readXml,
  });
  const outputs = judged.writes.flatMap((write) => describe(state, write));
  return {
    answer: engine.recorder.recordAnswer(outcome.answer, redactor),
    failure: judged.failure && storedFailure(judged.failure, map.name, redact),
    outputs,
    warnings: [...judged.warnings, ...prepared.brokenJson],
  };
}

function describe(state: RunState, write: OutputWrite): StepEffect[] {
  const { field, context, value, from, sensitive } = write;
  if (context !== undefined) setContext(state, context, value, sensitive);
  const shown = sensitive ? '••••' : state.engine.recorder.redactJson(value, state.redactor);
  return [
    ...(field === undefined ? [] : [{ kind: 'field' as const, name: field, from, value: shown }]),
    ...(context === undefined ? [] : [{ kind: 'context' as const, name: context, from, value: shown }]),
  ];
}

/** A run that exists in memory only, so that a trial sees just what a run would. */
function trialState(
  engine: Engine,
  params: { readonly catalog: Catalog; readonly record: JsonObject; readonly context: JsonObject },
  map: CompiledMap,
): RunState {
  const { id, ...fields } = params.record;
  const run: Run = {
    id: 0,
    workflow: '',
    revision: params.catalog.revision,
    module: map.document.module?.value,
    recordId: typeof id === 'string' ? id : undefined,
    lane: '',
    passWhenWaiting: false,
    trigger: {
      event: 'manual',
      record: fields as Readonly<Record<string, RecordValue>>,
      previous: undefined,
      changed: [],
    },
    undecided: false,
    rootRun: 0,
    depth: 0,
    initiator: engine.serviceUser.id,
    status: 'running',
    wait: undefined,
    failure: undefined,
    handled: false,
    progress: {},
    context: params.context,
    epoch: 0,
    acceptedAt: engine.clock.now(),
    startedAt: undefined,
    endedAt: undefined,
    cancelRequested: undefined,
  };
  const lease: Lease = { run, owner: '', openStep: undefined };
  const module = map.document.module === undefined ? undefined : params.catalog.modules.get(map.document.module.value);
  const workflow = { module } as CompiledWorkflow;
  return openRunState({ engine, lease, workflow, signal: AbortSignal.abort() });
}
