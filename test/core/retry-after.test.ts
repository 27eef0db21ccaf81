import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retryAfterMs } from '../../src/core/retry-after.ts';

const NOW = Date.parse('2026-03-04T10:00:00Z');
const asked = (...values: string[]) =>
  retryAfterMs(
    values.map((value) => ['retry-after', value] as const),
    NOW,
  );

describe('Retry-After', () => {
  for (const [value, ms] of [
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['99999999999999999999', 1e23],
    ['Wed, 04 Mar 2026 10:05:00 GMT', 300_000],
    ['Wednesday, 04-Mar-26 10:05:00 GMT', 300_000],
    ['Wed Mar  4 10:05:00 2026', 300_000],
    ['Wed, 04 Mar 2020 10:05:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['', undefined],
    ['soon', undefined],
    ['120, 60', undefined],
    ['2026-03-04T10:05:00Z', undefined],
    ['Wed, 99 Mar 2026 10:05:00 GMT', undefined],
    ['٣', undefined],
  ] as const) {
    it(`"${value}" asks for ${ms ?? 'nothing that can be understood'}`, () => assert.equal(asked(value), ms));
  }

  it('counts the longest of several, and those that can be understood', () => {
    assert.equal(asked('10', 'soon', '300'), 300_000);
    assert.equal(retryAfterMs([], NOW), undefined);
  });

  it('counts a moment from the time of the other side', () => {
    const headers = [
      ['date', 'Wed, 04 Mar 2026 12:00:00 GMT'],
      ['retry-after', 'Wed, 04 Mar 2026 12:01:00 GMT'],
    ] as const;
    assert.equal(retryAfterMs(headers, NOW), 60_000);
  });
});
