import type { Json, JsonObject } from '../../core/json.ts';
import { phpJson } from './php-json.ts';

/** What an operation gives. */
export interface OperationAnswer {
  readonly result: Json;
  /** Said besides the result: a query's `totalrows`. */
  readonly moreinfo?: Json;
  /** True: no success, but no error either: the result tells what failed. */
  readonly failed?: boolean;
  /** A session opened by the operation, to be kept in a cookie too. */
  readonly openedSession?: string;
}

/** `{"success":true,"result":...,"moreinfo":...}`. */
export function answerEnvelope({ result, moreinfo = null, failed = false }: OperationAnswer): JsonObject {
  return { success: !failed, result, moreinfo };
}

/** The answer of an operation; see `answerEnvelope`. */
export function successResponse(answer: OperationAnswer): Response {
  return envelope(200, answerEnvelope(answer));
}

/** See `errorEnvelope`; a protocol error has the status 200. */
export function errorResponse(error: { readonly code: string; readonly message: string }, status = 200): Response {
  return envelope(status, errorEnvelope(error));
}

/** `{"success":false,"error":{"message":...,"code":...},"moreinfo":null}`. */
export function errorEnvelope({ message, code }: { readonly code: string; readonly message: string }): JsonObject {
  return { success: false, error: { message, code }, moreinfo: null };
}

function envelope(status: number, body: Json): Response {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return new Response(phpJson(body), { status, headers });
}
