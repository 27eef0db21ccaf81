import type { ApiRequest, Send } from './api-exchange.ts';

/** What one page may hold. */
const MOST = 500;

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly previous?: string;
}

/** Where a list begins: below an id, or above one and next to it. */
interface Bounds {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** As many items of a list as `limit` says, from the place that the bounds say, read page by page. */
export async function readPages<T>(
  send: Send,
  request: Pick<ApiRequest, 'path' | 'query'>,
  { limit, before, after }: Bounds,
): Promise<readonly T[]> {
  const isRising = after !== undefined;
  let items: readonly T[] = [];
  let cursor = isRising ? cursorOf(`>${after}`) : before === undefined ? undefined : cursorOf(String(before));
  do {
    const page: Page<T> = await send<Page<T>>({
      ...request,
      method: 'GET',
      query: { ...request.query, limit: Math.min(MOST, limit - items.length), cursor },
    });
    items = isRising ? [...page.items, ...items] : [...items, ...page.items];
    cursor = isRising ? page.previous : page.next;
  } while (cursor !== undefined && items.length < limit);
  return items;
}

function cursorOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** A list that is given whole. */
export async function readList<T>(send: Send, at: string, query: ApiRequest['query'] = {}): Promise<readonly T[]> {
  return (await send<{ readonly items: readonly T[] }>({ method: 'GET', path: at, query })).items;
}

/** Whether a change took effect. */
export async function sendChange(send: Send, request: ApiRequest): Promise<boolean> {
  return (await send<{ readonly changed: boolean }>(request)).changed;
}
