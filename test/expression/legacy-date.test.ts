import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { type Given, valueOf } from './legacy-world.ts';

// Friday 2025-03-14T10:20:30Z unless a row says otherwise.
const MADRID: Given = { timeZone: 'Europe/Madrid' };
const DAY_FIRST: Given = { preferences: { dateFormat: 'dd-mm-yyyy' } };
const MONTH_FIRST: Given = { preferences: { dateFormat: 'mm-dd-yyyy' } };
const MIDSUMMER: Given = { ...MADRID, now: Date.UTC(2024, 6, 1, 22, 30, 0) };

type Row = readonly [string, Json, Given?];

const NOW: readonly Row[] = [
  ["get_date('NOW')", '2025-03-14 10:20:30'],
  ["get_date('now')", '2025-03-14 11:20:30', MADRID],
  ["get_date('today')", '2024-07-02', MIDSUMMER],
  ["get_date('yesterday')", '2024-07-01', MIDSUMMER],
  ["get_date('tomorrow')", '2024-07-03', MIDSUMMER],
  ["get_date('time')", '00:30:00', MIDSUMMER],
  ['get_date()', '2025-03-14'],
  ['get_date(nosuch)', '2025-03-14'],
];

const MOVED: readonly Row[] = [
  ["add_days('2024-02-28', 1)", '2024-02-29'],
  ["add_days('2023-02-28', 1)", '2023-03-01'],
  ["add_days('2024-12-31', 1)", '2025-01-01'],
  ["add_days('2024-01-01', -1)", '2023-12-31'],
  ["sub_days('2024-01-01', -1)", '2024-01-02'],
  ["sub_days('2024-01-01 10:00:00', 1)", '2023-12-31'],
  ["add_days('2024-01-01 10:00:00', 0.6)", '2024-01-02'],
  ["add_days('2024-01-01', '2.00')", '2024-01-03'],
  ["add_days('2024-01-01', '3 weeks')", '2024-01-04'],
  ["add_days('2024-01-01', 'some')", '2024-01-01'],
  ["sub_days('2024-01-01', '')", '2024-01-01'],
  ["add_days('2024-01-01', nosuch)", '2024-01-01'],
  ['add_days(nosuch, 1)', '2025-03-15'],
  ['add_days()', '2025-03-14'],
  ["add_days('no date', 1)", '1970-01-02'],
  ["add_days('2024-13-01', 0)", '1970-01-01'],
  ["add_days('2024-02-30', 0)", '2024-03-01'],
  ["add_days('5.3.2024', 1)", '2024-03-06', DAY_FIRST],
  ["add_days('05/03/2024 23:00:00', 1)", '2024-03-06', DAY_FIRST],
  ["add_days('03/05/2024', 1)", '2024-03-06', MONTH_FIRST],
  ["add_days('2024-03-05', 1)", '2024-03-06', MONTH_FIRST],
  ["add_days('25-12-2024', 0)", '1970-01-01', MONTH_FIRST],
  ["add_days('05-03-2024', 1)", '2024-03-06'],
  // A day is 86,400 seconds: over the end of summer time it ends an hour before midnight.
  ["add_days('2024-10-27', 1)", '2024-10-27', MADRID],
  ["add_days('2024-10-28', 1)", '2024-10-29', MADRID],
  ["add_days('2024-03-31', 1)", '2024-04-01', MADRID],
  ["sub_days('2024-04-01', 1)", '2024-03-30', MADRID],
  ["sub_days('2024-10-28', 1)", '2024-10-27', MADRID],
  ["add_months('2024-01-31', 1)", '2024-03-02'],
  ["add_months('2023-01-31', 1)", '2023-03-03'],
  ["sub_months('2024-03-31', 1)", '2024-03-02'],
  ["add_months('2024-02-29', 12)", '2025-03-01'],
  ["add_months('2024-11-15', 2)", '2025-01-15'],
  ["sub_months('2024-01-15', -1)", '2024-02-15'],
  ["add_months('2024-01-15', '2.00')", '2024-03-15'],
  ['add_months(1)', '2025-04-14'],
  ["add_months('', 1)", '2025-04-14'],
  ["add_months('2024-01-15', 'some')", '1970-01-01'],
  ["add_months('2024-01-15', nosuch)", '1970-01-01'],
  ["add_months('2024-03-27', 7)", '2024-10-27', MADRID],
  ["add_time('23:30:00', 60)", '00:30:00'],
  ["sub_time('00:10:00', 20)", '23:50:00'],
  ["add_time('2024-01-01 23:50:00', 20)", '00:10:00'],
  ["add_time('9:05', 1)", '09:06:00'],
  ['add_time(10)', '10:30:30'],
  ['sub_time(10)', '11:10:30', MADRID],
  ["add_time('10:00:00', 'some')", '00:00:00'],
  ["add_time('no time', 5)", '00:05:00'],
  ['getISODate(2020, 53, 7)', '2021-01-03'],
  ['getISODate(2024, 54, 1)', '2025-01-06'],
  ["getISODate('2024', '10', 8)", '2024-03-11'],
  ['getISODate(2025, 1, 1)', '2024-12-30'],
  // Before zones were agreed on, clocks differed by minutes and seconds.
  ["add_days('1890-05-01', 0)", '1890-05-01', MADRID],
  ["add_days('1890-05-01', 0)", '1890-05-01', { timeZone: 'America/New_York' }],
  ["add_days('0000-00-00', 1)", '-0001-12-01', { timeZone: 'America/New_York' }],
  ["add_days('0050-01-01', 1)", '0050-01-02', MADRID],
];

const WRITTEN: readonly Row[] = [
  ["format_date('2024-02-29')", '2024-02-29'],
  ["format_date('2024-02-29', '')", '2024-02-29'],
  ["format_date('')", ''],
  ["format_date('0')", ''],
  ['format_date(nosuch)', ''],
  ["format_date(' 2024-02-29 13:05 ', 'H:i:s')", '13:05:00'],
  ["format_date('13:05:09', 'Y-m-d H:i:s')", '2025-03-14 13:05:09'],
  ["format_date('2024-02-30', 'Y-m-d')", '2024-03-01'],
  ["format_date('2024-14-01', 'Y-m-d')", '2025-02-01'],
  ["format_date('24-2-9', 'Y-m-d')", '2024-02-09'],
  ["format_date('2024-06-15T10:30:00', 'Y-m-d H:i')", '2024-06-15 10:30'],
  ["format_date('2024-06-15T10:30:00+02:00', 'Y-m-d H:i')", '2024-06-15 08:30'],
  ["format_date('15-06-2024', 'Y-m-d')", '2024-06-15'],
  ["format_date('15 June 2024', 'Y-m-d')", '2024-06-15'],
  ["add_time('9:5:1', 1)", '09:06:01'],
  ["format_date('2024-01-01 25:61:00', 'Y-m-d H:i')", '2024-01-02 02:01'],
  ["format_date('2024-02-29', 'd D j l N S w z')", '29 Thu 29 Thursday 4 th 4 59'],
  ["format_date('2024-12-30', 'W o t L')", '01 2025 31 1'],
  ["format_date('2021-01-03', 'W o z')", '53 2020 2'],
  ["format_date('2023-02-01', 'F m M n t L Y y')", 'February 02 Feb 2 28 0 2023 23'],
  ["format_date('2024-01-02 00:05:09', 'a A B g G h H i s u v')", 'am AM 045 12 0 12 00 05 09 000000 000'],
  ["format_date('2024-01-02 13:05:09', 'a A g G h H')", 'pm PM 1 13 01 13'],
  ["format_date('2024-07-02 13:05:09', 'e I O P p T Z')", 'Europe/Madrid 1 +0200 +02:00 +02:00 CEST 7200', MADRID],
  ["format_date('2024-01-02 13:05:09', 'I O T c')", '0 +0100 CET 2024-01-02T13:05:09+01:00', MADRID],
  ["format_date('2024-01-02', 'e I P p T Z')", 'UTC 0 +00:00 Z UTC 0'],
  ["format_date('2024-01-02 13:05:09', 'r')", 'Tue, 02 Jan 2024 13:05:09 +0000'],
  ["format_date('2024-01-02 13:05:09', 'U')", '1704200709'],
  ["format_date('2024-01-02', 'T P')", '+0545 +05:45', { timeZone: 'Asia/Kathmandu' }],
  ["format_date('2024-01-02', 'T')", 'EST', { timeZone: 'America/New_York' }],
  ["format_date('2024-01-02', 'Y\\\\Y k? é')", '2024Y k? é'],
  ...['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '23rd', '30th'].map((shown): Row => [
    `format_date('2024-01-${shown.slice(0, -2)}', 'jS')`,
    shown,
  ]),
];

const FAILING: readonly string[] = [
  "format_date('no date')",
  "format_date('2024-Jannuary-01')",
  "getISODate('some', 1, 1)",
  "add_days('2024-01-01', 99999999)",
  "add_months('2024-01-01', 999999999)",
  "add_workdays('no date', 1)",
];

for (const [about, rows] of Object.entries({ NOW, MOVED, WRITTEN })) {
  describe(`legacy dates: ${about.toLowerCase()}`, () => {
    for (const [text, expected, given] of rows) {
      it(`${text}${given?.timeZone === undefined ? '' : ` in ${given.timeZone}`}`, async () => {
        assert.deepEqual(await valueOf(text, given), expected);
      });
    }
  });
}

describe('legacy dates: failing', () => {
  for (const text of FAILING) {
    it(text, async () => {
      await assert.rejects(valueOf(text), { code: 'EXPRESSION_FAILED' });
    });
  }
});
