import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { type Given, valueOf } from './legacy-world.ts';

const MADRID: Given = { timeZone: 'Europe/Madrid', preferences: { timeZone: 'Europe/Madrid' } };
/** The store in UTC, the person in Madrid. */
const ABROAD: Given = { preferences: { timeZone: 'Europe/Madrid', dateFormat: 'dd-mm-yyyy' } };

type Row = readonly [string, Json, Given?];

const ROWS: readonly Row[] = [
  ["time_diff('2024-01-02 00:00:00', '2024-01-01 23:59:00')", 60],
  ["time_diff('2024-01-01', '2024-01-02')", -86400],
  ["time_diff('2025-03-14 10:20:00')", 30],
  ["time_diff('2025-03-14')", 37230],
  ["time_diff('', '2024-01-01')", 0],
  ["time_diff('2024-01-01', nosuch)", 0],
  ['time_diff()', 0],
  ["time_diff('10:30', '09:00')", '01:30:00'],
  ["time_diff('09:00:00', '10:00:00')", '23:00:00'],
  ["time_diff('10:00:00', '09:00:00')", '02:00:00', MADRID],
  ["time_diff('no date', '1970-01-02')", -86400],
  ["time_diff('2024-01-01 10', '2024-01-01 9:')", 3600],
  // A date with a time is in the person's zone, a date alone in the store's.
  ["time_diff('01-07-2024 02:00:00', '01-07-2024')", 0, ABROAD],
  ["time_diff('01/01/2024 01:00', '2024-01-01')", 0, ABROAD],
  ["time_diff('2024-04-01', '2024-03-31')", 23 * 3600, MADRID],
  ["time_diffdays('2024-03-01', '2024-02-28')", 2],
  ["time_diffdays('2023-03-01', '2023-02-28')", 1],
  ["time_diffdays('2024-02-01', '2024-03-01 12:00:00')", -30],
  // The day that databases write for none.
  ["time_diff('0000-00-00', '1970-01-01')", -62169984000],
  ["time_diff('0000-00-00 00:00:00', '1970-01-01 00:00:00')", -62169984000],
  ["time_diffdays('10:00:00', '09:00:00')", 0],
  ["time_diffdays('2025-03-15')", -1],
  ["time_diffdays('')", 0],
  ["time_diffyears('2000-03-15')", 24],
  ["time_diffyears('2000-03-14')", 25],
  ["time_diffyears('2012-02-29', '2013-02-28')", 0],
  ["time_diffyears('2012-02-29', '2013-03-01')", 1],
  ["time_diffyears('2030-01-01', '2020-01-01')", 10],
  ["time_diffyears('', '2020-01-01')", 0],
  ["time_diffyears('31-12-1999', '31-12-2000')", 1, ABROAD],
  ["time_diffweekdays('2024-03-01', '2024-03-11')", 6],
  ["time_diffweekdays('2024-03-01 23:00', '2024-03-04 01:00')", 1],
  ["time_diffweekdays('2025-03-10')", 4],
  ["time_diffweekdays('2024-03-02', '2024-03-03')", 0],
  ["time_diffweekdays('', '2024-03-03')", 0],
  ["time_diffweekdays('2024-01-01', '2025-01-01')", 262],
  ["time_diffweekdays('0100-01-01', '9999-01-01')", 2582525],
];

describe('legacy dates: how far apart', () => {
  for (const [text, expected, given] of ROWS) {
    it(text, async () => {
      assert.deepEqual(await valueOf(text, given), expected);
    });
  }

  it('counts the same weekdays as one day after the other does', async () => {
    const start = Date.UTC(2024, 1, 26);
    let counted = 0;
    for (let days = 0; days < 30; days++) {
      const end = new Date(start + days * 86_400_000);
      const text = `time_diffweekdays('2024-02-26', '${end.toISOString().slice(0, 10)}')`;
      assert.equal(await valueOf(text), counted, text);
      if (end.getUTCDay() % 6 !== 0) counted++;
    }
  });

  for (const text of ["time_diffweekdays('no date', '2024-01-01')", "networkdays('2024-01-01', 'no date')"]) {
    it(`fails: ${text}`, async () => {
      await assert.rejects(valueOf(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});
