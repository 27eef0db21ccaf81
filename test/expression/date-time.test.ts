import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDateTime } from '../../src/expression/date-time.ts';
import { instantAt, shiftInstant } from '../../src/expression/zoned-time.ts';
import { AMBIENCE } from './sample-environment.ts';

type Case = readonly [
  pattern: string | undefined,
  shift: string | undefined,
  zone: string | undefined,
  expected: string,
];

const CASES: readonly Case[] = [
  [undefined, undefined, undefined, '2025-03-14T11:20:30+01:00'],
  [undefined, undefined, 'UTC', '2025-03-14T10:20:30Z'],
  ["yyyy-MM-dd'T'HH:mm", '+1d -2h', undefined, '2025-03-15T09:20'],
  ['EEE, d MMM yy h:mm a', undefined, 'America/New_York', 'Fri, 14 Mar 25 6:20 AM'],
  ['EEEE dd MMMM yyyy HH:mm:ss.SSS', undefined, 'UTC', 'Friday 14 March 2025 10:20:30.123'],
  ["'o''clock' H ''", undefined, 'UTC', "o'clock 10 '"],
  ['yyyyMMddHHmmssxx', undefined, 'Asia/Kolkata', '20250314155030+0530'],
  ['xxx XX', undefined, 'UTC', '+00:00 Z'],
  ['yyyy-MM-dd', '-14d +1M', 'UTC', '2025-03-28'],
  ['yyyy-MM-dd', '-1y +1w', 'UTC', '2024-03-21'],
  // The clocks go forward on the 30th: a day later is the same hour, 24 hours later is not.
  ['dd HH:mm XXX', '+16d', undefined, '30 11:20 +02:00'],
  ['dd HH:mm XXX', '+384h', undefined, '30 12:20 +02:00'],
];

for (const [pattern, shift, zone, expected] of CASES) {
  test(`$DateTime ${pattern} ${shift} ${zone}`, () => {
    assert.equal(formatDateTime(AMBIENCE, pattern, shift, zone), expected);
  });
}

for (const [pattern, shift, zone] of [
  ['qqq', undefined, undefined],
  ["'open", undefined, undefined],
  ['y'.repeat(300), undefined, undefined],
  [undefined, '1d', undefined],
  [undefined, '+999999999y', undefined],
  [undefined, undefined, 'Mars/Olympus'],
] as const) {
  test(`$DateTime refuses ${pattern?.slice(0, 10)} ${shift} ${zone}`, () => {
    assert.throws(() => formatDateTime(AMBIENCE, pattern, shift, zone), { code: 'EXPRESSION_FAILED' });
  });
}

test('months are kept to', () => {
  assert.equal(shiftInstant(Date.UTC(2024, 0, 31), '+1M', 'UTC'), Date.UTC(2024, 1, 29));
});

test('a wall-clock time that occurs twice is its first, one that is skipped comes as far after', () => {
  assert.equal(instantAt(Date.UTC(2025, 9, 26, 2, 30), 'Europe/Madrid'), Date.UTC(2025, 9, 26, 0, 30));
  assert.equal(instantAt(Date.UTC(2025, 2, 30, 2, 30), 'Europe/Madrid'), Date.UTC(2025, 2, 30, 1, 30));
  assert.equal(instantAt(Date.UTC(2025, 10, 2, 1, 30), 'America/New_York'), Date.UTC(2025, 10, 2, 5, 30));
  assert.equal(instantAt(Date.UTC(2025, 2, 9, 2, 30), 'America/New_York'), Date.UTC(2025, 2, 9, 7, 30));
});
