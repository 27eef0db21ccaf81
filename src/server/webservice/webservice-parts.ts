import type { Tracer } from '../../core/trace.ts';
import type { AnsweredCall } from './answered-call.ts';
import type { FailureReport } from './failure-response.ts';
import type { AttemptStore } from '../../core/attempts.ts';
import { createLoginThrottle, type LoginThrottleLimits } from '../throttle/login-throttle.ts';
import { createMemoryAttempts } from '../throttle/memory-attempts.ts';
import type { OperationParts } from './operation.ts';

/** What requests are bounded by. */
export interface WebserviceLimits {
  readonly maxBodyBytes: number;
  readonly login: LoginThrottleLimits;
}

/** What the web service is made of. `log` gets the failures that clients are told nothing about. */
export interface WebserviceParts extends Omit<OperationParts, 'throttle' | 'maxBodyBytes'>, FailureReport {
  readonly limits?: Partial<WebserviceLimits>;
  /** Counts logins for all nodes; left out: each process counts for itself. */
  readonly attempts?: AttemptStore | undefined;
  /** Proxies in front of the server that name the caller's address in X-Forwarded-For; none when left out. */
  readonly proxies?: number | undefined;
  /** Told of each request that was answered. */
  readonly onAnswered?: ((call: AnsweredCall) => void) | undefined;
  /** Carries a client's `traceparent` to what its request starts. */
  readonly tracer?: Tracer | undefined;
}

const DEFAULT_LIMITS: WebserviceLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  login: { windowMs: 5 * 60_000, pair: 10, address: 60 },
};

/** What operations work on, with what is made once for all of them. */
export function operationPartsOf(
  parts: WebserviceParts,
): OperationParts & FailureReport & Pick<WebserviceParts, 'onAnswered' | 'proxies'> {
  const { maxBodyBytes, login } = { ...DEFAULT_LIMITS, ...parts.limits };
  const { attempts = createMemoryAttempts(), clock } = parts;
  const throttle = createLoginThrottle({ attempts, clock, name: 'webservice', limits: login });
  return { ...parts, throttle, maxBodyBytes };
}
