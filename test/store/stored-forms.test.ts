import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import { decodeContext, encodeContext } from '../../src/store/context-encoding.ts';
import { canonicalLikePattern } from '../../src/store/like-pattern.ts';
import { seal, sealingKey, unseal } from '../../src/store/sealing.ts';
import { testKey } from './sqlite-install.ts';

describe('stored contexts', () => {
  it('decode to what was encoded', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `\u0000${rest}`),
      fc.constant('\u00e9'.repeat(9000)),
    );
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(text, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (context) => {
        const { json, texts } = encodeContext(context);
        const decoded = decodeContext(json, (hash) => texts.get(hash) ?? assert.fail());
        assert.equal(JSON.stringify(decoded), JSON.stringify(context));
      }),
    );
  });

  it('hold each long text once, apart', () => {
    const long = 'x'.repeat(16 * 1024 + 1);
    const { json, texts } = encodeContext({ a: long, b: [long], c: long.slice(1) });
    assert.deepEqual([...texts.values()], [long]);
    assert.ok(json.length < 17 * 1024);
  });
});

describe('like patterns', () => {
  it('take a backslash for itself unless it makes a wildcard or a backslash plain', () => {
    const cases = [
      ['a%_', 'a%_'],
      ['a\\%', 'a\\%'],
      ['a\\b', 'a\\\\b'],
      ['a\\\\%', 'a\\\\%'],
      ['a\\', 'a\\\\'],
      ['\\\\\\', '\\\\\\\\'],
    ] as const;
    for (const [given, expected] of cases) assert.equal(canonicalLikePattern(given), expected);
  });
});

describe('seals', () => {
  it('open for the same key and purpose only', () => {
    const key = sealingKey(testKey);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        assert.equal(unseal(key, 'p', seal(key, 'p', plain)), plain);
      }),
    );
    const unreadable = { code: 'SECRET_UNREADABLE' };
    const sealed = seal(key, 'p', 'text');
    assert.throws(() => unseal(key, 'q', sealed), unreadable);
    assert.throws(() => unseal(sealingKey(new Uint8Array(32)), 'p', sealed), unreadable);
  });

  it('break when a single character is altered', () => {
    const key = sealingKey(testKey);
    const sealed = seal(key, 'p', 'text');
    const start = 'v1.00000000.'.length;
    for (let at = start; at < sealed.length - 1; at++) {
      const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      assert.throws(() => unseal(key, 'p', altered), { code: 'SECRET_UNREADABLE' });
    }
  });
});
