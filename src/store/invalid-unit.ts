import { MapwrightError } from '../core/error.ts';
import type { ErrorDetails } from '../core/error.ts';

/** The unit of work contradicts what is stored or itself: a defect of whoever made it. */
export function invalidUnit(message: string, details: ErrorDetails = {}): MapwrightError {
  return new MapwrightError('STORE_UNIT_INVALID', message, details);
}
