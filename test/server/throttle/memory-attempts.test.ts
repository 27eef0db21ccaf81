import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createMemoryAttempts } from '../../../src/server/throttle/memory-attempts.ts';
import { attemptContract } from '../../contract/attempt-contract.ts';

attemptContract('memory', () => Promise.resolve(createMemoryAttempts()));

it('attempts in memory are of so many keys; the one counted first is forgotten', async () => {
  const attempts = createMemoryAttempts(2);
  for (const key of ['a', 'b', 'c']) await attempts.add([{ key, count: 1, windowMs: 1_000 }], 0);
  const waits = [];
  for (const key of ['c', 'b', 'a']) waits.push((await attempts.take([{ key, most: 1, windowMs: 1_000 }], 1)) > 0);
  assert.deepEqual(waits, [true, true, false]);
});
