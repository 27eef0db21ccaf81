import { type ErrorDetails, MapwrightError } from './error.ts';

/**
 * The database takes no change at the moment (its disk is full, it only reads), and nothing of this one is written: the
 * same may be asked for again, as it is, until it succeeds. Code STORE_UNAVAILABLE.
 */
export class UnwrittenError extends MapwrightError {
  constructor(message: string, details: Omit<ErrorDetails, 'retryable'>) {
    super('STORE_UNAVAILABLE', message, { ...details, retryable: true });
  }
}
