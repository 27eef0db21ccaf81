import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeAll } from '../../src/core/close-all.ts';

test('what fails to close keeps nothing behind it open, and is told in the end', async () => {
  const closed: string[] = [];
  const first = new Error('first');
  const steps = [
    () => void closed.push('a'),
    () => Promise.reject(first),
    () => {
      throw new Error('second');
    },
    async () => void closed.push('b'),
  ];
  await assert.rejects(closeAll(steps), first);
  assert.deepEqual(closed, ['a', 'b']);
});
