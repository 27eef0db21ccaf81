import { atOnce } from '../../core/in-slices.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { SoapAnswer, SoapCall, SoapFault, SoapResult } from '../../core/soap.ts';
import type { CompiledMap, CompiledOutput } from '../../catalog/compiled-map.ts';
import { memberOf } from '../../expression/output-path.ts';
import { walkLegacyPath } from '../../expression/legacy-path.ts';
import { isTruthy } from '../../expression/legacy/value.ts';
import type { StepFailure } from '../step-failure.ts';
import type { CorebosOutput } from './corebos-reading.ts';
import { concludeCorebos } from './judge-corebos.ts';
import { type AnswerQuestion, type JudgedAnswer, answerFailure, startOf, statusFailure } from './judged-answer.ts';

/** Judges the answer to a SOAP call of a coreBOS map. */
export async function judgeSoap(question: AnswerQuestion, soap: SoapCall): Promise<JudgedAnswer> {
  const { map, answer, readXml } = question;
  const read = await soap.readAnswer(answer);
  const outputs = readSoapOutputs(map, read, readXml);
  const judged = concludeCorebos(question, outputs, findFailure(question, read));
  return { ...judged, warnings: [...soap.warnings, ...judged.warnings] };
}

/** Reads every output of a coreBOS map from a SOAP answer. Whether it may be written is judged apart. */
export function readSoapOutputs(
  map: CompiledMap,
  read: SoapAnswer,
  readXml: AnswerQuestion['readXml'],
): readonly CorebosOutput[] {
  const levels = levelsOf(read, map, readXml);
  return map.outputs.map((output) => readOutput(output, map, levels, read.text));
}

/** Statuses that SOAP itself gives to every fault: they say nothing that the fault does not (SOAP 1.1 section 6.2). */
const FAULT_STATUSES = [200, 400, 500];

function findFailure({ map, answer }: AnswerQuestion, read: SoapAnswer): StepFailure | undefined {
  if (read.kind === 'fault') return faultFailure(answer.status, read.fault);
  if (answer.status < 200 || answer.status > 299) return statusFailure(answer, {});
  if (read.kind === 'result' || (map.outputs.length === 0 && read.text.trim() === '')) return undefined;
  return noEnvelope(answer.status, read);
}

/** The failure of an answer that cannot be read as SOAP. */
export function noEnvelope(
  status: number,
  { message, text }: Extract<SoapAnswer, { kind: 'unreadable' }>,
): StepFailure {
  const start = startOf(text);
  return answerFailure('CALL_UNREADABLE', `the answer is no SOAP envelope (${message}): it starts with ${start}`, {
    status,
    hint: 'see the stored answer; is the address in the WSDL right, or does a proxy answer instead?',
  });
}

/** A fault is an answer: with its usual statuses it is not a matter for another try by itself. */
export function faultFailure(status: number, { code, subcode, message }: SoapFault): StepFailure {
  const named = subcode === undefined ? code : `${code}/${subcode}`;
  const failure = answerFailure('CALL_SOAP_FAULT', `the service answered a fault: ${named}: ${message}`, {
    status,
    remoteCode: subcode ?? code,
    hint: 'see the stored answer for its detail; outputs can read it',
  });
  return FAULT_STATUSES.includes(status) ? { ...failure, status: undefined } : failure;
}

/** Where paths are looked up, one after the other. */
function levelsOf(read: SoapAnswer, { document }: CompiledMap, readXml: AnswerQuestion['readXml']): readonly Json[] {
  if (read.kind === 'unreadable') return [];
  if (read.kind === 'fault') return [faultMembers(read.fault)];
  if (document.response.format === 'xml') return [read.value, read.parts];
  const result = unwrap(read, document.call.legacy?.methodName ?? '', readXml);
  // A result that is a single value has no names to be read; by its own name it can be.
  return isJsonObject(result) ? [result, read.parts] : [result, read.value, read.parts];
}

/** The original's `<methodname>Result`. Of a list, its last item that is something, read as XML when it is that. */
function unwrap({ value }: SoapResult, operation: string, readXml: AnswerQuestion['readXml']): Json {
  const wrapped = memberOf(value, `${operation}Result`);
  const result = wrapped === undefined || wrapped === null ? value : wrapped;
  if (!Array.isArray(result)) return result;
  const last = result.findLast((item: Json) => isTruthy(item));
  return (typeof last === 'string' ? atOnce(readXml(last)) : undefined) ?? result;
}

/** A fault as the original's maps see it. */
function faultMembers({ code, subcode, message, actor, detail }: SoapFault): Json {
  return {
    faultcode: code,
    faultstring: message,
    ...(subcode === undefined ? {} : { faultsubcode: subcode }),
    ...(actor === undefined ? {} : { faultactor: actor }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function readOutput(output: CompiledOutput, map: CompiledMap, levels: readonly Json[], text: string): CorebosOutput {
  const path = output.document.from?.value ?? '';
  if (path === '.') return { output, value: text, found: text !== '', skipped: [] };
  const names = path.replace(/^\./u, '').split('.');
  const isStrict = map.document.switches?.strictPaths === true;
  const readings = levels.map((level) => walkLegacyPath(level, names));
  const found = readings.find((read) => read.found && read.skipped.length === 0);
  const read = found ?? (isStrict ? undefined : readings.find((one) => one.found));
  return { output, ...(read ?? { value: '', found: false, skipped: [] }) };
}
