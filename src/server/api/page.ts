import { z } from '@hono/zod-openapi';

const MOST = 500;
const USUAL = 50;

/** What every list can be asked for. */
export const PAGE_QUERY = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST)
    .default(USUAL)
    .openapi({ description: `At most ${MOST}.`, example: 50 }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,30}$/u, 'is no cursor of an answer')
    .optional()
    .openapi({ description: '`next` of the page before.' }),
};

/** One page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().openapi({ description: 'The cursor of the next page; left out with the last one.' }),
  });
}

/** What a list can be asked for that is read in both directions. */
export const PAGE_QUERY_BOTH_WAYS = {
  ...PAGE_QUERY,
  cursor: PAGE_QUERY.cursor.openapi({
    description: '`next` or `previous` of another page; `last` for the last one. The first page when left out.',
  }),
};

/** One page of a list that is read in both directions. */
export function pageBothWaysOf<T extends z.ZodType>(item: T) {
  return pageOf(item).extend({
    previous: z
      .string()
      .optional()
      .openapi({ description: 'The cursor of the page before; left out with the first one.' }),
  });
}

/** A list that is always given whole. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item) });
}

/** The place in the list that a cursor means; undefined for the beginning. */
export function placeOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const place = Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  return Number.isSafeInteger(place) ? place : 0;
}

const LAST = 'last';

/** Where a page lies: below an id, or above one and next to it. */
interface PlaceBounds {
  readonly before?: number;
  readonly after?: number;
}

function boundsOf(cursor: string | undefined): PlaceBounds {
  if (cursor === undefined) return {};
  if (cursor === LAST) return { after: 0 };
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const place = Number(text.startsWith(ABOVE) ? text.slice(ABOVE.length) : text);
  const known = Number.isSafeInteger(place) ? place : 0;
  return text.startsWith(ABOVE) ? { after: known } : { before: known };
}

/** Stands before the id in the cursor of a page that lies above it. */
const ABOVE = '>';

function cursorOf(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** As `readPage`, for a list that is read in both directions. */
export async function readPageBothWays<T extends { readonly id: number }>(
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  read: (bounds: PlaceBounds & { readonly limit: number }) => Promise<readonly T[]>,
): Promise<{ readonly items: readonly T[]; readonly next?: string; readonly previous?: string }> {
  const place = boundsOf(cursor);
  const found = await read({ limit: limit + 1, ...place });
  const isRising = place.after !== undefined;
  const isMore = found.length > limit;
  const items = isRising ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [items[0], items.at(-1)];
  const hasNext = isRising ? cursor !== LAST && place.after !== 0 : isMore;
  const hasPrevious = isRising ? isMore : place.before !== undefined;
  return {
    items,
    ...(hasNext && last !== undefined ? { next: cursorOf(String(last.id)) } : {}),
    ...(hasPrevious && first !== undefined ? { previous: cursorOf(`${ABOVE}${first.id}`) } : {}),
  };
}

/** The page that `read` gives, which is asked for one item more, to know whether another page follows. */
export async function readPage<T extends { readonly id: number }>(
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  read: (bounds: { readonly limit: number; readonly before: number | undefined }) => Promise<readonly T[]>,
): Promise<{ readonly items: readonly T[]; readonly next?: string }> {
  const found = await read({ limit: limit + 1, before: placeOf(cursor) });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: Buffer.from(String(last.id)).toString('base64url') };
}
