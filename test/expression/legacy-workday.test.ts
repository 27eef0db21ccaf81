import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { type Given, valueOf } from './legacy-world.ts';

const MAPS: Given = {
  maps: {
    information: async (name) => (name === 'holidays' || name === '17' ? ['2024-03-05', '2024-03-09'] : undefined),
  },
};
const REPLACED: Given = { ...MAPS, settings: { BusinessMapping_local: '17' } };
const MADRID: Given = { timeZone: 'Europe/Madrid' };

type Row = readonly [string, Json, Given?];

// 2024-03-01 is a Friday.
const ROWS: readonly Row[] = [
  ["networkdays('2024-03-01', '2024-03-11')", 7],
  ["networkdays('2024-03-11', '2024-03-01')", 7],
  ["networkdays('2024-03-01', '2024-03-11', '2024-03-05, 2024-03-09')", 6],
  ["networkdays('2024-03-11', '2024-03-01', '2024-03-05')", 7],
  ["networkdays('2024-03-01', '2024-03-11', '2024-03-01,2024-03-11')", 5],
  ["networkdays('2024-03-01', '2024-03-11', 'holidays')", 6, MAPS],
  ["networkdays('2024-03-01', '2024-03-11', 'local')", 6, REPLACED],
  ["networkdays('2025-03-10')", 5],
  ["networkdays('2025-03-10', '')", 5],
  ["networkdays('', '2025-03-10')", 0],
  ['networkdays()', 0],
  ["networkdays(get_date('today'), add_days('2025-03-16', 1))", 2],
  ["networkdays(start, finish, '')", 2, { record: { start: '2024-03-01', finish: '2024-03-04' } }],
  ["holidaydifference('2024-03-01', '2024-03-11', 0, '')", 6],
  ["holidaydifference('2024-03-01', '2024-03-11', 1, '')", 8],
  ["holidaydifference('2024-03-02', '2024-03-03', 1, '')", 1],
  ["holidaydifference('2024-03-01', '2024-03-11', 1, '2024-03-05,2024-03-09,2024-03-10')", 6],
  ["holidaydifference('2024-03-01', '2024-03-11', 0, '2024-03-05,2024-03-09')", 5],
  ["holidaydifference('2024-03-01', '2024-03-11', 0, 'holidays')", 5, MAPS],
  ["holidaydifference('2024-03-01', '2024-03-11', 0)", 0],
  ["holidaydifference('', '2024-03-11', 0, '')", 0],
  ["isholidaydate('2024-03-10')", true],
  ["isholidaydate('2024-03-10', 0)", true],
  ["isholidaydate('2024-03-09')", true],
  ["isholidaydate('2024-03-09', 0)", false],
  ["isholidaydate('2024-03-09', 0, 'holidays')", true, MAPS],
  ["isholidaydate('2024-03-05', 1, '2024-03-04,2024-03-05')", true],
  ["isholidaydate('2024-03-05', 1, '2024-03-04, 2024-03-05')", false],
  ["isholidaydate('no date')", false],
  ['isholidaydate(nosuch)', false],
  ["add_workdays('2024-03-01', 1)", '2024-03-02'],
  ["add_workdays('2024-03-01', 1, 0)", '2024-03-04'],
  ["add_workdays('2024-03-01', 2, 0, '2024-03-04')", '2024-03-06'],
  ["add_workdays('2024-03-01', 2, 0, 'holidays')", '2024-03-06', MAPS],
  ["add_workdays('2024-03-02', 0, 0)", '2024-03-02'],
  ["add_workdays('2024-03-01', -3, 0)", '2024-03-01'],
  ["add_workdays('2024-03-01', 1.5, 0)", '2024-03-05'],
  ["add_workdays('2024-03-01', 'some', 0)", '2024-03-01'],
  ["add_workdays('', 1, 0)", '2025-03-17'],
  ["add_workdays('2024-12-31', 1, 0, '2025-01-01')", '2025-01-02'],
  ["add_workdays('2024-10-25', 2, 0)", '2024-10-29', MADRID],
  ["sub_workdays('2024-03-04', 1)", '2024-03-01'],
  ["sub_workdays('2024-03-04', 1, 1)", '2024-03-02'],
  ["sub_workdays('2024-03-06', 1, 0, '2024-03-05')", '2024-03-04'],
  ["get_nextdate('2024-03-01', '5')", '2024-03-05'],
  ["get_nextdate('2024-03-01', '05, 9')", '2024-03-05'],
  ["get_nextdate('2024-03-06', '9')", '2024-04-09'],
  ["get_nextdate('2024-03-06', '9', '', 1)", '2024-03-09'],
  ["get_nextdate('2024-03-01', '5', '2024-03-05')", '2024-04-05'],
  ["get_nextdate('2024-03-01', '5', 'holidays')", '2024-04-05', MAPS],
  ["get_nextdate('2024-03-01', '32')", ''],
  ["get_nextdate('2024-03-01', '')", ''],
  ["get_nextdate('2023-02-28', '29,31')", '2023-03-29'],
  ["get_nextdatelaborable('2024-03-01', '9')", '2024-03-11'],
  ["get_nextdatelaborable('2024-03-01', '9', '', 1)", '2024-03-09'],
  ["get_nextdatelaborable('2024-03-01', '9', '2024-03-11,2024-03-12')", '2024-03-13'],
  ["get_nextdatelaborable('2024-03-01', '32')", ''],
];

describe('legacy dates: working days', () => {
  for (const [text, expected, given] of ROWS) {
    it(text, async () => {
      assert.deepEqual(await valueOf(text, given), expected);
    });
  }

  it('stops at the end of the calendar instead of never', async () => {
    await assert.rejects(valueOf("add_workdays('9990-01-01', 1000000)"), { code: 'EXPRESSION_FAILED' });
  });

  it('does not count to what no calendar has', async () => {
    for (const call of ['add_workdays', 'sub_workdays']) {
      await assert.rejects(valueOf(`${call}('2024-03-01', 99999999999999999999)`), { code: 'EXPRESSION_FAILED' });
    }
  });
});
