import type { Ids } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import { errorResponse } from './protocol-answer.ts';
import { RequestRefusal } from './request-refusal.ts';

/** A failure nobody foresaw; the client was told its id only. */
export interface UnexpectedFailure {
  readonly id: string;
  readonly operation: string | undefined;
  readonly error: unknown;
}

/** Where unexpected failures are reported to. */
export interface FailureReport {
  readonly ids: Ids;
  readonly log?: (failure: UnexpectedFailure) => void;
}

/** Codes of failures that clients are told as they are; every other one is internal. */
const PROTOCOL_CODES = new Set([
  'ACCESS_DENIED',
  'AUTHENTICATION_REQUIRED',
  'DUPLICATE_REQUEST_IDENTIFIER',
  'INVALID_AUTH_TOKEN',
  'INVALID_BUSINESSMAP',
  'INVALID_ID_ATTRIBUTE',
  'INVALID_MODULE',
  'INVALID_PARAMETER',
  'INVALID_USER_CREDENTIALS',
  'MANDATORY_FIELDS_MISSING',
  'OPERATION_NOT_SUPPORTED',
  'QUERY_SYNTAX_ERROR',
  'RECORD_AMBIGUOUS',
  'RECORD_INVALID',
  'RECORD_NOT_FOUND',
  'REFERENCE_INVALID',
  'SEARCH_VALUE_NOT_PROVIDED',
  'UNKNOWN_OPERATION',
  'WORKFLOW_TASK_FAILED',
]);

/** True when clients are told of a failure with this code as it is. */
export function isProtocolCode(code: string): boolean {
  return PROTOCOL_CODES.has(code);
}

/**
 * The answer to a request that failed: a protocol error (200), a plain refusal, or INTERNAL_SERVER_ERROR with an id
 * that the log explains: 503 when trying again may help, else 500, so that a sender can tell it from an answer.
 */
export function failureResponse(report: FailureReport, operation: string | undefined, error: unknown): Response {
  if (error instanceof RequestRefusal) return refusalResponse(error);
  const told = toldFailure(report, operation, error);
  if (told.code !== INTERNAL) return errorResponse(told);
  return errorResponse(told, error instanceof MapwrightError && error.retryable ? 503 : 500);
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';

/** The code that a client is told for a failure. */
export function toldCode(error: unknown): string {
  if (error instanceof RequestRefusal) return error.code;
  return error instanceof MapwrightError && PROTOCOL_CODES.has(error.code) ? error.code : INTERNAL;
}

/** What a client is told of a failure; the log is told what the client is not. */
export function toldFailure(
  report: FailureReport,
  operation: string | undefined,
  error: unknown,
): { readonly code: string; readonly message: string } {
  if (error instanceof MapwrightError && PROTOCOL_CODES.has(error.code)) return error;
  const id = report.ids.next();
  report.log?.({ id, operation, error });
  return { code: INTERNAL, message: `The request could not be answered; the log tells more about ${id}` };
}

function refusalResponse(refusal: RequestRefusal): Response {
  const { status, code, message, headers } = refusal;
  return new Response(`${code}: ${message}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  });
}
