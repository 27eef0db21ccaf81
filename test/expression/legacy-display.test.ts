import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readShownValue, showValue } from '../../src/expression/legacy/display/value-display.ts';
import type { LegacyFieldType, LegacyPreferences } from '../../src/expression/legacy/services.ts';
import { PREFERENCES } from '../../tools/conformance/memory-world.ts';

const SPANISH: Partial<LegacyPreferences> = {
  dateFormat: 'dd-mm-yyyy',
  timeZone: 'Europe/Madrid',
  decimalSeparator: ',',
  groupingSeparator: '.',
};
const AMERICAN: Partial<LegacyPreferences> = {
  dateFormat: 'mm-dd-yyyy',
  hourFormat: '12',
  timeZone: 'America/New_York',
};
const FRENCH: Partial<LegacyPreferences> = { decimalSeparator: ',', groupingSeparator: ' ', decimals: 3 };
const INDIVISIBLE: Partial<LegacyPreferences> = { decimals: 0, groupingSeparator: '' };

const viewer = (preferences: Partial<LegacyPreferences> = {}) => ({
  preferences: { ...PREFERENCES, ...preferences },
  storedTimeZone: 'UTC',
});

type Row = readonly [LegacyFieldType, string, string, Partial<LegacyPreferences>?];

/** Stored and shown; reading what is shown gives what is stored. */
const BOTH_WAYS: readonly Row[] = [
  ['date', '2024-12-31', '2024-12-31'],
  ['date', '2024-12-31', '31-12-2024', SPANISH],
  ['date', '2024-02-29', '02-29-2024', AMERICAN],
  ['date', '', '', SPANISH],
  ['datetime', '2024-12-31 23:30:00', '01-01-2025 00:30:00', SPANISH],
  ['datetime', '2024-06-30 22:30:05', '01-07-2024 00:30:05', SPANISH],
  ['datetime', '2024-03-10 06:59:00', '03-10-2024 01:59AM', AMERICAN],
  ['datetime', '2024-03-10 07:00:00', '03-10-2024 03:00AM', AMERICAN],
  ['datetime', '2024-07-04 16:00:00', '07-04-2024 12:00PM', AMERICAN],
  ['datetime', '2024-07-04 04:00:00', '07-04-2024 12:00AM', AMERICAN],
  ['time', '13:05:09', '13:05:09', SPANISH],
  ['time', '13:05:00', '01:05PM', AMERICAN],
  ['time', '00:05:00', '12:05AM', AMERICAN],
  ['currency', '3045164.00', '3.045.164,00', SPANISH],
  ['currency', '-1234.50', '-1,234.50'],
  ['number', '1234567.125', '1 234 567,125', FRENCH],
  ['number', '0.00', '0,00', SPANISH],
  ['number', '999', '999', INDIVISIBLE],
  ['number', '1234567', '1234567', INDIVISIBLE],
  ['currency', '12345678901234567890.12', '12.345.678.901.234.567.890,12', SPANISH],
  ['text', '2024-12-31', '2024-12-31', SPANISH],
  ['picklist', 'Won', 'Won', SPANISH],
  ['multipicklist', 'A |##| B', 'A |##| B', SPANISH],
  ['reference', '11x746', '11x746', SPANISH],
  ['owner', '19x1', '19x1', SPANISH],
  ['boolean', '1', '1', SPANISH],
  ['boolean', '0', '0', SPANISH],
];

const SHOWN: readonly Row[] = [
  ['integer', '131', '131,00', SPANISH],
  ['currency', '3045164.000000', '3,045,164.00'],
  ['currency', '1.005', '1.01'],
  ['currency', '-1.005', '-1.01'],
  ['currency', '-0.001', '0.00'],
  ['currency', '0.995', '1.00'],
  ['currency', '999999.995', '1,000,000.00'],
  ['currency', '.5', '0.50'],
  ['currency', '1e3', '1,000.00'],
  ['currency', '1.5e-3', '0.00'],
  ['currency', 'on request', 'on request'],
  ['currency', '2.5', '3', INDIVISIBLE],
  ['date', '2024-12-31 23:30:00', '01-01-2025', SPANISH],
  ['date', 'soon', 'soon', SPANISH],
  ['date', '0000-00-00', '00-00-0000', SPANISH],
  ['datetime', '2024-12-31T23:30', '01-01-2025 00:30:00', SPANISH],
  ['datetime', '2024-12-31', '31-12-2024', SPANISH],
  ['datetime', 'soon', 'soon', SPANISH],
  ['time', '9:05', '09:05:00', SPANISH],
  ['time', 'soon', 'soon', AMERICAN],
  ['multipicklist', '', '', SPANISH],
];

type Reading = readonly [LegacyFieldType, string, string | undefined, Partial<LegacyPreferences>?];

const READ: readonly Reading[] = [
  ['date', '31/12/2024', '2024-12-31', SPANISH],
  ['date', '31.12.2024', '2024-12-31', SPANISH],
  ['date', '1-2-2024', '2024-02-01', SPANISH],
  ['date', '31-12-24', '2024-12-31', SPANISH],
  ['date', '2024-12-31', '2024-12-31', SPANISH],
  ['date', '2024-12-31', '2024-12-31', AMERICAN],
  ['date', '30-02-2024', undefined, SPANISH],
  ['date', '31-12-2024', undefined, AMERICAN],
  ['date', 'soon', undefined],
  ['date', ' ', ''],
  ['datetime', '31-12-2024', '2024-12-30 23:00:00', SPANISH],
  ['datetime', '31-12-2024 25:00', undefined, SPANISH],
  ['datetime', '07-04-2024 12:00 pm', '2024-07-04 16:00:00', AMERICAN],
  // Skipped by summer time: as far after it.
  ['datetime', '31-03-2024 02:30', '2024-03-31 01:30:00', SPANISH],
  ['time', '1pm', '13:00:00', AMERICAN],
  ['time', '13pm', undefined, AMERICAN],
  ['time', '24:00', undefined],
  ['currency', '1234.5', '1234.5', SPANISH],
  ['currency', '1.234', '1234', SPANISH],
  ['currency', '1.234', '1.234'],
  ['currency', '12,5', '12.5', SPANISH],
  ['currency', '1\u00a0234,5', '1234.5', FRENCH],
  ['currency', '1,2,3', undefined, SPANISH],
  ['currency', 'much', undefined],
  ['boolean', 'yes', '1'],
  ['boolean', 'On', '1'],
  ['boolean', 'no', '0'],
];

describe('legacy display', () => {
  for (const [type, stored, shown, preferences] of [...BOTH_WAYS, ...SHOWN]) {
    it(`shows ${type} "${stored}" as "${shown}"`, () => {
      assert.equal(showValue(stored, type, viewer(preferences)), shown);
    });
  }

  for (const [type, stored, shown, preferences] of BOTH_WAYS) {
    it(`reads ${type} "${shown}" as "${stored}"`, () => {
      assert.equal(readShownValue(shown, type, viewer(preferences)), stored);
    });
  }

  for (const [type, shown, stored, preferences] of READ) {
    it(`reads ${type} "${shown}" as ${stored === undefined ? 'nothing' : `"${stored}"`}`, () => {
      assert.equal(readShownValue(shown, type, viewer(preferences)), stored);
    });
  }

  it('shows a value of no known type as it is', () => {
    assert.equal(showValue('2024-12-31', undefined, viewer(SPANISH)), '2024-12-31');
    assert.equal(readShownValue('31-12-2024', undefined, viewer(SPANISH)), '31-12-2024');
  });

  it('moves times from the zone of the store to that of the viewer', () => {
    const inBerlin = { ...viewer(AMERICAN), storedTimeZone: 'Europe/Berlin' };
    assert.equal(showValue('2024-07-04 18:00:00', 'datetime', inBerlin), '07-04-2024 12:00PM');
    assert.equal(readShownValue('07-04-2024 12:00PM', 'datetime', inBerlin), '2024-07-04 18:00:00');
  });
});
