import { choice, FILLED, TEXT } from '../../attribute-kind.ts';
import type { Parameter } from '../../map.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import {
  SEARCH_OPERATORS,
  type SearchComparison,
  type SearchCondition,
  type SearchGroup,
  type SearchOperator,
} from '../../rule/record-search.ts';
import { hasSource, readJsonata, readSource, SOURCE_ATTRIBUTES } from '../source.ts';

/** The children that make conditions of a search. */
export const SEARCH_CONDITIONS = { condition: 'many', any: 'many', all: 'many' } as const;

const CONDITION_ATTRIBUTES = {
  ...SOURCE_ATTRIBUTES,
  field: FILLED,
  is: choice(...SEARCH_OPERATORS),
  default: TEXT,
  'when-empty': choice('compare', 'hold'),
} as const;

const CONDITION = shape({
  attributes: CONDITION_ATTRIBUTES,
  required: ['field', 'is'],
  children: { jsonata: 'optional' },
  text: true,
});

const GROUP = shape({ attributes: {}, children: SEARCH_CONDITIONS });

const WITHOUT_VALUE: ReadonlySet<SearchOperator> = new Set(['empty', 'not-empty']);

/** The conditions of an element, which must all hold; incomplete ones are left out, their problems told. */
export function readSearchConditions(children: readonly Place[]): SearchGroup {
  return {
    kind: 'all',
    parts: children.filter(({ name }) => Object.hasOwn(SEARCH_CONDITIONS, name)).flatMap(readPart),
  };
}

function readPart(place: Place): SearchCondition[] {
  if (place.name === 'condition') return readComparison(place);
  const { parts } = readSearchConditions(place.open(GROUP).children);
  if (place.element.children.length === 0) {
    place.error('RULE_GROUP_EMPTY', `<${place.name}> holds no condition`, 'add a <condition>, or remove it');
  }
  return [{ kind: place.name === 'any' ? 'any' : 'all', parts }];
}

type ConditionElement = OpenElement<typeof CONDITION_ATTRIBUTES>;

function readComparison(place: Place): SearchComparison[] {
  const open = place.open(CONDITION);
  const { field, is } = open.attributes;
  const value = readCompared(open);
  if (field === undefined || is === undefined || (value === undefined && !WITHOUT_VALUE.has(is))) return [];
  const { range } = place.element;
  const holdsWhenEmpty = open.attributes['when-empty'] === 'hold';
  return [{ kind: 'compare', field, is, value, holdsWhenEmpty, range }];
}

/** What is compared with. Tells CONDITION_VALUE where there must be a value, or must be none. */
function readCompared(open: ConditionElement): Parameter | undefined {
  const { is } = open.attributes;
  const isCompared = hasSource(open, 'field');
  if (is !== undefined && WITHOUT_VALUE.has(is)) {
    for (const child of open.all('jsonata')) readJsonata(child);
    if (isCompared) open.at.error('CONDITION_VALUE', `is="${is}" compares with nothing`, 'remove the value');
    for (const name of ['default', 'when-empty'] as const) {
      if (open.has(name)) open.at.error('CONDITION_VALUE', `is="${is}" compares with nothing`, `remove ${name}`);
    }
    return undefined;
  }
  const source = readSource(open, { without: 'field' });
  if (source === undefined) return undefined;
  return {
    name: `${open.attributes.field?.value ?? ''} of the search`,
    source,
    in: undefined,
    each: undefined,
    type: undefined,
    encode: undefined,
    whenEmpty: undefined,
    required: false,
    // Where conditions hold without a value, one that is not there is an empty one.
    defaultValue: open.attributes.default?.value ?? (open.attributes['when-empty'] === 'hold' ? '' : undefined),
    description: undefined,
    sensitive: false,
    range: open.at.element.range,
    path: open.at.path,
  };
}
