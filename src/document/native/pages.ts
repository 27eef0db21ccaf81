import { choice, COUNT, COUNT_OR_NONE, FILLED, matching, SIZE } from '../attribute-kind.ts';
import type { PageKind, PagesDefinition } from '../map.ts';
import { shape, type OpenElement, type Place } from '../place.ts';

const PAGES = shape({
  attributes: {
    by: choice('page', 'offset', 'cursor', 'link', 'next'),
    items: FILLED,
    parameter: FILLED,
    in: choice('query', 'header', 'body'),
    from: COUNT_OR_NONE,
    size: COUNT,
    next: FILLED,
    'next-header': matching(/^[A-Za-z0-9-]+$/u, 'the name of a header'),
    more: FILLED,
    'max-pages': COUNT,
    'max-items': COUNT,
    'max-bytes': SIZE,
    'when-more': choice('fail', 'stop'),
  },
  required: ['by'],
});

type OpenPages = OpenElement<(typeof PAGES)['attributes']>;

const MAX_PAGES = 1_000;
const MAX_ITEMS = 100_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** A `<pages>` element; undefined when it does not say how the next page is asked for. */
export function readPages(place: Place | undefined): PagesDefinition | undefined {
  if (place === undefined) return undefined;
  const open = place.open(PAGES);
  const { by, items, parameter, size, next, more } = open.attributes;
  if (by === undefined || !checkPages(open, by)) return undefined;
  return {
    by,
    items,
    parameter: parameter?.value,
    in: open.attributes.in ?? 'query',
    from: open.attributes.from ?? (by === 'page' ? 1 : 0),
    size,
    next,
    nextHeader: open.attributes['next-header']?.value.toLowerCase(),
    more,
    maxPages: open.attributes['max-pages'] ?? MAX_PAGES,
    maxItems: open.attributes['max-items'] ?? MAX_ITEMS,
    maxBytes: open.attributes['max-bytes'] ?? MAX_BYTES,
    whenMore: open.attributes['when-more'] ?? 'fail',
    range: place.element.range,
  };
}

/** False after PAGES_INCOMPLETE, when it is not said what is sent, or where it is read. */
function checkPages(open: OpenPages, by: PageKind): boolean {
  const sends = by === 'page' || by === 'offset' || by === 'cursor';
  const reads = by === 'cursor' || by === 'next';
  const lacks = (what: string, hint: string): false => {
    open.at.error('PAGES_INCOMPLETE', `<pages by="${by}"> does not say ${what}`, hint);
    return false;
  };
  if (sends && !open.has('parameter')) {
    return lacks('what the next page is asked for by', `add parameter="${by === 'page' ? 'page' : by}"`);
  }
  if (reads && !open.has('next') && !open.has('next-header')) {
    return lacks(
      `where the next ${by === 'cursor' ? 'cursor' : 'address'} stands`,
      'add next="..." or next-header="..."',
    );
  }
  return true;
}
