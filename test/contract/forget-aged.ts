import assert from 'node:assert/strict';
import type { AgedKind } from '../../src/core/retention-store.ts';
import type { Store } from '../../src/store/store.ts';

/** Removes what is older than that; gives how many. */
export async function forgetAged(
  { retention }: Pick<Store, 'retention'>,
  kind: AgedKind,
  before: number,
): Promise<number> {
  const hold = { holder: 'test', now: 0, leaseMs: 1_000 };
  assert.equal(await retention.hold(hold), true);
  return (await retention.forget(hold, { kind, before, limit: 100 })) ?? assert.fail('the hold was lost');
}
