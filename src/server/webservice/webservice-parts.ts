import type { FailureReport } from './failure-response.ts';
import { createLoginThrottle } from './login-throttle.ts';
import type { LoginThrottleLimits } from './login-throttle.ts';
import type { OperationParts } from './operation.ts';

/** What requests are bounded by. */
export interface WebserviceLimits {
  readonly maxBodyBytes: number;
  readonly login: LoginThrottleLimits;
}

/** What the web service is made of. `log` gets the failures that clients are told nothing about. */
export interface WebserviceParts extends Omit<OperationParts, 'throttle' | 'maxBodyBytes'>, FailureReport {
  readonly limits?: Partial<WebserviceLimits>;
}

const DEFAULT_LIMITS: WebserviceLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  login: { failures: 10, windowMs: 5 * 60_000, remembered: 10_000 },
};

/** What operations work on, with what is made once for all of them. */
export function operationPartsOf(parts: WebserviceParts): OperationParts & FailureReport {
  const { maxBodyBytes, login } = { ...DEFAULT_LIMITS, ...parts.limits };
  return { ...parts, throttle: createLoginThrottle(parts.clock, login), maxBodyBytes };
}
