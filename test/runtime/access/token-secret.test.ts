import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTokenSecret, isTokenSecret } from '../../../src/runtime/access/token-secret.ts';

describe('a token', () => {
  it('is found by scanners, and unlike any other', () => {
    const made = Array.from({ length: 100 }, createTokenSecret);
    assert.equal(new Set(made).size, 100);
    for (const token of made) {
      assert.match(token, /^mw_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/u);
      assert.equal(isTokenSecret(token), true);
    }
  });

  it('tells when it was copied wrong', () => {
    const token = createTokenSecret();
    const wrong = token.replace(/^(mw_.{5})(.)/u, (_, head: string, one: string) => head + (one === 'a' ? 'b' : 'a'));
    for (const text of [wrong, token.slice(0, -1), `${token}0`, token.toUpperCase(), '', 'mw_']) {
      assert.equal(isTokenSecret(text), false, text);
    }
  });
});
