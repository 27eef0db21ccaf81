import { messageOf, MapwrightError } from '../../core/error.ts';
import { createRedactor } from '../redactor.ts';
import { TokenError } from './token-error.ts';

/** The error, with dots for the secrets that the other side may have sent back in its words. */
export function maskedError(thrown: unknown, secrets: readonly string[]): Error {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  if (thrown instanceof TokenError) return thrown.masked((text) => redactor.redact(text));
  if (thrown instanceof MapwrightError) return thrown;
  return new Error(redactor.redact(messageOf(thrown)), { cause: thrown });
}
