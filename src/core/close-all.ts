/**
 * Closes one thing after another. What fails to close keeps nothing behind it open: the first failure is what this rejects
 * with, once all have been closed.
 */
export async function closeAll(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
}
