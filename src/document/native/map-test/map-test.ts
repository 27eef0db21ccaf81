import type { Located } from '../../../core/diagnostic.ts';
import { FILLED, NAME, TEXT } from '../../attribute-kind.ts';
import type { CaseTime, MapTestCase, MapTestDocument } from '../../map-test.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import { readHead } from '../document-head.ts';
import { readAnswer } from './given-answer.ts';
import { readExpectations } from './expected-result.ts';
import { readFields, readGivenContext } from './given-values.ts';
import { DEFAULT_TIME, readTime } from './given-time.ts';

const MAP_TEST_ATTRIBUTES = { name: NAME, label: TEXT, author: TEXT, logo: FILLED, map: FILLED } as const;

const SURROUNDINGS = { setting: 'many', secret: 'many', now: 'optional', wsdl: 'optional' } as const;

const MAP_TEST = shape({
  attributes: MAP_TEST_ATTRIBUTES,
  required: ['map'],
  children: { description: 'optional', ...SURROUNDINGS, case: 'some' },
});

const CASE_ATTRIBUTES = { name: FILLED } as const;

const CASE = shape({
  attributes: CASE_ATTRIBUTES,
  required: ['name'],
  children: {
    description: 'optional',
    skip: 'optional',
    ...SURROUNDINGS,
    record: 'optional',
    previous: 'optional',
    context: 'optional',
    answer: 'optional',
    sent: 'optional',
    written: 'many',
    'not-written': 'many',
    failed: 'optional',
    warning: 'many',
  },
});

const PLAIN = shape({ attributes: {}, text: true });
const SKIP = shape({ attributes: { reason: FILLED }, required: ['reason'] });
const NAMED_TEXT = shape({ attributes: { name: FILLED, value: TEXT }, required: ['name', 'value'] });

/** What holds for all cases of a document unless they say otherwise. */
interface Surroundings {
  readonly settings: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly time: CaseTime;
  readonly wsdl: string | undefined;
}

/** A `<map-test>` document, named after its map when it has no name of its own; undefined when it names no map. */
export function readMapTest(place: Place): MapTestDocument | undefined {
  const open = place.open(MAP_TEST);
  const { map } = open.attributes;
  const around = readSurroundings(open, {
    settings: new Map(),
    secrets: new Map(),
    time: DEFAULT_TIME,
    wsdl: undefined,
  });
  const names = new Map<string, Located<string>>();
  const cases = open.all('case').flatMap((child) => readCase(child, around, names) ?? []);
  const head = readHead({ ...open, attributes: { ...open.attributes, name: open.attributes.name ?? map } });
  return head === undefined || map === undefined ? undefined : { kind: 'map-test', ...head, map, cases };
}

function readCase(place: Place, around: Surroundings, names: Map<string, Located<string>>): MapTestCase | undefined {
  const open = place.open(CASE);
  const { name } = open.attributes;
  if (name !== undefined) checkName(place, name, names);
  const record = open.child('record');
  const previous = open.child('previous');
  const parts = {
    ...readSurroundings(open, around),
    description: readText(open.child('description')),
    skip: open.child('skip')?.open(SKIP).attributes.reason?.value,
    record: record === undefined ? [] : readFields(record),
    previous: previous && readFields(previous),
    context: readGivenContext(open.child('context')),
    answer: readAnswer(open.child('answer')),
    expected: readExpectations(open),
    range: place.element.range,
  };
  checkAnswered(open);
  return name === undefined ? undefined : { name, ...parts };
}

function checkName(place: Place, name: Located<string>, names: Map<string, Located<string>>): void {
  const first = names.get(name.value);
  names.set(name.value, first ?? name);
  if (first === undefined) return;
  place.log.error({
    code: 'MAP_TEST_CASE_DUPLICATE',
    message: 'two cases have the same name',
    hint: 'give each a name of its own, so that results can be told apart',
    range: name.range,
    path: place.path,
    related: [{ message: 'the first one', file: place.log.file, range: first.range }],
  });
}

/** Without an answer only the request is built, so nothing can be written. */
function checkAnswered(open: OpenElement<typeof CASE_ATTRIBUTES>): void {
  if (open.child('answer') !== undefined) return;
  const early = open.child('written') ?? open.child('not-written');
  early?.error(
    'MAP_TEST_ANSWER_MISSING',
    `<${early.name}> needs an <answer>: without one the request is only built`,
    'add what the other side answers: <answer status="200">...</answer>',
  );
}

function readText(place: Place | undefined): string | undefined {
  place?.open(PLAIN);
  return place?.element.text().value.trim();
}

function readSurroundings(
  open: Pick<OpenElement<Record<never, never>>, 'all' | 'child'>,
  outer: Surroundings,
): Surroundings {
  return {
    settings: readNamedTexts(open.all('setting'), outer.settings),
    secrets: readNamedTexts(open.all('secret'), outer.secrets),
    time: readTime(open.child('now'), outer.time),
    wsdl: readText(open.child('wsdl')) ?? outer.wsdl,
  };
}

function readNamedTexts(places: readonly Place[], outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const values = new Map(outer);
  for (const place of places) {
    const { name, value } = place.open(NAMED_TEXT).attributes;
    if (name !== undefined && value !== undefined) values.set(name.value, value.value);
  }
  return values;
}
