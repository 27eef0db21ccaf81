import type { Engine } from '../engine.ts';
import { judgeCorebos } from './judge-corebos.ts';
import { judgeNative } from './judge-native.ts';
import { judgeSoap } from './judge-soap.ts';
import type { AnswerQuestion, JudgedAnswer } from './judged-answer.ts';

/** Judges an answer as the map's dialect says. */
export async function judgeAnswer(
  { readXml, recorder }: Pick<Engine, 'readXml' | 'recorder'>,
  question: Omit<AnswerQuestion, 'readXml' | 'isSensitiveName'>,
): Promise<JudgedAnswer> {
  const whole = { ...question, readXml, isSensitiveName: (name: string) => recorder.isSensitiveName(name) };
  if (question.soap !== undefined) return judgeSoap(whole, question.soap);
  return question.map.document.dialect === 'native' ? judgeNative(whole) : judgeCorebos(whole);
}
