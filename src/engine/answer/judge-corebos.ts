import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { CompiledMap, CompiledOutput } from '../../catalog/compiled-map.ts';
import { readLegacyPath, walkLegacyPath } from '../../expression/legacy-path.ts';
import { decodeLegacyBody } from '../../expression/legacy/json-text.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import type { StepFailure } from '../step-failure.ts';
import {
  type AnswerQuestion,
  type JudgedAnswer,
  type OutputWrite,
  type RemoteError,
  answerFailure,
  describeRemote,
  compositeMessage,
  isComposite,
  startOf,
  statusFailure,
} from './judged-answer.ts';
import { readAnswer } from './read-body.ts';

/** Paths that speak of an error: the only ones that may write a field after a failure. */
const ERROR_PATH = /^\.?(?:errors?|fault|message|exception|moreinfo)(?:\.|$)/iu;

/**
 * Judges the answer to a coreBOS map. Values are read as the original reads them; what they may write is stricter: after
 * a failure no field is cleared.
 */
export async function judgeCorebos(question: AnswerQuestion): Promise<JudgedAnswer> {
  const { map, answer } = question;
  const { format, outputs } = map.document.response;
  const readers = { json: decodeLegacyBody, xml: question.readXml, text: () => undefined, raw: () => undefined };
  const { text, body } = readAnswer(answer, readers[format]);
  const readings = map.outputs.map((output) => ({ output, read: readOutput(output, map.document, { text, body }) }));
  const failure = findFailure(question, text, body) ?? findMisfit(answer.status, readings);
  const writes: OutputWrite[] = [];
  const warnings: string[] = [];
  for (const { output, read } of readings) {
    warnings.push(...warningsOf(output, read, failure));
    const write = toWrite(question, output, read, failure);
    if (write !== undefined) writes.push(write);
  }
  return { failure, writes: outputs.length === 0 ? [] : writes, warnings };
}

function findFailure({ map, answer }: AnswerQuestion, text: string, body: Json | undefined): StepFailure | undefined {
  const envelope = isJsonObject(body) && body['success'] === false ? body : undefined;
  const remote = envelope === undefined ? {} : errorOf(envelope);
  if (answer.status < 200 || answer.status > 299) return statusFailure(answer, remote);
  if (envelope !== undefined) {
    const said = describeRemote(remote);
    const message = said === '' ? 'answered success:false' : said;
    return answerFailure('CALL_EXPECTATION', message, { status: answer.status, remoteCode: remote.code });
  }
  const { format } = map.document.response;
  const isReadable = body !== undefined || (format !== 'json' && format !== 'xml');
  const isNeeded = text.trim() !== '' || map.outputs.length > 0;
  const isNameless = isListWithoutNames(map, body);
  if ((isReadable && !isNameless) || !isNeeded) return undefined;
  const wanted = isNameless ? 'a JSON object' : format.toUpperCase();
  return answerFailure('CALL_UNREADABLE', `the answer is not ${wanted}: it starts with ${startOf(text)}`, {
    status: answer.status,
    hint: 'see the stored answer; is wsurl right, or does a proxy answer instead?',
  });
}

/** A list has no names to be read: the original broke off at one, so no map relies on what it would clear. */
function isListWithoutNames(map: AnswerQuestion['map'], body: Json | undefined): boolean {
  const paths = map.outputs.map(({ document }) => document.from?.value ?? '').filter((path) => path !== '.');
  return Array.isArray(body) && paths.length > 0 && !paths.some((path) => /^\.?\d+(?:\.|$)/u.test(path));
}

/** A list or an object that a field was to get: the original broke off at an object and lost a list. */
function findMisfit(
  status: number,
  readings: readonly { readonly output: CompiledOutput; readonly read: ReadOutput }[],
): StepFailure | undefined {
  for (const { output, read } of readings) {
    const field = output.document.field?.value;
    if (field === undefined || !isComposite(read.value)) continue;
    const from = output.document.from?.value ?? '';
    return answerFailure('OUTPUT_TYPE', compositeMessage(read.value, from, field), { status });
  }
  return undefined;
}

function errorOf(envelope: Readonly<Record<string, Json>>): RemoteError {
  const { error } = envelope;
  if (!isJsonObject(error)) return {};
  return { code: toLegacyText(error['code'] ?? ''), message: toLegacyText(error['message'] ?? '') };
}

interface ReadOutput {
  readonly value: Json;
  readonly found: boolean;
  readonly skipped: readonly string[];
}

function readOutput(
  { document }: CompiledOutput,
  map: CompiledMap['document'],
  { text, body }: { readonly text: string; readonly body: Json | undefined },
): ReadOutput {
  const path = document.from?.value ?? '';
  if (path === '.') return { value: text, found: text !== '', skipped: [] };
  // Only JSON's top level is given as JSON text, and only where the map does not ask for raw values.
  const isRaw = map.response.format === 'xml' || map.switches?.rawValues === true;
  const read = isRaw ? walkLegacyPath(body, path.split('.')) : readLegacyPath(body, path);
  const isStepped = map.switches?.strictPaths === true && read.skipped.length > 0;
  return isStepped ? { value: '', found: false, skipped: read.skipped } : read;
}

function warningsOf({ document }: CompiledOutput, read: ReadOutput, failure: StepFailure | undefined): string[] {
  const path = document.from?.value ?? '';
  if (failure !== undefined) return [];
  if (!read.found) {
    const target = document.field?.value ?? `context ${document.context?.value ?? ''}`;
    return [`the answer has no ${path}: ${target} is cleared, as coreBOS did`];
  }
  return read.skipped.length === 0
    ? []
    : [`${path} was read past the missing ${read.skipped.join(', ')}, as coreBOS did`];
}

function toWrite(
  { isSensitiveName }: AnswerQuestion,
  { document }: CompiledOutput,
  read: ReadOutput,
  failure: StepFailure | undefined,
): OutputWrite | undefined {
  const path = document.from?.value ?? '';
  const mayWriteField = failure === undefined || (read.found && ERROR_PATH.test(path));
  const field = mayWriteField ? document.field?.value : undefined;
  const context = document.context?.value;
  if (field === undefined && context === undefined) return undefined;
  const lastName = path.split('.').at(-1) ?? '';
  const sensitive =
    document.sensitive || isSensitiveName(lastName) || (context !== undefined && isSensitiveName(context));
  return { field, context, value: read.value, from: path, sensitive, fires: document.fires };
}
