import type { Json } from '../../core/json.ts';
import { phpJson } from './php-json.ts';

/** What an operation gives. */
export interface OperationAnswer {
  readonly result: Json;
  /** Said besides the result: a query's `totalrows`. */
  readonly moreinfo?: Json;
}

/** `{"success":true,"result":...,"moreinfo":...}`. */
export function successResponse(answer: OperationAnswer): Response {
  return envelope(200, { success: true, result: answer.result, moreinfo: answer.moreinfo ?? null });
}

/** `{"success":false,"error":{"message":...,"code":...},"moreinfo":null}`; a protocol error has the status 200. */
export function errorResponse(error: { readonly code: string; readonly message: string }, status = 200): Response {
  const { message, code } = error;
  return envelope(status, { success: false, error: { message, code }, moreinfo: null });
}

function envelope(status: number, body: Json): Response {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return new Response(phpJson(body), { status, headers });
}
