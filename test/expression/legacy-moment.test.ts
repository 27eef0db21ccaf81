import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../src/core/error.ts';
import { readMoment } from '../../src/expression/legacy/date/moment.ts';

// A Friday.
const NOW = Date.UTC(2025, 2, 14, 10, 20, 30);

/** Text, and the moment in UTC; empty for what is none. */
const MOMENTS: readonly (readonly [string, string])[] = [
  // As databases and people write dates.
  ['2024-02-29', '2024-02-29 00:00:00'],
  ['2024-02-30', '2024-03-01 00:00:00'],
  ['2024-2-9', '2024-02-09 00:00:00'],
  ['2024/02/29 13:05', '2024-02-29 13:05:00'],
  ['2024-02-29 13:05:09.123456', '2024-02-29 13:05:09'],
  ['2024-02-29 24:00', '2024-03-01 00:00:00'],
  ['2024-02', '2024-02-01 00:00:00'],
  ['20240229', '2024-02-29 00:00:00'],
  ['20240229130509', '2024-02-29 13:05:09'],
  ['29-02-2024', '2024-02-29 00:00:00'],
  ['29.02.2024 13:05', '2024-02-29 13:05:00'],
  ['29.02.96', '1996-02-29 00:00:00'],
  ['02/29/2024', '2024-02-29 00:00:00'],
  ['2/29/24 1:05 pm', '2024-02-29 13:05:00'],
  ['24-02-29', '2024-02-29 00:00:00'],
  ['29 Feb 2024', '2024-02-29 00:00:00'],
  ['29-Feb-2024', '2024-02-29 00:00:00'],
  ['2024-Feb-29', '2024-02-29 00:00:00'],
  ['February 29th, 2024 3pm', '2024-02-29 15:00:00'],
  ['Feb 2024', '2024-02-01 00:00:00'],
  ['5 march', '2025-03-05 00:00:00'],
  ['2024W091', '2024-02-26 00:00:00'],
  ['2024-W09-4', '2024-02-29 00:00:00'],
  ['12:30 a.m.', '2025-03-14 00:30:00'],
  ['12am', '2025-03-14 00:00:00'],
  ['T13:05', '2025-03-14 13:05:00'],
  ['@86400', '1970-01-02 00:00:00'],
  ['@0 +1 day', '1970-01-02 00:00:00'],
  // With a zone.
  ['2024-02-29T13:05:09Z', '2024-02-29 13:05:09'],
  ['2024-02-29T13:05:09.5+02:00', '2024-02-29 11:05:09'],
  ['2024-02-29 13:05 -0330', '2024-02-29 16:35:00'],
  ['Thu, 29 Feb 2024 13:05:09 GMT', '2024-02-29 13:05:09'],
  ['2024-07-01 12:00 Europe/Madrid', '2024-07-01 10:00:00'],
  ['2024-03-31 02:30 Europe/Madrid', '2024-03-31 01:30:00'],
  ['2024-10-27 02:30 Europe/Madrid', '2024-10-27 00:30:00'],
  // Words.
  ['now', '2025-03-14 10:20:30'],
  ['Today', '2025-03-14 00:00:00'],
  ['tomorrow 14:00', '2025-03-15 14:00:00'],
  ['noon yesterday', '2025-03-13 12:00:00'],
  ['+1 day', '2025-03-15 10:20:30'],
  ['-2 weeks', '2025-02-28 10:20:30'],
  ['--2 days', '2025-03-16 10:20:30'],
  ['+90 minutes', '2025-03-14 11:50:30'],
  ['1 week 2 days ago', '2025-03-05 10:20:30'],
  ['+1 month -1 day', '2025-04-13 10:20:30'],
  ['2024-01-31 +1 month', '2024-03-02 00:00:00'],
  ['next month', '2025-04-14 10:20:30'],
  ['last year', '2024-03-14 10:20:30'],
  ['+2 weekdays', '2025-03-18 10:20:30'],
  ['-1 weekday', '2025-03-13 10:20:30'],
  ['friday', '2025-03-14 00:00:00'],
  ['monday', '2025-03-17 00:00:00'],
  ['next friday', '2025-03-21 00:00:00'],
  ['last friday', '2025-03-07 00:00:00'],
  ['last thursday', '2025-03-13 00:00:00'],
  ['monday next week', '2025-03-17 00:00:00'],
  ['next week sunday', '2025-03-23 00:00:00'],
  ['first day of next month', '2025-04-01 10:20:30'],
  ['last day of february 2024', '2024-02-29 00:00:00'],
  ['first monday of january 2026', '2026-01-05 00:00:00'],
  ['last friday of next month', '2025-04-25 00:00:00'],
  // None.
  ['', ''],
  ['soon', ''],
  ['2024-13-01', ''],
  ['2024-02-32', ''],
  ['2024-02-29 25:00', ''],
  ['2024-02-29 13:61', ''],
  ['2024-02-29 2024-03-01', ''],
  ['10:00 11:00', ''],
  ['10:00 Nowhere/Town', ''],
  ['+1', '2025-03-14 09:20:30'],
  ['13 pm', ''],
  [`2024-02-29${' '.repeat(200)}now`, ''],
];

describe('legacy moments', () => {
  for (const [text, expected] of MOMENTS) {
    it(`"${text.slice(0, 60)}"`, () => {
      const moment = readMoment(text, { now: NOW, timeZone: 'UTC' });
      const shown = moment === undefined ? '' : new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
      assert.equal(shown, expected);
    });
  }

  it('reads what is left open in the zone of the clock', () => {
    const clock = { now: NOW, timeZone: 'Pacific/Auckland' };
    assert.equal(readMoment('today', clock), Date.UTC(2025, 2, 13, 11));
    assert.equal(readMoment('2024-07-01', clock), Date.UTC(2024, 5, 30, 12));
    assert.equal(readMoment('2024-07-01T00:00Z', clock), Date.UTC(2024, 6, 1));
  });

  it('takes any text: a moment, none, or one that leaves the calendar', () => {
    const words = fc.constantFrom(
      'next ',
      'monday ',
      '+',
      '-',
      '9',
      '2024',
      ':',
      '/',
      '.',
      'of ',
      'week ',
      'T',
      '@',
      'ago ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            const moment = readMoment(text, { now: NOW, timeZone: 'UTC' });
            assert.ok(moment === undefined || Number.isSafeInteger(moment), text);
          } catch (thrown) {
            assert.ok(thrown instanceof MapwrightError && thrown.code === 'EXPRESSION_FAILED', String(thrown));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
