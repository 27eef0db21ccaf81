import type { LegacyFieldType } from '../services.ts';
import { readShownDate, readShownDateTime, readShownTime, showDate, showDateTime, showTime } from './date-display.ts';
import { readShownNumber, showNumber } from './number-display.ts';
import type { LegacyViewer } from './viewer.ts';

/**
 * A stored value as templates write it for somebody: dates in their format, dates with a time in their zone and with their
 * clock, numbers and amounts with their separators and decimals. All other types, checkboxes (`1`, `0`) and picklists among
 * them, are as stored; so is what does not look like its type. Empty stays empty.
 */
export function showValue(stored: string, type: LegacyFieldType | undefined, viewer: LegacyViewer): string {
  switch (type) {
    case 'date':
      return showDate(stored, viewer);
    case 'datetime':
      return showDateTime(stored, viewer);
    case 'time':
      return showTime(stored, viewer.preferences);
    case 'integer':
    case 'number':
    case 'currency':
      return showNumber(stored, viewer.preferences);
    default:
      return stored;
  }
}

const TICKED: ReadonlySet<string> = new Set(['1', 'yes', 'on', 'true']);

/**
 * What somebody typed or was shown, as it is stored: `31-12-2024` is `2024-12-31`, `1.234,50` is `1234.50`. Values that are
 * in their stored form already are kept. Undefined when the text is none of its type; empty stays empty.
 */
export function readShownValue(
  shown: string,
  type: LegacyFieldType | undefined,
  viewer: LegacyViewer,
): string | undefined {
  if (shown.trim() === '') return '';
  switch (type) {
    case 'date':
      return readShownDate(shown, viewer.preferences);
    case 'datetime':
      return readShownDateTime(shown, viewer);
    case 'time':
      return readShownTime(shown);
    case 'integer':
    case 'number':
    case 'currency':
      return readShownNumber(shown, viewer.preferences);
    case 'boolean':
      return TICKED.has(shown.trim().toLowerCase()) ? '1' : '0';
    default:
      return shown;
  }
}
