import type { CallAnswer } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { CompiledPages } from '../../catalog/compiled-records.ts';
import type { PathReader } from '../../expression/output-path.ts';
import { linkedAddress } from './link-header.ts';
import { textOfElement } from './xml-text.ts';

/** What a page is asked for with: a number or cursor, or a whole address. */
export type PageKey = { readonly value: string } | { readonly url: string };

/** The page that was asked for. */
export interface AskedPage {
  /** Undefined: the first, as the map says it. */
  readonly key: PageKey | undefined;
  /** Counts from 1. */
  readonly number: number;
  /** The address that was called. */
  readonly url: string;
  /** Items of the pages before. */
  readonly itemsBefore: number;
}

/**
 * What the next page is asked for with; undefined after the last one. Throws PAGES_OTHER_HOST for an address at another
 * host, which must not see what this one is told, PAGES_ADDRESS for what is no address, and PAGES_REPEATED for a page that
 * leads to itself.
 */
export function nextPage(
  pages: CompiledPages,
  params: {
    readonly asked: AskedPage;
    readonly answer: CallAnswer;
    readonly body: Json | undefined;
    readonly items: number;
  },
): PageKey | undefined {
  const { asked, body, items } = params;
  if (pages.more !== undefined && !saysMore(pages.more, body)) return undefined;
  const next = keyAfter(pages, params);
  if (next !== undefined && isSame(next, asked)) {
    throw new MapwrightError('PAGES_REPEATED', `page ${asked.number} leads to itself (${items} items)`, {
      hint: 'correct next="..." or parameter="..." of <pages>: the other side gives the same page again',
    });
  }
  return next;
}

function keyAfter(
  pages: CompiledPages,
  { asked, answer, body, items }: Parameters<typeof nextPage>[1],
): PageKey | undefined {
  const { by, from, size, nextHeader } = pages.document;
  switch (by) {
    case 'page':
    case 'offset': {
      // A page that is not full is the last one; where nobody says how full it is, an empty one.
      if (items === 0 || (size !== undefined && items < size && pages.more === undefined)) return undefined;
      return { value: String(by === 'page' ? from + asked.number : from + asked.itemsBefore + items) };
    }
    case 'cursor': {
      const cursor = textAt(pages.next, body) ?? headerOf(answer, nextHeader);
      return cursor === undefined ? undefined : { value: cursor };
    }
    case 'link':
      return addressOf(linkedAddress(headerOf(answer, 'link'), 'next'), asked);
    case 'next':
      return addressOf(textAt(pages.next, body) ?? headerOf(answer, nextHeader), asked);
  }
}

function isSame(next: PageKey, { key, url }: AskedPage): boolean {
  if ('url' in next) return next.url === url;
  return key !== undefined && 'value' in key && key.value === next.value;
}

/** What is there and neither false, empty nor 0. */
function saysMore(path: PathReader, body: Json | undefined): boolean {
  const text = textAt(path, body);
  return text !== undefined && text !== 'false' && text !== '0';
}

function textAt(path: PathReader | undefined, body: Json | undefined): string | undefined {
  const read = path === undefined || body === undefined ? undefined : path.read(body);
  const value = read?.found === true ? textOfElement(read.value) : null;
  if (value === null || value === '' || typeof value === 'object') return undefined;
  return String(value);
}

function headerOf({ headers }: CallAnswer, name: string | undefined): string | undefined {
  const values = headers.flatMap(([other, value]) => (other === name && value !== '' ? [value] : []));
  return values.length === 0 ? undefined : values.join(', ');
}

function addressOf(address: string | undefined, { url, number }: AskedPage): PageKey | undefined {
  if (address === undefined) return undefined;
  if (!URL.canParse(address, url)) {
    throw new MapwrightError('PAGES_ADDRESS', `page ${number} names a next page at what is no address`, {
      hint: 'correct next="..." of <pages>; look at the stored answer',
    });
  }
  const next = new URL(address, url);
  const here = new URL(url);
  if (next.origin !== here.origin) {
    const message = `page ${number} names a next page at ${next.origin}, and the map calls ${here.origin}`;
    throw new MapwrightError('PAGES_OTHER_HOST', message, {
      hint: 'what the map sends is meant for its own service: page by number or cursor instead, or correct the url of the service',
    });
  }
  next.username = '';
  next.password = '';
  next.hash = '';
  return { url: next.href };
}
