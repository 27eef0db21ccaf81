import type { CallAnswer } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import type { CompiledPages } from '../../catalog/compiled-records.ts';
import type { ResponseEnvironment } from '../../expression/environment.ts';
import { type AskedPage, nextPage, type PageKey } from './next-page.ts';
import { itemsAt } from './read-records.ts';

/** Bytes of the pages whose items are kept for outputs: they stand in the run's context until the last page has come. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024;

/** What is known before a page is read. */
export interface PageQuestion extends AskedPage {
  readonly bytesBefore: number;
  /** The items of the pages before, where outputs look at them. */
  readonly kept: readonly Json[];
}

/** One page of a list. */
export interface ReadPage {
  /** What the next one is asked for with; undefined after the last. */
  readonly next: PageKey | undefined;
  readonly items: number;
  readonly bytes: number;
  /** The items so far, this page's included; empty where nobody looks at them. */
  readonly kept: readonly Json[];
  readonly warnings: readonly string[];
}

/** True when something looks at the answer as a whole, and so at the items of all pages. */
function looksAtAll({ outputs }: Pick<CompiledMap, 'outputs'>): boolean {
  return outputs.some(({ document }) => document.value === undefined);
}

/**
 * Reads what a page says of its list and of the next page. Throws OUTPUT_TYPE for what is no list, PAGES_TOO_MANY for a list
 * that is longer than the map wants, and what `nextPage` throws.
 */
export function readPage(
  map: CompiledMap,
  pages: CompiledPages,
  params: { readonly question: PageQuestion; readonly answer: CallAnswer; readonly response: ResponseEnvironment },
): ReadPage {
  const { question, answer, response } = params;
  const { document } = pages;
  const items = itemsAt(pages.items, response.body, document.items?.value ?? 'the answer') ?? [];
  const next = nextPage(pages, { asked: question, answer, body: response.body, items: items.length });
  const bytes = answer.body.length;
  const read = { items: items.length, bytes, kept: looksAtAll(map) ? [...question.kept, ...items] : [] };
  if (next === undefined) return { ...read, next, warnings: [] };
  const over = whatIsOver(pages, { question, items: items.length, bytes });
  if (over !== undefined && document.whenMore === 'stop') {
    return { ...read, next: undefined, warnings: [`there are more pages, and ${over}: they were not asked for`] };
  }
  if (over !== undefined) {
    throw new MapwrightError('PAGES_TOO_MANY', `the list goes on, and ${over}`, {
      hint: 'raise max-pages, max-items or max-bytes of <pages>, ask for less, or say when-more="stop"',
    });
  }
  if (read.kept.length > 0 && question.bytesBefore + bytes > MOST_KEPT_BYTES) {
    throw new MapwrightError('PAGES_TOO_MANY', 'the items of all pages are too large for outputs to look at', {
      hint: 'take the items in with <records>, which looks at one page after the other, and remove outputs that read the answer',
    });
  }
  return { ...read, next, warnings: [] };
}

function whatIsOver(
  { document: { maxPages, maxItems, maxBytes } }: CompiledPages,
  { question, items, bytes }: { readonly question: PageQuestion; readonly items: number; readonly bytes: number },
): string | undefined {
  if (question.number >= maxPages) return `${question.number} pages are the most`;
  if (question.itemsBefore + items >= maxItems) return `${maxItems} items are the most`;
  if (question.bytesBefore + bytes >= maxBytes) return `${maxBytes} bytes are the most`;
  return undefined;
}

/** The last page's body with the items of all pages in the place of its own. */
export function withAllItems(pages: CompiledPages, body: Json | undefined, kept: readonly Json[]): Json | undefined {
  return replaced(body, pages.items?.segments ?? [], kept);
}

function replaced(value: Json | undefined, [name, ...rest]: readonly string[], items: readonly Json[]): Json {
  if (name === undefined) return items as Json;
  if (Array.isArray(value)) {
    return value.map((one: Json, index) => (String(index) === name ? replaced(one, rest, items) : one));
  }
  const members = isJsonObject(value) ? value : {};
  return { ...members, [name]: replaced(members[name], rest, items) };
}
