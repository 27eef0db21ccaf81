import type { AttemptStore } from '../../core/attempts.ts';
import type { Caller } from '../../core/access.ts';
import type { Clock, Ids } from '../../core/clock.ts';
import type { EngineEvent } from '../../engine/engine-event.ts';
import type { Access } from '../../runtime/access/access.ts';
import type { Administration } from '../../runtime/administration.ts';
import type { AnsweredApiCall } from './answered-api-call.ts';

/** What the API works on. */
export interface ApiParts {
  readonly administrationFor: (caller: Caller) => Administration;
  readonly access: Access;
  /** Counts logins and requests for all nodes; left out: each process counts for itself. */
  readonly attempts?: AttemptStore | undefined;
  /** Tells what happens from now on, until the function it gives is called. */
  readonly listen: (listener: (event: EngineEvent) => void) => () => void;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly version: string;
  /** Aborted when the server stops: streams end then, so that nobody has to wait for them. */
  readonly stopping?: AbortSignal;
  /** Told of failures that are nobody's mistake. */
  readonly log: (failure: { readonly id: string; readonly operation: string; readonly error: unknown }) => void;
  /** Told of each request, when its answer begins. */
  readonly onAnswered?: (call: AnsweredApiCall) => void;
  readonly limits?: Partial<ApiLimits>;
}

/** Bounds of the API. */
export interface ApiLimits {
  /** Requests that one caller may make in a minute. */
  readonly requestsPerMinute: number;
  /** The same for an address from which nobody is logged in. */
  readonly strangersPerMinute: number;
  /** Of a body, in bytes. */
  readonly bodyBytes: number;
  /** Of a body that carries documents. */
  readonly documentBytes: number;
  /** Of a file, in bytes. */
  readonly fileBytes: number;
  /** Bodies larger than `bodyBytes` that one caller may have under way: each is held in memory whole. */
  readonly largeBodies: number;
  /** Streams of events that one caller may have open. */
  readonly streams: number;
  /** Proxies in front of this server that name the address of the caller in X-Forwarded-For. */
  readonly proxies: number;
}

/** What holds when nothing else is said. */
export const DEFAULT_LIMITS: ApiLimits = {
  requestsPerMinute: 1_200,
  strangersPerMinute: 60,
  bodyBytes: 1024 * 1024,
  documentBytes: 64 * 1024 * 1024,
  fileBytes: 8 * 1024 * 1024 * 1024,
  largeBodies: 2,
  streams: 8,
  proxies: 0,
};
