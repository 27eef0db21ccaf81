import { z } from '@hono/zod-openapi';
import { MapwrightError, messageOf } from '../../core/error.ts';

/** A failure as it is answered (RFC 9457); `code` is permanent and listed in docs/errors.md. */
export const Problem = z
  .object({
    type: z.string().openapi({ example: 'urn:mapwright:error:RUN_UNKNOWN' }),
    title: z.string().openapi({ example: 'Run unknown' }),
    status: z.int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: 'there is no run 7' }),
    code: z.string().openapi({ example: 'RUN_UNKNOWN' }),
    hint: z.string().optional().openapi({ example: 'GET /api/v1/runs lists those there are' }),
    pointers: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .openapi({ description: 'Which parts of the request are wrong: JSON pointers (RFC 6901) into it.' }),
    request: z.string().openapi({ description: 'The id of the request, as in the header X-Request-Id.' }),
    retryable: z.boolean().openapi({ description: 'The same request may succeed later.' }),
    report: z.unknown().optional().openapi({ description: 'Of documents with errors: what apply found.' }),
  })
  .openapi('Problem');

/** One wrong part of a request. */
export interface WrongPart {
  /** JSON pointer; `/query/limit`, `/body/name`. */
  readonly pointer: string;
  readonly detail: string;
}

/** A failure that knows how it is answered. */
export class ApiRefusal extends MapwrightError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pointers: readonly WrongPart[];
  readonly report: unknown;

  constructor(
    status: number,
    code: string,
    message: string,
    details: {
      readonly hint?: string;
      readonly retryable?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
      readonly pointers?: readonly WrongPart[];
      readonly report?: unknown;
    } = {},
  ) {
    const { hint, retryable } = details;
    super(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(retryable === undefined ? {} : { retryable }),
    });
    this.status = status;
    this.headers = details.headers ?? {};
    this.pointers = details.pointers ?? [];
    this.report = details.report;
  }
}

/** Codes whose status their names do not tell. */
const STATUS: Readonly<Record<string, number>> = {
  DOCUMENTS_CHANGED: 412,
  RUN_NOT_WAITING: 409,
  RUN_REMOVED: 410,
  FILE_GONE: 404,
  BACKUP_RUNNING: 409,
  KEY_ROTATION_RUNNING: 409,
  SECRET_IN_USE: 409,
  GROUP_OWNS_RECORDS: 409,
  IDENTITY_LAST_ADMINISTRATOR: 409,
  IDENTITY_UNIT_HAS_PARTS: 409,
  IDENTITY_UNIT_CYCLE: 409,
};

/** The status of a failure. What a path names and is not there is 404; a wrong name in a body is 422. */
function statusOf(error: MapwrightError, isNamedByPath: boolean): number {
  if (error instanceof ApiRefusal) return error.status;
  const known = STATUS[error.code];
  if (known !== undefined) return known;
  if (error.code.endsWith('_UNKNOWN')) return isNamedByPath ? 404 : 422;
  if (/_(?:EXISTS|CONFLICT)$/u.test(error.code)) return 409;
  return error.retryable ? 503 : 422;
}

/** True of a failure of the database: its message may name hosts and folders, and is for the log. */
export function isOfStore(thrown: unknown): thrown is MapwrightError {
  return thrown instanceof MapwrightError && thrown.code === 'STORE_UNAVAILABLE';
}

/** What callers are told instead of what is for the log. */
function toldOf(thrown: unknown, request: string): MapwrightError {
  const hint = `its log tells more under request ${request}`;
  if (isOfStore(thrown)) {
    const says = thrown.retryable ? 'the database does not do this at the moment' : 'the database cannot do this';
    return new ApiRefusal(503, thrown.code, says, { hint, retryable: thrown.retryable });
  }
  if (thrown instanceof MapwrightError) return thrown;
  return new ApiRefusal(500, 'API_FAILED', 'the server failed', { hint, retryable: true });
}

/** The code that callers are told of it. */
export function problemCode(thrown: unknown): string {
  return toldOf(thrown, '').code;
}

/** Anything that was thrown, as an answer. Of a fault of the program or its database nothing is told but the request's id. */
export function problemResponse(thrown: unknown, params: { request: string; isNamedByPath: boolean }): Response {
  const error = toldOf(thrown, params.request);
  const status = statusOf(error, params.isNamedByPath);
  const refusal = error instanceof ApiRefusal ? error : undefined;
  const body: z.infer<typeof Problem> = {
    type: `urn:mapwright:error:${error.code}`,
    title: titleOf(error.code),
    status,
    detail: messageOf(error),
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(refusal === undefined || refusal.pointers.length === 0 ? {} : { pointers: [...refusal.pointers] }),
    request: params.request,
    retryable: error.retryable,
    ...(refusal?.report === undefined ? {} : { report: refusal.report }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...refusal?.headers },
  });
}

function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
