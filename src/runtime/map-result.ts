import { MapwrightError } from '../core/error.ts';
import type { Json } from '../core/json.ts';
import type { RecordedAnswer, RecordedRequest } from '../core/step.ts';
import type { MapOutcome } from '../engine/run-map.ts';

/** What one call came to. Nothing of it has been written anywhere. */
export interface MapResult {
  /** What the map's outputs say for fields of the record, by field name. */
  readonly fields: Readonly<Record<string, Json>>;
  /** What they say for the context, by key; sensitive values in plain text. */
  readonly context: Readonly<Record<string, Json>>;
  /** What was sent, as people may see it: secrets as dots, the body cut at 64 KiB. */
  readonly request: RecordedRequest | undefined;
  /** What was answered, in the same way. */
  readonly answer: RecordedAnswer | undefined;
  /** The answer's body whole and as it came, after decompression: it may hold secrets. */
  readonly body: Uint8Array | undefined;
  /** What is worth knowing although the call succeeded, such as an output that found nothing. */
  readonly warnings: readonly string[];
}

/**
 * The call failed: `code` says why (`CALL_TIMEOUT`, `CALL_STATUS`, `PARAMETER_SOURCE_MISSING` ...), and `retryable`
 * whether the same call may succeed later. What the outputs marked for failures say is in `result`.
 */
export class MapFailedError extends MapwrightError {
  /** True when it is unknown whether the other side acted: bytes left, and no answer came. */
  readonly inDoubt: boolean;
  /** The status of the answer; undefined when none came. */
  readonly status: number | undefined;
  /** The error code that the other side gave in its answer. */
  readonly remoteCode: string | undefined;
  readonly result: MapResult;

  constructor(failure: NonNullable<MapOutcome['failure']>, result: MapResult) {
    const { code, message, hint } = failure.shown;
    super(code, message, { ...(hint === undefined ? {} : { hint }), retryable: mayPass(failure.kind) });
    this.name = 'MapFailedError';
    this.inDoubt = failure.kind.inDoubt;
    this.status = failure.kind.status;
    this.remoteCode = failure.kind.remoteCode;
    this.result = result;
  }
}

/** The result of a call that succeeded. Throws MapFailedError for one that did not. */
export function resultOf({ failure, ...result }: MapOutcome): MapResult {
  if (failure !== undefined) throw new MapFailedError(failure, result);
  return result;
}

/** Transport failures, 408, 429 and 5xx, as the default error plan has it. */
function mayPass({ cause, status = 0 }: NonNullable<MapOutcome['failure']>['kind']): boolean {
  if (cause === 'network' || cause === 'timeout') return true;
  return cause === 'answer' && (status === 408 || status === 429 || status >= 500);
}
