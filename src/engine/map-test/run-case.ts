import type { Connector } from '../../core/call.ts';
import type { Json } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordId, RecordImage, RecordValue } from '../../core/record.ts';
import type { CallRecorder } from '../../core/redactor.ts';
import type { SoapClient } from '../../core/soap.ts';
import { readExactJson } from '../../core/json-text.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import type { GivenAnswer, MapTestCase } from '../../catalog/compiled-map-test.ts';
import type { Engine } from '../engine.ts';
import type { OutputWrite } from '../answer/judged-answer.ts';
import type { StepFailure } from '../step-failure.ts';
import { type PlainTrial, type TrialEngine, tryMapPlainly } from '../try-map.ts';
import { type CaseData, type ReadField, caseData, caseSecrets, caseSettings, moduleOf } from './case-data.ts';

/** What cases are run with, besides the documents. */
export interface MapTestTools {
  readonly recorder: CallRecorder;
  readonly readXml: Engine['readXml'];
  readonly readField: ReadField;
  /** A connector that gives this answer to every call and opens no connection. */
  connectorFor(answer: GivenAnswer): Connector;
  /** A client that finds this WSDL wherever it looks for one, none for undefined, and opens no connection. */
  soapFor(wsdl: string | undefined): SoapClient;
}

/**
 * Runs a map as the case says: its request is built by the code that builds real ones, the case's answer is judged by the
 * code that judges real ones. Time, random values, ids and zone are the case's, so the outcome is always the same.
 */
export async function runCase(
  tools: MapTestTools,
  params: { readonly catalog: Catalog; readonly map: CompiledMap; readonly one: MapTestCase },
): Promise<PlainTrial> {
  const { catalog, map, one } = params;
  const module = moduleOf(map, catalog);
  const data = caseData(one, module, tools.readField);
  const { record, previous, image, context } = data;
  const engine = engineFor(tools, { map, module, one, data, catalog });
  const send = one.answer !== undefined;
  const trial = await tryMapPlainly(engine, { catalog, map: map.name, record, previous, image, context, send });
  hideKeys(tools.recorder, trial, data);
  const refused = trial.failure === undefined ? refusedWrite(trial.writes, module, tools.readField) : undefined;
  return refused === undefined ? trial : { ...trial, failure: refused };
}

/**
 * What stands under a name like `accessKey` is hidden as in history, unless the case itself gives it: a key computed from
 * one that a map holds must not come into a test.
 */
function hideKeys(recorder: CallRecorder, { prepared, redactor }: PlainTrial, data: CaseData): void {
  const given = new Set([...Object.values(data.record), ...Object.values(data.context)]);
  for (const { name, value } of prepared?.parameters ?? []) {
    const inside = recorder.isSensitiveName(name) ? [value] : sensitiveTexts(readExactJson(value), recorder);
    for (const text of inside) if (!given.has(text)) redactor.add(text);
  }
}

/** The texts under sensitive names, wherever they stand in the value. */
function sensitiveTexts(value: Json | undefined, recorder: CallRecorder): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) =>
    typeof inner === 'string' && recorder.isSensitiveName(name) ? [inner] : sensitiveTexts(inner, recorder),
  );
}

interface CaseSetting {
  readonly map: CompiledMap;
  readonly module: ModuleDefinition | undefined;
  readonly one: MapTestCase;
  readonly data: CaseData;
  readonly catalog: Catalog;
}

function engineFor(tools: MapTestTools, setting: CaseSetting): TrialEngine {
  const { map, one } = setting;
  const settings = caseSettings(one, map);
  const secrets = caseSecrets(one, map);
  return {
    connector: tools.connectorFor(one.answer ?? { kind: 'failure', failure: 'refused' }),
    recorder: tools.recorder,
    readXml: tools.readXml,
    settings: { all: async () => settings },
    secrets: { get: async (name) => secrets.get(name) },
    host: {
      fieldThrough: async (image, path) => behindReference(setting.data, image, path),
      displayName: async (id) => displayName(setting, id),
    },
    clock: { now: () => one.time.now },
    timeZone: one.time.zone,
    installId: 'test',
    serviceUser: { id: '19x1', name: 'admin' },
    soap: tools.soapFor(one.wsdl),
  };
}

function behindReference(data: CaseData, image: RecordImage, path: readonly string[]): RecordValue | undefined {
  const given = data.behindReferences.get(path.join('.'));
  if (given !== undefined) return given;
  const own = image.values[path[0] ?? ''];
  // Behind an empty reference there is nothing.
  return path.length === 1 || own === null ? own : undefined;
}

/** The title field of the record behind a reference, or the user's name behind an owner, as the case gives it. */
function displayName({ module, data, catalog }: CaseSetting, id: RecordId): string | undefined {
  for (const field of module?.fields ?? []) {
    if (data.image.values[field.name] !== id) continue;
    const titles = field.type === 'owner' ? ['user_name'] : [];
    for (const target of field.references ?? []) titles.push(catalog.modules.get(target)?.title ?? '');
    const found = titles.map((title) => data.behindReferences.get(`${field.name}.${title}`));
    const name = found.find((value) => typeof value === 'string');
    if (typeof name === 'string') return name;
  }
  return undefined;
}

/** A value that the record would not take fails the step, as it does in a run. */
function refusedWrite(
  writes: readonly OutputWrite[],
  module: ModuleDefinition | undefined,
  readField: ReadField,
): StepFailure | undefined {
  for (const { field: name, value } of writes) {
    const field = module?.fields.find((candidate) => candidate.name === name);
    const reading = field && readField(field, value);
    if (field === undefined || reading === undefined || reading.ok) continue;
    return {
      code: 'RECORD_INVALID',
      message: `${field.name} ${reading.problem}`,
      hint: 'convert the output with type="...", or change the field',
      cause: 'evaluation',
      status: undefined,
      remoteCode: undefined,
      inDoubt: false,
    };
  }
  return undefined;
}
