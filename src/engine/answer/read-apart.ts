import type { AnswerQuestion } from './judged-answer.ts';
import type { BodyReading, NeededPart } from './read-body.ts';
import { wantedMembers } from './wanted-members.ts';

/** How a large body of this answer is read; undefined when all of it is needed, or nobody is there who reads it. */
export function readApart(question: Pick<AnswerQuestion, 'map' | 'service' | 'largeBodies'>): BodyReading['apart'] {
  const { map, largeBodies: reader } = question;
  const format = formatOf(map);
  const wanted = wantedMembers(question);
  if (reader === undefined || format === undefined || wanted === undefined) return undefined;
  return { reader, needed: { format, ...wanted } };
}

function formatOf({ document }: AnswerQuestion['map']): NeededPart['format'] | undefined {
  const { format } = document.response;
  if (format === 'xml') return 'xml';
  if (format !== 'json') return undefined;
  return document.dialect === 'native' ? 'json' : 'legacy';
}
