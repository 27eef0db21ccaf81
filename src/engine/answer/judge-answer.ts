import type { Engine } from '../engine.ts';
import { judgeCorebos } from './judge-corebos.ts';
import { judgeNative } from './judge-native.ts';
import type { AnswerQuestion, JudgedAnswer } from './judged-answer.ts';

/** Judges an answer as the map's dialect says. */
export function judgeAnswer(
  { readXml, recorder }: Pick<Engine, 'readXml' | 'recorder'>,
  question: Omit<AnswerQuestion, 'readXml' | 'isSensitiveName'>,
): Promise<JudgedAnswer> {
  const whole = { ...question, readXml, isSensitiveName: (name: string) => recorder.isSensitiveName(name) };
  return question.map.document.dialect === 'native' ? judgeNative(whole) : judgeCorebos(whole);
}
