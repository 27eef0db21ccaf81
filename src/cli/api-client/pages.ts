import type { ApiRequest, Send } from './api-exchange.ts';

/** What one page may hold. */
const MOST = 500;

/** As many items of a list as `limit` says, from the first below `before` on, read page by page. */
export async function readPages<T>(
  send: Send,
  request: Pick<ApiRequest, 'path' | 'query'>,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor = before === undefined ? undefined : Buffer.from(String(before)).toString('base64url');
  do {
    const page = await send<{ readonly items: readonly T[]; readonly next?: string }>({
      ...request,
      method: 'GET',
      query: { ...request.query, limit: Math.min(MOST, limit - items.length), cursor },
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < limit);
  return items;
}

/** A list that is given whole. */
export async function readList<T>(send: Send, at: string, query: ApiRequest['query'] = {}): Promise<readonly T[]> {
  return (await send<{ readonly items: readonly T[] }>({ method: 'GET', path: at, query })).items;
}

/** Whether a change took effect. */
export async function sendChange(send: Send, request: ApiRequest): Promise<boolean> {
  return (await send<{ readonly changed: boolean }>(request)).changed;
}
