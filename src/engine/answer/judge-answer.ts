import type { Engine } from '../engine.ts';
import { judgeCorebos } from './judge-corebos.ts';
import { judgeNativeSoap } from './judge-native-soap.ts';
import { judgeNative } from './judge-native.ts';
import { judgeSoap } from './judge-soap.ts';
import type { AnswerQuestion, JudgedAnswer } from './judged-answer.ts';

/** Judges an answer as the map's dialect says. */
export async function judgeAnswer(
  { readXml, largeBodies, recorder }: Pick<Engine, 'readXml' | 'largeBodies' | 'recorder'>,
  question: Omit<AnswerQuestion, 'readXml' | 'largeBodies' | 'isSensitiveName'>,
): Promise<JudgedAnswer> {
  const whole = {
    ...question,
    readXml,
    largeBodies,
    isSensitiveName: (name: string) => recorder.isSensitiveName(name),
  };
  const { soap, map } = question;
  if (map.document.dialect === 'native') return soap === undefined ? judgeNative(whole) : judgeNativeSoap(whole, soap);
  return soap === undefined ? judgeCorebos(whole) : judgeSoap(whole, soap);
}
