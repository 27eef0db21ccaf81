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
