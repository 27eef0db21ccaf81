/** What every failure at run time carries besides its message. */
export interface ErrorDetails {
  /** What to do about it, for the person who reads it. */
  readonly hint?: string;
  /** True when trying the same again later may succeed. Decided where the failure is understood. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** A failure at run time with a permanent code (`ROOM_WHAT`, listed in docs/errors.md). */
export class MapwrightError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MapwrightError';
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
  }
}

/** The message of anything that was thrown; JSONata and others throw plain objects. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
