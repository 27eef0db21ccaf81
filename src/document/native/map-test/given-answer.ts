import { choice, FILLED, matching, TEXT } from '../../attribute-kind.ts';
import { ANSWER_FAILURES, type GivenAnswer } from '../../map-test.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';

const ANSWER_ATTRIBUTES = {
  status: matching(/^[1-5][0-9]{2}$/u, 'a status such as 200'),
  'content-type': FILLED,
  failure: choice(...ANSWER_FAILURES),
} as const;

const ANSWER = shape({
  attributes: ANSWER_ATTRIBUTES,
  children: { header: 'many', body: 'optional' },
  text: true,
});

const HEADER = shape({ attributes: { name: FILLED, value: TEXT }, required: ['name', 'value'] });
const BODY = shape({ attributes: {}, text: true });

/** `<answer>`: its text is the body, or its `<body>`. Tells MAP_TEST_ANSWER_MIXED. */
export function readAnswer(place: Place | undefined): GivenAnswer | undefined {
  if (place === undefined) return undefined;
  const open = place.open(ANSWER);
  const { status, failure } = open.attributes;
  const headers = open.all('header').flatMap((child): [string, string][] => {
    const { name, value } = child.open(HEADER).attributes;
    return name === undefined || value === undefined ? [] : [[name.value.toLowerCase(), value.value]];
  });
  const body = readBody(open);
  if (failure !== undefined) {
    checkNothingElse(open, body);
    return { kind: 'failure', failure };
  }
  const type = open.attributes['content-type']?.value;
  return {
    kind: 'answer',
    status: Number(status?.value ?? 200),
    headers: [...(type === undefined ? [] : [['content-type', type] as const]), ...headers],
    body,
  };
}

function readBody(open: OpenElement<typeof ANSWER_ATTRIBUTES>): string {
  const place = open.child('body');
  const own = open.at.element.text();
  place?.open(BODY);
  if (place === undefined) return open.children.length === 0 ? withoutMarkupBlanks(own).value : own.value.trim();
  if (own.value.trim() !== '') {
    open.at.error('MAP_TEST_ANSWER_MIXED', 'the answer has a <body> and a text beside it', 'keep one of them');
  }
  return withoutMarkupBlanks(place.element.text()).value;
}

function checkNothingElse(open: OpenElement<typeof ANSWER_ATTRIBUTES>, body: string): void {
  if (!open.has('status') && !open.has('content-type') && open.children.length === 0 && body.trim() === '') return;
  const hint = 'remove failure="...", or everything else';
  open.at.error('MAP_TEST_ANSWER_MIXED', 'an answer that does not come has no status, header or body', hint);
}
