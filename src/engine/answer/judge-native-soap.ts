import type { Json } from '../../core/json.ts';
import type { SoapAnswer, SoapCall } from '../../core/soap.ts';
import type { StepFailure } from '../step-failure.ts';
import { judgeNative } from './judge-native.ts';
import { faultFailure, noEnvelope } from './judge-soap.ts';
import type { AnswerQuestion, JudgedAnswer } from './judged-answer.ts';
import { readAnswer, readsAs } from './read-body.ts';

/**
 * Judges the answer to a SOAP call of a native map: as any other, but that its body is what the operation gives, or of a fault
 * `{fault: {code, subcode, message, actor, detail}}`. A fault is a failure whatever its status.
 */
export async function judgeNativeSoap(question: AnswerQuestion, soap: SoapCall): Promise<JudgedAnswer> {
  const { answer } = question;
  const read = await soap.readAnswer(answer);
  const { response } = await readAnswer(answer, { read: () => readsAs(bodyOf(read)) });
  const judged = await judgeNative(question, { response, failure: failureOf(question, read) });
  return { ...judged, warnings: [...soap.warnings, ...judged.warnings] };
}

function bodyOf(read: SoapAnswer): Json | undefined {
  switch (read.kind) {
    case 'result':
      return read.value;
    case 'fault':
      return { fault: Object.fromEntries(Object.entries(read.fault).filter(([, value]) => value !== undefined)) };
    case 'unreadable':
      return undefined;
  }
}

function failureOf({ map, answer: { status } }: AnswerQuestion, read: SoapAnswer): StepFailure | undefined {
  if (read.kind === 'fault') return faultFailure(status, read.fault);
  const isEmpty = map.outputs.length === 0 && read.text.trim() === '';
  if (read.kind === 'result' || isEmpty || status < 200 || status > 299) return undefined;
  return noEnvelope(status, read);
}
