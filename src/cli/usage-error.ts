import { MapwrightError } from '../core/error.ts';

/** The command line itself is wrong (code CLI_USAGE): nothing was done, and the exit code is 2. */
export class UsageError extends MapwrightError {
  constructor(message: string, hint?: string) {
    super('CLI_USAGE', message, hint === undefined ? {} : { hint });
  }
}
