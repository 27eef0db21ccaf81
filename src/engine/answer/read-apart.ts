import { LARGE_BODY_BYTES } from '../../core/large-body.ts';
import type { AnswerQuestion } from './judged-answer.ts';
import type { BodyReading, NeededPart } from './read-body.ts';
import { wantedMembers } from './wanted-members.ts';

/** How this answer's body is read when it is large; undefined when all of it is needed, or nobody is there who reads it. */
export function readApart(
  question: Pick<AnswerQuestion, 'map' | 'service' | 'answer' | 'largeBodies'>,
): BodyReading['apart'] {
  const { map, answer, largeBodies: reader } = question;
  if (answer.body.length <= LARGE_BODY_BYTES) return undefined;
  const format = formatOf(map);
  const wanted = wantedMembers(question);
  if (reader === undefined || format === undefined || wanted === undefined) return undefined;
  return { reader, needed: { format, ...wanted } };
}

function formatOf({ document }: AnswerQuestion['map']): NeededPart['format'] | undefined {
  const { format, attributes } = document.response;
  if (format === 'xml') return attributes === true ? 'xml-attributes' : 'xml';
  if (format !== 'json') return undefined;
  return document.dialect === 'native' ? 'json' : 'legacy';
}
