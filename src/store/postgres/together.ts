/**
 * The results of work that goes on at the same time. As `Promise.all`, but when one piece fails, the others are waited for
 * before the failure is told: whoever rolls back then can be sure that nobody still writes.
 */
export async function together<const T extends readonly unknown[]>(
  pieces: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(pieces);
  return (await Promise.all(pieces)) as { -readonly [I in keyof T]: Awaited<T[I]> };
}
