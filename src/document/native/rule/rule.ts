import { choice, FILLED } from '../../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import {
  AGGREGATES,
  type Aggregate,
  type HitPolicy,
  type NativeRow,
  type RowTable,
  type RuleDocument,
  type RuleHead,
} from '../../rule/rule.ts';
import { HEAD_ATTRIBUTES, readHead } from '../document-head.ts';
import { GUARD_CHILDREN, readGuard } from '../guard.ts';
import { readRowSearch, readSearch } from './rule-search.ts';
import { contentOf, readOtherwise, readValue, VALUE_ATTRIBUTES, VALUE_CHILDREN } from './rule-value.ts';

/** How one answer is made of the values that rows give, in the words of native documents. */
const HITS = ['first', 'unique', 'any', 'collect', 'sum', 'min', 'max', 'count'] as const;

type Hit = (typeof HITS)[number];

const POLICIES: Readonly<Record<Exclude<Hit, Aggregate>, HitPolicy>> = {
  first: 'F',
  unique: 'U',
  any: 'A',
  collect: 'C',
};

const RULE_ATTRIBUTES = { ...HEAD_ATTRIBUTES, ...VALUE_ATTRIBUTES, module: FILLED, hit: choice(...HITS) } as const;

const RULE = shape({
  attributes: RULE_ATTRIBUTES,
  required: ['name'],
  children: { description: 'optional', ...VALUE_CHILDREN, search: 'optional', row: 'many', otherwise: 'optional' },
  text: true,
});

const ROW = shape({
  attributes: { ...VALUE_ATTRIBUTES, when: FILLED },
  children: { ...GUARD_CHILDREN, ...VALUE_CHILDREN, search: 'optional' },
  text: true,
});

type RuleElement = OpenElement<typeof RULE_ATTRIBUTES>;
type NativeHead = RuleHead & { readonly dialect: 'native' };

/** A native `<rule>` document; undefined when it lacks a name or something to give. */
export function readRule(place: Place): RuleDocument | undefined {
  const open = place.open(RULE);
  const known = readHead(open);
  const { module } = open.attributes;
  const head: NativeHead | undefined = known && { kind: 'rule', dialect: 'native', ...known, module };
  const content = contentOf(open, ['give', 'search', 'row']);
  checkParts(open, content);
  // Everything is read, so that what is wrong in it is told even where there is too much.
  const value = readValue(open, content);
  const searches = open.all('search').flatMap((one) => readSearch(one) ?? []);
  const rows = open.all('row').flatMap((one) => readRow(one) ?? []);
  const otherwise = readOtherwise(open.child('otherwise'));
  const [search] = searches;
  if (head === undefined) return undefined;
  if (value !== undefined) return { ...head, form: 'condition-expression', source: { kind: 'value', value } };
  if (content === 'search' && search !== undefined) {
    return { ...head, form: 'condition-query', query: { kind: 'search', ...search, otherwise } };
  }
  return content === 'row' ? { ...head, form: 'decision-table', ...policyOf(open), rows, otherwise } : undefined;
}

function policyOf(open: RuleElement): Pick<RowTable, 'hitPolicy' | 'aggregate'> {
  const { hit = 'first' } = open.attributes;
  return isAggregate(hit) ? { hitPolicy: 'G', aggregate: hit } : { hitPolicy: POLICIES[hit], aggregate: undefined };
}

function isAggregate(hit: Hit): hit is Aggregate {
  return (AGGREGATES as readonly string[]).includes(hit);
}

/** Tells RULE_PART_UNUSED of `hit` and `<otherwise>` where they mean nothing. */
function checkParts(open: RuleElement, content: string | undefined): void {
  if (content === undefined) return;
  if (open.has('hit') && content !== 'row') {
    open.at.error('RULE_PART_UNUSED', 'hit says how one answer is made of rows, and there are none', 'remove hit');
  }
  const otherwise = open.child('otherwise');
  const isCount = open.child('search')?.element.attributes.get('give')?.value === 'count';
  if (otherwise === undefined || content === 'row' || (content === 'search' && !isCount)) return;
  const why = isCount ? 'a count is 0 when nothing is found' : 'there is always a value';
  otherwise.error('RULE_PART_UNUSED', `<otherwise> is never given: ${why}`, 'remove it');
}

function readRow(place: Place): NativeRow | undefined {
  const open = place.open(ROW);
  const guard = readGuard(open, open.attributes.when);
  const content = contentOf(open, ['give', 'search']);
  const value = readValue(open, content);
  const [search] = open.all('search').flatMap((one) => readRowSearch(one) ?? []);
  const gives = content === 'search' ? search : value;
  return gives && { guard, gives, range: place.element.range };
}
