import { MapwrightError } from '../../core/error.ts';
import { inSlices } from '../../core/in-slices.ts';
import type { Json } from '../../core/json.ts';
import type { CompiledOutput } from '../../catalog/compiled-map.ts';
import type { CompiledExpectation } from '../../catalog/compiled-service.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { convertValue } from '../../catalog/convert-value.ts';
import type { ResponseEnvironment } from '../../expression/environment.ts';
import { noEscape } from '../../expression/escape.ts';
import type { StepFailure } from '../step-failure.ts';
import {
  type AnswerQuestion,
  type JudgedAnswer,
  type OutputWrite,
  type RemoteError,
  type StatusRule,
  answerFailure,
  describeRemote,
  describeUnreadable,
  compositeMessage,
  isComposite,
  statusFailure,
} from './judged-answer.ts';
import { withNamedLists } from './named-lists.ts';
import { fileWrites } from './answer-file.ts';
import { textOfElement } from './xml-text.ts';
import { readApart } from './read-apart.ts';
import { type BodyReader, type BodyReading, parseJsonInPieces, readAnswer, readsAs } from './read-body.ts';
import { readCsv } from './read-csv.ts';
import { readPage, type ReadPage, withAllItems } from './read-page.ts';
import { readRecords } from './read-records.ts';

/** An answer that was read as its protocol says, and what is wrong with it in that protocol's view. */
export interface KnownAnswer {
  readonly response: ResponseEnvironment;
  readonly failure: StepFailure | undefined;
}

/** Judges the answer to a native map: status, readable as declared, expectations, then every output must be there. */
export async function judgeNative(question: AnswerQuestion, read?: KnownAnswer): Promise<JudgedAnswer> {
  const { answer } = question;
  const response = read?.response ?? (await responseOf(question, readApart(question)));
  const scope: Scope = { ...question.scope, values: { ...question.scope.values, response } };
  const failure =
    read?.failure === undefined
      ? await findFailure(question, scope)
      : await withRemoteCode(read.failure, question, scope);
  if (failure !== undefined) return afterFailure(question, scope, failure);
  try {
    return await readAll(question, scope);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const details = thrown.hint === undefined ? {} : { hint: thrown.hint };
    return afterFailure(
      question,
      scope,
      answerFailure(thrown.code, thrown.message, { status: answer.status, ...details }),
    );
  }
}

/** What a good answer says: its lists, and, unless another page follows, its outputs. */
async function readAll(question: AnswerQuestion, scope: Scope): Promise<JudgedAnswer> {
  const { map, answer } = question;
  const { response } = scope.values;
  const missingIsFine = isExpectedRefusal(question);
  const isPaged = map.pages !== undefined && question.page !== undefined && response !== undefined && !missingIsFine;
  const page = isPaged ? readPage(map, map.pages, { question: question.page, answer, response }) : undefined;
  const records = await readRecords(map.records, scope, missingIsFine);
  const warnings = page?.warnings ?? [];
  if (page?.next !== undefined) return { failure: undefined, writes: [], warnings, records, page };
  const all = page === undefined ? scope : withItems(scope, map, page);
  const outputs = await readOutputs(question, all, { on: ['success', 'always'], missingIsFine });
  const writes = [...outputs, ...fileWrites(question, missingIsFine)];
  return { failure: undefined, writes, warnings, records, page };
}

function withItems(scope: Scope, { pages }: AnswerQuestion['map'], { kept }: ReadPage): Scope {
  const { response } = scope.values;
  if (pages === undefined || response === undefined || kept.length === 0) return scope;
  const body = withAllItems(pages, response.body, kept);
  return { ...scope, values: { ...scope.values, response: { ...response, body } } };
}

/** The answer as the map's expressions see it; with `apart`, as far as those of the map and its service look at it. */
export async function responseOf(
  question: Pick<AnswerQuestion, 'map' | 'readXml' | 'answer'>,
  apart?: BodyReading['apart'],
): Promise<ResponseEnvironment> {
  const { encoding, lists } = question.map.document.response;
  const { response } = await readAnswer(question.answer, { read: bodyReader(question), apart, encoding });
  if (lists === undefined || response.body === undefined) return response;
  const body = await inSlices(withNamedLists(response.body, new Set(lists)), question.answer.body.length);
  return { ...response, body };
}

function bodyReader({ map, readXml }: Pick<AnswerQuestion, 'map' | 'readXml'>): BodyReader {
  const text: BodyReader = (whole) => readsAs(whole);
  const { format, csv, attributes } = map.document.response;
  const xml: BodyReader = (whole, keeps) => readXml(whole, keeps, attributes);
  const rows: BodyReader = (whole) => readCsv(whole, csv ?? { separator: undefined, hasHeader: true });
  const readers = { json: parseJsonInPieces, xml, csv: rows, text, raw: () => readsAs(undefined) };
  return readers[format];
}

async function findFailure(question: AnswerQuestion, scope: Scope): Promise<StepFailure | undefined> {
  const { map, service, answer } = question;
  const expectations = [...map.expectations, ...(service?.expectations ?? [])];
  if (!isStatusExpected(question, answer.status)) {
    return statusFailure(answer, await readRemoteError(expectations, scope));
  }
  const isRefusal = isExpectedRefusal(question);
  if (!isRefusal && needsBody(question) && scope.values.response?.body === undefined) {
    const format = map.document.response.format.toUpperCase();
    return answerFailure('CALL_UNREADABLE', describeUnreadable(format, scope.values.response?.text ?? ''), {
      status: answer.status,
      hint: 'see the stored answer; is the address right, or does a proxy answer instead?',
    });
  }
  // What a service says of every answer is said of those that succeed.
  for (const expectation of isRefusal ? map.expectations : expectations) {
    if (expectation.when === undefined) continue;
    // Nobody reads a body that is a file.
    if (map.file !== undefined && looksAtBody(expectation)) continue;
    if ((await expectation.when.evaluate(scope.values, scope.ambience)) === true) continue;
    const remote = await readRemoteError([expectation], scope);
    const said = describeRemote(remote);
    const message = said === '' ? `the answer does not meet ${expectation.when.text}` : said;
    return answerFailure('CALL_EXPECTATION', message, { status: answer.status, remoteCode: remote.code });
  }
  return undefined;
}

/** A failure of the protocol, under the code that the map or its service reads out of it, where one does. */
async function withRemoteCode(
  failure: StepFailure,
  { map, service }: AnswerQuestion,
  scope: Scope,
): Promise<StepFailure> {
  const { code = '' } = await readRemoteError([...map.expectations, ...(service?.expectations ?? [])], scope);
  return code === '' ? failure : { ...failure, remoteCode: code };
}

function isStatusExpected(question: AnswerQuestion, status: number): boolean {
  return statusRule(question).expected.some((one) => isStatus(one, status));
}

/** The nearest list of statuses counts: the map's, else the service's, else 2xx. */
export function statusRule({ map, service }: Pick<AnswerQuestion, 'map' | 'service'>): StatusRule {
  const listed = (expectations: readonly CompiledExpectation[]): string[] =>
    expectations.flatMap(({ document }) => document.statuses ?? []);
  const own = listed(map.expectations);
  if (own.length > 0) return { expected: own, from: 'map' };
  const inherited = listed(service?.expectations ?? []);
  return inherited.length > 0 ? { expected: inherited, from: 'service' } : { expected: ['2xx'], from: 'default' };
}

/**
 * True for a status like 404 that the map itself counts as a success: whoever expects it wants to know the status, and not
 * what a good answer holds.
 */
function isExpectedRefusal({ map, answer: { status } }: AnswerQuestion): boolean {
  if (status >= 200 && status < 300) return false;
  return map.expectations.some(({ document }) => (document.statuses ?? []).some((one) => isStatus(one, status)));
}

function isStatus(expected: string, status: number): boolean {
  return expected === String(status) || expected === `${Math.floor(status / 100)}xx`;
}

function needsBody({ map, service }: AnswerQuestion): boolean {
  if (map.file !== undefined) return false;
  if (map.document.response.format === 'raw') return false;
  const expects = [...map.expectations, ...(service?.expectations ?? [])].some(looksAtBody);
  const reads = map.records.length > 0 || map.pages !== undefined;
  return expects || reads || map.outputs.some(({ path, document }) => path !== undefined && document.on !== 'failure');
}

function looksAtBody({ when }: CompiledExpectation): boolean {
  const references = when?.references ?? [];
  return references.some(({ root, path }) => root === 'response' && (path[0] === 'body' || path.length === 0));
}

async function readRemoteError(expectations: readonly CompiledExpectation[], scope: Scope): Promise<RemoteError> {
  const remote: { code?: string; message?: string } = {};
  for (const expectation of expectations) {
    const code = await readQuietly(expectation.code, scope);
    const message = await readQuietly(expectation.message, scope);
    if (code !== undefined) remote.code ??= code;
    if (message !== undefined) remote.message ??= message;
  }
  return remote;
}

/** The template's text; undefined when the answer has no such member: an error answer may look like anything. */
async function readQuietly(template: CompiledExpectation['code'], scope: Scope): Promise<string | undefined> {
  try {
    return await template?.evaluate(scope, noEscape);
  } catch (thrown) {
    if (thrown instanceof MapwrightError) return undefined;
    throw thrown;
  }
}

async function afterFailure(question: AnswerQuestion, scope: Scope, failure: StepFailure): Promise<JudgedAnswer> {
  try {
    const on = { on: ['failure', 'always'], missingIsFine: false };
    return { failure, writes: await readOutputs(question, scope, on), warnings: [] };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { failure, writes: [], warnings: [thrown.message] };
  }
}

/** Rejects with what the first output fails with; whoever is told of each is told of those behind it too. */
async function readOutputs(
  { map, onOutput }: Pick<AnswerQuestion, 'map' | 'onOutput'>,
  scope: Scope,
  { on, missingIsFine }: { readonly on: readonly string[]; readonly missingIsFine: boolean },
): Promise<OutputWrite[]> {
  const writes: OutputWrite[] = [];
  let failed: MapwrightError | undefined;
  for (const output of map.outputs) {
    const told = { document: output.document, from: describe(output) };
    if (!on.includes(output.document.on)) {
      onOutput?.({ ...told, outcome: 'unasked' });
      continue;
    }
    try {
      const value = await readOutput(output, scope, missingIsFine);
      onOutput?.(value === undefined ? { ...told, outcome: 'absent' } : { ...told, outcome: 'value', value });
      if (value === undefined) continue;
      const { field, context, sensitive, fires } = output.document;
      writes.push({ field: field?.value, context: context?.value, value, from: told.from, sensitive, fires });
    } catch (thrown) {
      if (onOutput === undefined || !(thrown instanceof MapwrightError)) throw thrown;
      onOutput({ ...told, outcome: 'failed', error: thrown });
      failed ??= thrown;
    }
  }
  if (failed !== undefined) throw failed;
  return writes;
}

function describe({ document }: CompiledOutput): string {
  if (document.from !== undefined) return document.from.value;
  return document.value !== undefined
    ? 'value'
    : document.jsonata === undefined && document.match !== undefined
      ? document.match.value
      : 'jsonata';
}

async function readOutput(output: CompiledOutput, scope: Scope, missingIsFine: boolean): Promise<Json | undefined> {
  const { document } = output;
  const found = document.value ?? (await readValue(output, scope)) ?? document.defaultValue;
  if (found !== undefined) {
    if (document.type === undefined && document.field !== undefined)
      requireSingleValue(found, describe(output), document.field.value);
    return convertValue(found, document.type, describe(output), document.form);
  }
  if (document.optional || missingIsFine) return undefined;
  throw new MapwrightError('OUTPUT_MISSING', `the answer has no ${describe(output)}`, {
    hint: 'correct the path, or say optional="true" or default="..." on the output',
  });
}

function requireSingleValue(value: Json, from: string, field: string): void {
  if (!isComposite(value)) return;
  throw new MapwrightError('OUTPUT_TYPE', compositeMessage(value, from, field), {
    hint: 'correct the path, or say type="json" on the output to keep it as JSON text',
  });
}

async function readValue(output: CompiledOutput, scope: Scope): Promise<Json | undefined> {
  const value = await readSource(output, scope);
  if (output.match === undefined || value === undefined || value === null) return value;
  return output.match.find(typeof value === 'string' ? value : JSON.stringify(value));
}

async function readSource(output: CompiledOutput, scope: Scope): Promise<Json | undefined> {
  if (output.jsonata !== undefined) return output.jsonata.evaluate(scope.values, scope.ambience);
  const { response } = scope.values;
  if (output.path === undefined) return output.match === undefined ? undefined : response?.text;
  if (response?.body === undefined) return undefined;
  const read = output.path.read(response.body);
  return read.found ? textOfElement(read.value) : undefined;
}
