import type { Located, SourceText } from '../../../core/diagnostic.ts';
import { choice, COUNT, FILLED, listOf } from '../../attribute-kind.ts';
import { type Attributes, shape, type OpenElement, type Place } from '../../place.ts';
import type { RecordGift, RecordSearch, SearchOrder } from '../../rule/record-search.ts';
import { SEARCH_GIFTS, type SearchQuery } from '../../rule/rule.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';
import { readSearchConditions, SEARCH_CONDITIONS } from './search-condition.ts';

const ROW_SEARCH_ATTRIBUTES = {
  module: FILLED,
  field: FILLED,
  fields: listOf(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'a list of field names'),
  order: listOf(/^-?[A-Za-z_][A-Za-z0-9_]*$/u, 'a list of field names, with - before one for the greatest first'),
  limit: COUNT,
} as const;

const CHILDREN = { ...SEARCH_CONDITIONS, 'legacy-conditions': 'optional' } as const;

const ROW_SEARCH = shape({ attributes: ROW_SEARCH_ATTRIBUTES, required: ['module'], children: CHILDREN });

const SEARCH = shape({
  attributes: { ...ROW_SEARCH_ATTRIBUTES, give: choice(...SEARCH_GIFTS) },
  required: ['module'],
  children: CHILDREN,
});

const LEGACY_CONDITIONS = shape({ attributes: {}, text: true });

/** The search of one row: each record that it finds gives a value. Undefined when it does not say where to look. */
export function readRowSearch(place: Place): RecordSearch | undefined {
  return readRecordSearch(place.open(ROW_SEARCH));
}

/** The search of a rule. Undefined when it does not say where to look. Tells RULE_PART_UNUSED. */
export function readSearch(place: Place): Omit<SearchQuery, 'kind' | 'otherwise'> | undefined {
  const open = place.open(SEARCH);
  const search = readRecordSearch(open);
  const give = open.attributes.give ?? 'first';
  if (give === 'count' && (open.has('field') || open.has('fields'))) {
    place.error('RULE_PART_UNUSED', 'a count has no fields', 'remove field and fields, or give="count"');
  }
  return search && { search, give };
}

function readRecordSearch(open: OpenElement<typeof ROW_SEARCH_ATTRIBUTES>): RecordSearch | undefined {
  const { module, order = [], limit } = open.attributes;
  const condition = readSearchConditions(open.children);
  const gives = readGift(open);
  const legacy = readLegacyConditions(open);
  if (module === undefined) return undefined;
  return { module, condition, legacy, order: order.map(orderOf), limit, gives };
}

function readGift(open: OpenElement<typeof ROW_SEARCH_ATTRIBUTES>): RecordGift {
  const { field, fields } = open.attributes;
  if (open.has('field') && open.has('fields')) {
    open.at.error('RULE_CONTENT', '<search> gives by several: field, fields', 'keep one: fields gives an object');
  }
  if (fields !== undefined) return { kind: 'fields', fields };
  return field === undefined ? { kind: 'id' } : { kind: 'field', field };
}

function orderOf(written: Located<string>): SearchOrder {
  const descending = written.value.startsWith('-');
  if (!descending) return { field: written, descending };
  const { start, end } = written.range;
  const after = { ...start, column: start.column + 1, offset: start.offset + 1 };
  return { field: { value: written.value.slice(1), range: { start: after, end } }, descending };
}

function readLegacyConditions<A extends Attributes>(open: OpenElement<A>): SourceText | undefined {
  const place = open.child('legacy-conditions');
  place?.open(LEGACY_CONDITIONS);
  return place && withoutMarkupBlanks(place.element.text());
}
