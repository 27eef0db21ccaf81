/** One request of the web service, for logs and figures: nothing of what it said but the operation. */
export interface AnsweredCall {
  /** By which it is found in the log; also in the answer's header `X-Request-Id`. */
  readonly request: string;
  /** In lower case; undefined when it named none, or one that there is not. */
  readonly operation: string | undefined;
  /** The name of the user whose session or login it was. */
  readonly user: string | undefined;
  /** Of HTTP. */
  readonly status: number;
  /** The code of the protocol's error; undefined for a success. */
  readonly code: string | undefined;
  readonly durationMs: number;
}

const GIVEN_ID = /^[A-Za-z0-9._:-]{1,64}$/u;

/** What a proxy before the server, or the client, calls the request, when that is fit for a log; else a new id. */
export function requestId(given: string | null, ids: { next(): string }): string {
  return given !== null && GIVEN_ID.test(given) ? given : ids.next();
}
