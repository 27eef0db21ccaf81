import { messageOf, MapwrightError } from '../../core/error.ts';
import { createRedactor } from '../redactor.ts';
import { TokenError } from './token-error.ts';
import type { SecretsOfRequest } from './token-request.ts';

/** What a request for a token has to hide: these to begin with. */
export function secretsOfRequest(known: readonly (string | undefined)[]): SecretsOfRequest {
  const redactor = createRedactor();
  for (const secret of known) if (secret !== undefined) redactor.add(secret);
  return redactor;
}

/** The error, with dots for the secrets that the other side may have sent back in its words. */
export function maskedError(thrown: unknown, secrets: SecretsOfRequest): Error {
  if (thrown instanceof TokenError) return thrown.masked((text) => secrets.redact(text));
  if (thrown instanceof MapwrightError) return thrown;
  return new Error(secrets.redact(messageOf(thrown)), { cause: thrown });
}
