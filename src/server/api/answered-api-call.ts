import type { Clock } from '../../core/clock.ts';

/** One request of the REST API, for logs and figures: nothing of what it said, and of its path the pattern alone. */
export interface AnsweredApiCall {
  /** By which it is found in the log; also in the answer's header `X-Request-Id`. */
  readonly request: string;
  /** Of HTTP, in capitals; `other` for one that no operation has. */
  readonly method: string;
  /** `/api/v1/runs/{id}`; undefined for a path that there is not. */
  readonly route: string | undefined;
  /** The operation's id in the OpenAPI document; undefined where there is none. */
  readonly operation: string | undefined;
  /** The name of the user or of the token; undefined for a stranger. */
  readonly caller: string | undefined;
  /** Of HTTP. */
  readonly status: number;
  /** Of the problem that was answered; undefined for a success. */
  readonly code: string | undefined;
  /** From the arrival of the request until its answer began: a stream of events goes on long after. */
  readonly durationMs: number;
}

/** What becomes known of a request while it is answered. */
export interface KnownApiCall {
  caller?: string;
  code?: string;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Begins to watch one request; the function it gives makes what is told of it when it has been answered. */
export function watchApiCall(
  clock: Clock,
  call: Pick<AnsweredApiCall, 'request' | 'method' | 'route' | 'operation'>,
): (status: number, known: KnownApiCall) => AnsweredApiCall {
  const startedAt = clock.now();
  const method = METHODS.has(call.method) ? call.method : 'other';
  return (status, { caller, code }) => {
    // Somebody may have set the clock back meanwhile.
    const durationMs = Math.max(0, clock.now() - startedAt);
    return { ...call, method, caller, status, code, durationMs };
  };
}
