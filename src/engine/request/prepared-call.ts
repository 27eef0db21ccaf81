import type { CallRequest } from '../../core/call.ts';
import { fileIn } from '../../core/file-store.ts';
import type { Json } from '../../core/json.ts';
import type { RunId } from '../../core/run.ts';
import type { SoapCall, SoapClient } from '../../core/soap.ts';
import { partOf } from '../../catalog/compile-file.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import type { CompiledParameter } from '../../catalog/compiled-parameter.ts';
import type { CompiledService } from '../../catalog/compiled-service.ts';
import { evaluateNetwork } from '../../catalog/network/compile-network.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { callCredential, type PersonName } from './call-credential.ts';
import { answerSink } from '../answer/answer-file.ts';
import { describeFile } from './file-body.ts';
import { buildCorebosRequest } from './corebos-request.ts';
import { buildNativeRequest } from './native-request.ts';
import { buildSoapCall } from './soap-request.ts';
import { spreadParameter } from './spread-parameter.ts';

/** One parameter with its value. */
export interface EvaluatedParameter {
  readonly parameter: CompiledParameter;
  readonly value: Json;
  /** What the part or file is called and of which type it is, where that is said. */
  readonly part?: Awaited<ReturnType<typeof partOf>>;
}

/** A request and what it was made of. Holds secrets in plain text. */
export interface PreparedCall {
  readonly request: CallRequest;
  readonly parameters: readonly { readonly name: string; readonly source: string; readonly value: string }[];
  /** Parameters whose text starts like JSON and is not: told when the call fails. */
  readonly brokenJson: readonly string[];
  /** The SOAP operation that the request calls, which reads its answer; undefined for other calls. */
  readonly soap: SoapCall | undefined;
}

/** What every dialect's request builder gets. */
export interface RequestParts {
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
  readonly scope: Scope;
  readonly parameters: readonly EvaluatedParameter[];
}

/** What a request says, before limits are added. */
export type RequestText = Pick<CallRequest, 'method' | 'url' | 'headers' | 'body'>;

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 30_000;
const LONGEST_SHOWN = 200;
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** Evaluates every parameter and builds the request. Rejects with MapwrightError naming the parameter. */
export async function prepareCall(params: {
  readonly map: CompiledMap;
  readonly service: CompiledService | undefined;
  readonly scope: Scope;
  /** Undefined where no WSDL can be read: a SOAP map is then rejected with MAP_SOAP_UNAVAILABLE. */
  readonly soap?: SoapClient | undefined;
  /** For messages about credentials that everybody has one of their own of. */
  readonly personName?: PersonName | undefined;
  /** The first of the chain of runs that the call is made for. */
  readonly run?: RunId | undefined;
}): Promise<PreparedCall> {
  const { map, service } = params;
  const values = new Map<string, Json>();
  const scope: Scope = { ...params.scope, parameter: (name) => values.get(name) };
  const parameters = await evaluateAll(map, scope, values);
  const parts: RequestParts = { map, service, scope, parameters };
  const timeouts = [map.document.call.timeouts, service?.document.timeouts];
  const readTimeoutMs = timeouts.map((limit) => limit?.readMs).find(isGiven);
  const network = await evaluateNetwork([service?.network, map.network], scope);
  const limits = {
    connectTimeoutMs: timeouts.map((limit) => limit?.connectMs).find(isGiven) ?? DEFAULT_CONNECT_TIMEOUT_MS,
    totalTimeoutMs: timeouts.map((limit) => limit?.totalMs).find(isGiven) ?? DEFAULT_TOTAL_TIMEOUT_MS,
    ...(readTimeoutMs === undefined ? {} : { readTimeoutMs }),
    ...(network === undefined ? {} : { network }),
  };
  const isSoap = map.document.call.protocol === 'soap';
  const credential = await callCredential(service, params.scope, params.personName);
  const soap = isSoap ? await buildSoapCall(parts, params.soap, { ...limits, credential }) : undefined;
  const text = soap?.request ?? (await buildText(parts));
  const answerTo = await answerSink(map, scope, { url: text.url, run: params.run });
  return {
    request: { ...text, ...limits, maxAnswerBytes: MAX_ANSWER_BYTES, credential, answerTo },
    soap,
    parameters: parameters.map(({ parameter, value }) => ({
      name: parameter.name,
      source: parameter.source.describe,
      value: shownValue(parameter, value),
    })),
    brokenJson: parameters.flatMap(({ parameter, value }) => describeBrokenJson(parameter, value, scope) ?? []),
  };
}

function buildText(parts: RequestParts): Promise<RequestText> {
  return parts.map.document.dialect === 'native' ? buildNativeRequest(parts) : buildCorebosRequest(parts);
}

/** Of a file what is known of it; a text that was made of one is as long as the file. */
function shownValue({ document }: CompiledParameter, value: Json): string {
  const file = document.source.kind === 'file' ? fileIn(value) : undefined;
  if (file !== undefined) return describeFile(file);
  const text = toPlainText(value);
  return document.source.kind === 'file' && text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

function isGiven(value: number | undefined): value is number {
  return value !== undefined;
}

async function evaluateAll(map: CompiledMap, scope: Scope, values: Map<string, Json>): Promise<EvaluatedParameter[]> {
  const evaluated: EvaluatedParameter[] = [];
  for (const parameter of map.parameters) {
    const value = await parameter.evaluate(scope);
    if (value === undefined) continue;
    values.set(parameter.name, value);
    if (parameter.document.isSpread === true) {
      evaluated.push(...spreadParameter(map, parameter, value));
      continue;
    }
    const { filename, contentType } = parameter.part;
    const isPart = filename !== undefined || contentType !== undefined;
    evaluated.push({ parameter, value, ...(isPart ? { part: await partOf(parameter.part, scope) } : {}) });
  }
  return evaluated;
}

/**
 * Where a text that starts like JSON stops being it; undefined when it is JSON or was not meant to be. Of what is confidential
 * nothing is quoted: a piece of a secret is not known for one any more.
 */
function describeBrokenJson({ name, source }: CompiledParameter, value: Json, scope: Scope): string | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch (thrown) {
    const offset = Number(/position (\d+)/u.exec(String(thrown))?.[1] ?? value.length);
    const before = value.slice(0, offset).split('\n');
    const near = value.slice(Math.max(0, offset - 20), offset + 10);
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    const quoted = source.references.some((one) => scope.isSensitive(one)) ? '' : `, near ${JSON.stringify(near)}`;
    return `parameter "${name}" is not valid JSON at ${place}${quoted}`;
  }
}
