import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashPassword, isPassword } from '../../../src/runtime/access/password.ts';

describe('passwords that are looked at', () => {
  it('are so many at once: a flood is refused, and everybody is let in again after it', async () => {
    const hashed = await hashPassword('four words nobody guesses');
    const looks = await Promise.allSettled(
      Array.from({ length: 100 }, () => isPassword(hashed, 'four words nobody guesses')),
    );
    const right = looks.filter((look) => look.status === 'fulfilled' && look.value);
    const codes = looks.flatMap((look) => (look.status === 'rejected' ? [String(look.reason.code)] : []));
    assert.deepEqual([right.length, new Set(codes)], [66, new Set(['ACCESS_BUSY'])]);
    assert.equal(await isPassword(hashed, 'four words nobody guesses'), true);
    assert.equal(await isPassword(undefined, 'no password of anybody'), false);
  });
});
