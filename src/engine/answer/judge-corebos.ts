import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import type { StepFailure } from '../step-failure.ts';
import { readApart } from './read-apart.ts';
import { type CorebosOutput, RETURN_ONLY_KEY, isReturnOnly, readCorebosAnswer } from './corebos-reading.ts';
import {
  type AnswerQuestion,
  type JudgedAnswer,
  type OutputWrite,
  type RemoteError,
  answerFailure,
  describeRemote,
  describeUnreadable,
  compositeMessage,
  isComposite,
  statusFailure,
} from './judged-answer.ts';

/** Paths that speak of an error: the only ones that may write a field after a failure. */
const ERROR_PATH = /^\.?(?:errors?|fault(?:code|string|subcode|actor)?|detail|message|exception|moreinfo)(?:\.|$)/iu;

/**
 * Judges the answer to a coreBOS map. Values are read as the original reads them; what they may write is stricter: after
 * a failure no field is cleared.
 */
export async function judgeCorebos(question: AnswerQuestion): Promise<JudgedAnswer> {
  const { map, answer } = question;
  const { text, body, outputs } = await readCorebosAnswer(map, answer, {
    readXml: question.readXml,
    apart: readApart(question),
  });
  return concludeCorebos(question, outputs, findFailure(question, text, body));
}

/** What the outputs of an answer that was read come to; `told` is the failure that the answer itself tells. */
export function concludeCorebos(
  question: AnswerQuestion,
  outputs: readonly CorebosOutput[],
  told: StepFailure | undefined,
): JudgedAnswer {
  const returnOnly = isReturnOnly(question.scope.values.context);
  const failure = told ?? (returnOnly ? undefined : findMisfit(question.answer.status, outputs));
  const writes = outputs.flatMap((read) => toWrite(question, read, failure) ?? []);
  const warnings = outputs.flatMap((read) => warningsOf(read, failure));
  if (!returnOnly) return { failure, writes, warnings };
  const said = `${RETURN_ONLY_KEY} is in the context: the values are given back, and no field is written`;
  return { failure, ...separateFields(writes), warnings: [...warnings, said] };
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
  return answerFailure('CALL_UNREADABLE', describeUnreadable(wanted, text), {
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
function findMisfit(status: number, readings: readonly CorebosOutput[]): StepFailure | undefined {
  for (const { output, value } of readings) {
    const field = output.document.field?.value;
    if (field === undefined || !isComposite(value)) continue;
    const from = output.document.from?.value ?? '';
    return answerFailure('OUTPUT_TYPE', compositeMessage(value, from, field), { status });
  }
  return undefined;
}

function errorOf(envelope: Readonly<Record<string, Json>>): RemoteError {
  const { error } = envelope;
  if (!isJsonObject(error)) return {};
  return { code: toLegacyText(error['code'] ?? ''), message: toLegacyText(error['message'] ?? '') };
}

function warningsOf(read: CorebosOutput, failure: StepFailure | undefined): string[] {
  const { document } = read.output;
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
  read: CorebosOutput,
  failure: StepFailure | undefined,
): OutputWrite | undefined {
  const { document } = read.output;
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

/** What would be written to fields is given back instead; the context is written as ever, without the asking key. */
function separateFields(writes: readonly OutputWrite[]): Pick<JudgedAnswer, 'writes' | 'returned' | 'forgets'> {
  return {
    writes: writes.flatMap((write) => (write.context === undefined ? [] : [{ ...write, field: undefined }])),
    returned: writes.flatMap((write) => (write.field === undefined ? [] : [{ ...write, context: undefined }])),
    forgets: [RETURN_ONLY_KEY],
  };
}
